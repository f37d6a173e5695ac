import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { History } from '../../../src/engine/ports/history.ts';
import { type Sql, startSql } from '../../../src/local/sql.ts';
import { createSqlHistory } from '../../../src/store/sql/history.ts';
import { silent } from '../../support/silent.ts';
import { query } from './stores.ts';

const LEADS = 10_000;
const BATCH = 1_000;

let folder: string;
let sql: Sql;
let history: History;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-plan-'));
  sql = await startSql({ folder });
  history = await createSqlHistory({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  const settings = `'{"name":"x"}'`;
  await query(sql.url, `insert into callwright.campaigns values ('c1', 'running', ${settings}, 1)`);
  for (let from = 0; from < LEADS; from += BATCH) await history.addLeads('c1', batch(from));
});
afterAll(async () => {
  await history.close();
  await sql.stop();
  rmSync(folder, { recursive: true, force: true });
});

const batch = (from: number) =>
  Array.from({ length: BATCH }, (_lead, n) => ({
    id: `lead-${String(from + n).padStart(9, '0')}`,
    number: `+35840${1_000_000 + from + n}`,
    name: null,
    fields: {},
    externalId: `x${from + n}`,
    digest: 'same',
    priority: n % 10,
  }));

/** Rows of leads that the database has looked at since it started, by reading the whole table or by an index. */
async function read(): Promise<{ whole: number; byIndex: number }> {
  await query(sql.url, 'select pg_stat_force_next_flush()');
  const [row] = await query(
    sql.url,
    `select seq_tup_read::int as whole, idx_tup_fetch::int as "byIndex"
     from pg_stat_user_tables where schemaname = 'callwright' and relname = 'leads'`,
  );
  return row as { whole: number; byIndex: number };
}

const claim = { campaignId: 'c1', count: 10, owner: 'me', now: 1, leaseUntil: 2 };

it('claims by reading about as many leads as it takes, however many there are', async () => {
  await history.setCallback('lead-000000500', { at: 1, agentId: null });
  const before = await read();
  for (let nth = 0; nth < 20; nth += 1) expect(await history.claimLeads(claim)).toHaveLength(10);
  const after = await read();
  expect(after.whole - before.whole).toBe(0);
  // Each is found, locked and written; ranks are looked up besides.
  expect(after.byIndex - before.byIndex).toBeGreaterThan(200);
  expect(after.byIndex - before.byIndex).toBeLessThan(20 * 10 * 4);
});

it('takes the same list again without reading the campaign for every batch', async () => {
  const before = await read();
  expect(await history.addLeads('c1', batch(3_000))).toMatchObject({ added: 0, updated: 0, duplicates: BATCH });
  const after = await read();
  expect(after.whole - before.whole).toBe(0);
  expect(after.byIndex - before.byIndex).toBeLessThan(BATCH * 4);
});

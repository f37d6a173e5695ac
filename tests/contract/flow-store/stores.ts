import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowStore } from '../../../src/engine/ports/flow-store.ts';
import { startSql } from '../../../src/local/sql.ts';
import { createSqlStores, type SqlStores } from '../../../src/store/sql/stores.ts';
import { createMemoryFlowStore } from '../../support/memory-flow-store.ts';
import { silent } from '../../support/silent.ts';
import { query } from '../history/stores.ts';

/** An implementation of the flow store, as the contract suite uses it. */
export interface Store {
  /** An empty one. */
  fresh(): Promise<FlowStore>;
  /** Another door to the same store, as a second process has it; null where there is none. */
  second(): Promise<FlowStore | null>;
  /** Rows of all tables together, or null where there are no tables to count. */
  rows(): Promise<number | null>;
  stop(): Promise<void>;
}

const TABLES = [
  'activations',
  'releases',
  'caller_memory',
  'pins',
  'voicemails',
  'recordings',
  'outside_legs',
  'callbacks',
].map((table) => `callwright.${table}`);
const EMPTY = `truncate ${TABLES.join(', ')}`;
const COUNT = `select ${TABLES.map((table) => `(select count(*) from ${table})`).join(' + ')} as rows`;

const counted = async (url: string): Promise<number> => {
  const [row] = (await query(url, COUNT)) as readonly { readonly rows: string }[];
  return Number(row?.rows);
};

async function memoryStore(): Promise<Store> {
  const none = async () => null;
  return { fresh: async () => createMemoryFlowStore(), second: none, rows: none, stop: async () => undefined };
}

/** The embedded store, in its own process, on a folder that goes away with the suite. It takes one connection at a time. */
async function embeddedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-flows-'));
  const sql = await startSql({ folder });
  const open = () => createSqlStores({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  let stores: SqlStores | undefined = await open();
  const close = async () => {
    await stores?.history.close();
    stores = undefined;
  };
  return {
    fresh: async () => {
      await close();
      await query(sql.url, EMPTY);
      stores = await open();
      return stores.flows;
    },
    second: async () => null,
    rows: async () => {
      await close();
      return counted(sql.url);
    },
    stop: async () => {
      await close();
      await sql.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server; the suite makes a database of its own there and drops it at the end. */
async function serverStore(url: string): Promise<Store> {
  const name = `callwright_flows_${randomBytes(4).toString('hex')}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  await query(url, `create database ${name}`);
  const opened: SqlStores[] = [];
  const open = async () => {
    const stores = await createSqlStores({ databaseUrl: own.href, log: silent });
    opened.push(stores);
    return stores.flows;
  };
  return {
    fresh: async () => {
      const flows = await open();
      await query(own.href, EMPTY);
      return flows;
    },
    second: open,
    rows: () => counted(own.href),
    stop: async () => {
      for (const { history } of opened) await history.close();
      await query(url, `drop database ${name} with (force)`);
    },
  };
}

const server = process.env['DATABASE_URL'];

/** Every implementation there is here. */
export const STORES: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', memoryStore],
  ['embedded SQL', embeddedStore],
  ...(server ? [['the server of DATABASE_URL', () => serverStore(server)] as const] : []),
];

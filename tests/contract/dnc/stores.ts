import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DncStore } from '../../../src/engine/ports/dnc.ts';
import { startSql } from '../../../src/local/sql.ts';
import { createSqlStores, type SqlStores } from '../../../src/store/sql/stores.ts';
import { createMemoryDncStore } from '../../support/memory-dnc-store.ts';
import { silent } from '../../support/silent.ts';
import { query } from '../history/stores.ts';

/** An implementation of the do-not-call store, as the contract suite uses it. */
export interface Store {
  /** An empty one. */
  fresh(): Promise<DncStore>;
  stop(): Promise<void>;
}

const TABLES = ['dnc_entries', 'dnc_parts', 'dnc_versions', 'dnc_lists', 'dnc_salt'];
const EMPTY = `truncate ${TABLES.map((table) => `callwright.${table}`).join(', ')}`;

const memoryStore = async (): Promise<Store> => ({
  fresh: async () => createMemoryDncStore(),
  stop: async () => undefined,
});

/** The embedded store, in its own process, on a folder that goes away with the suite. It takes one connection at a time. */
async function embeddedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-dnc-'));
  const sql = await startSql({ folder });
  const open = () => createSqlStores({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  let stores: SqlStores | null = await open();
  const close = async () => {
    await stores?.history.close();
    stores = null;
  };
  return {
    fresh: async () => {
      await close();
      await query(sql.url, EMPTY);
      stores = await open();
      return stores.dnc;
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
  const name = `callwright_dnc_${process.pid}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  await query(url, `create database ${name}`);
  const stores = await createSqlStores({ databaseUrl: own.href, log: silent });
  return {
    fresh: async () => {
      await query(own.href, EMPTY);
      return stores.dnc;
    },
    stop: async () => {
      await stores.history.close();
      await query(url, `drop database ${name} with (force)`);
    },
  };
}

const server = process.env['DATABASE_URL'];

export const STORES: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', memoryStore],
  ['the embedded SQL store', embeddedStore],
  ...(server === undefined ? [] : [['a server', () => serverStore(server)] as const]),
];

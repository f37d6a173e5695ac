import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { History } from '../../../src/engine/ports/history.ts';
import { startSql } from '../../../src/local/sql.ts';
import { createSqlHistory } from '../../../src/store/sql/history.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { postgresPrograms, startPostgres } from '../../support/postgres.ts';
import { silent } from '../../support/silent.ts';

/** An implementation of the history port, as the contract suite uses it. */
export interface Store {
  /** An empty history. */
  fresh(): Promise<History>;
  /** Another door to the same history, as a second process has it; null where there is none. */
  second(): Promise<History | null>;
  stop(): Promise<void>;
}

const TABLES = [
  'calls',
  'agents',
  'tokens',
  'imported_figures',
  'attempts',
  'lead_numbers',
  'lead_lists',
  'leads',
  'campaigns',
  'decisions',
  'evidence',
  'answered',
].map((table) => `callwright.${table}`);

async function memoryStore(): Promise<Store> {
  return { fresh: async () => createMemoryHistory(), second: async () => null, stop: async () => undefined };
}

/** The embedded store, in its own process, on a folder that goes away with the suite. */
async function embeddedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-history-'));
  const sql = await startSql({ folder });
  // One connection is all it takes, so a second process is none of its cases.
  const history = await createSqlHistory({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  await history.close();
  let open: History | undefined;
  return {
    fresh: async () => {
      await open?.close();
      await query(sql.url, `truncate ${TABLES.join(', ')}`);
      open = await createSqlHistory({ databaseUrl: sql.url, log: silent, poolMax: 1 });
      return open;
    },
    second: async () => null,
    stop: async () => {
      await open?.close();
      await sql.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let databases = 0;

/** A server; the suite makes a database of its own there and drops it at the end. */
async function serverStore(url: string): Promise<Store> {
  const name = `callwright_contract_${process.pid}_${(databases += 1)}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  await query(url, `create database ${name}`);
  const opened: History[] = [];
  const open = async () => {
    const history = await createSqlHistory({ databaseUrl: own.href, log: silent });
    opened.push(history);
    return history;
  };
  return {
    fresh: async () => {
      const history = await open();
      await query(own.href, `truncate ${TABLES.join(', ')}`);
      return history;
    },
    second: open,
    stop: async () => {
      for (const history of opened) await history.close();
      await query(url, `drop database ${name} with (force)`);
    },
  };
}

export async function query(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function privateServerStore(programs: string): Promise<Store> {
  const server = await startPostgres(programs);
  const store = await serverStore(server.url);
  return {
    ...store,
    stop: async () => {
      await store.stop();
      await server.stop();
    },
  };
}

type Choice = readonly [string, () => Promise<Store>];

const url = process.env['DATABASE_URL'];
const programs = postgresPrograms();

/** Real servers, to which two processes can connect: that of DATABASE_URL, or one of the machine's own PostgreSQL. */
const SERVERS: readonly Choice[] = url
  ? [['the server of DATABASE_URL', () => serverStore(url)]]
  : programs
    ? [['a PostgreSQL server', () => privateServerStore(programs)]]
    : [];

/** Every implementation that can run here. */
export const STORES: readonly Choice[] = [['memory', memoryStore], ['embedded SQL', embeddedStore], ...SERVERS];

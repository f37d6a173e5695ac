import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSql } from '../../src/local/sql.ts';
import { createSqlStores, type SqlStores } from '../../src/store/sql/stores.ts';
import { query } from '../contract/history/stores.ts';
import { silent } from './silent.ts';

/** One part of the embedded store, as a contract suite uses it. */
export interface SqlPart<T> {
  /** With these tables empty. */
  fresh(): Promise<T>;
  stop(): Promise<void>;
}

/** The embedded store in its own process, on a folder that goes away with the suite. */
export async function embeddedSql<T>(tables: string, part: (stores: SqlStores) => T): Promise<SqlPart<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-sql-'));
  const sql = await startSql({ folder });
  const open = () => createSqlStores({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  let stores = await open();
  return {
    fresh: async () => {
      await stores.history.close(); // it takes one connection
      await query(sql.url, `truncate ${tables}`);
      stores = await open();
      return part(stores);
    },
    stop: async () => {
      await stores.history.close();
      await sql.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

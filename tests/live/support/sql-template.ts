import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../../src/local/debian.ts';
import { startSql } from '../../../src/local/sql.ts';

/**
 * Puts an empty embedded SQL store into a new data folder. Making one takes six seconds and copying it none, so it is made
 * once for each version of the store and kept beside the other downloads.
 */
export async function layOutSql(dataFolder: string): Promise<void> {
  const cache = cacheFolder(process.env);
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as { version: string };
  const template = join(cache, `empty-sql-${version}`);
  if (!existsSync(template)) {
    const fresh = mkdtempSync(join(cache, 'new-sql-'));
    await (await startSql({ folder: fresh })).stop();
    rmSync(join(fresh, 'run'), { recursive: true, force: true });
    renameSync(fresh, template);
  }
  cpSync(template, join(dataFolder, 'sql'), { recursive: true });
}

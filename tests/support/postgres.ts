import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server of the machine's own programs, on a folder that goes away with it. */
export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** It refuses to run as root; as nobody it may. */
const NOBODY = 65_534;
const READY_WITHIN_MS = 30_000;

/** Where Debian keeps `initdb` and `postgres` of each version, and then the path; undefined: they are not installed. */
export function postgresPrograms(): string | undefined {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(home, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Serves a Unix socket alone. Loses what it was told when the machine goes down, for it is quicker so. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'cw-pg-'));
  const isRoot = process.getuid?.() === 0;
  const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'callwright', '-A', 'trust', '-N', '-E', 'UTF8'],
    {
      ...who,
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const settings = ['fsync=off', 'full_page_writes=off', 'listen_addresses=', `unix_socket_directories=${folder}`];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(join(programs, 'postgres'), args, { ...who, cwd: folder, stdio: 'ignore' });
  const gone = new Promise<void>((done) => void child.once('close', () => done()));
  const url = `postgres://callwright@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const stop = async () => {
    child.kill('SIGINT');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const limit = performance.now() + READY_WITHIN_MS; performance.now() < limit; await pause(50)) {
    if (await answers(url)) return { url, stop };
  }
  await stop();
  throw new Error('PostgreSQL did not start');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalFault } from './fault.ts';
import { privateFolder, socketFolder } from './private-folder.ts';

export interface Sql {
  /**
   * Address of the store: a Unix socket in a folder that only its owner may enter, since the store asks for no password.
   * Use one connection: the socket server lets the statements of two clients mix when one is longer than a packet.
   */
  readonly url: string;
  /** The store's own process. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Making a new database takes some 6 s on a slow machine. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;

/**
 * Starts the embedded store (Postgres dialect) on the data folder. Its process ends with this one, however this one ends.
 *
 * @throws LocalFault when it does not come up.
 */
export async function startSql(options: { readonly folder: string }): Promise<Sql> {
  const folder = privateFolder(options.folder);
  const sockets = socketFolder(folder);
  const logFile = join(folder, 'output.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = fork(
    join(import.meta.dirname, 'sql-child.ts'),
    [join(folder, 'data'), join(sockets, '.s.PGSQL.5432')],
    {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: [],
    },
  );
  closeSync(log);
  if (!(await isReady(child))) {
    child.kill('SIGKILL');
    const words = readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' / ');
    throw new LocalFault('start-failed', `The embedded SQL store did not start (${words}); its data is in ${folder}.`);
  }
  child.unref();
  child.channel?.unref();
  return {
    url: `postgres://callwright@/postgres?host=${encodeURIComponent(sockets)}`,
    pid: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function isReady(child: ChildProcess): Promise<boolean> {
  const limit = AbortSignal.timeout(READY_WITHIN_MS);
  const ready = once(child, 'message', { signal: limit }).then(() => true);
  const ended = once(child, 'exit', { signal: limit }).then(() => false);
  return Promise.race([ready, ended]).catch(() => false);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.ref();
  if (child.connected) child.disconnect();
  const bound = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(bound);
}

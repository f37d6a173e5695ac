import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { SETTINGS } from '../../src/config/settings.ts';
import { type Asterisk, type AsteriskOptions, startAsterisk } from '../../src/local/asterisk.ts';
import { ensure, type Progress } from '../../src/local/debian.ts';
import { startRedis } from '../../src/local/redis.ts';
import { leftRunning } from '../../src/local/server-process.ts';
import { PACKAGES } from '../../src/local/stack.ts';
import { childRunning } from './proc.ts';

/** What answers the calls. */
export type Responder = 'callwright' | 'bare';

/** One Asterisk with two applications on it: Callwright as `npm start` runs it, and the bare responder. */
export interface House {
  readonly root: string;
  readonly folder: string;
  /** Asterisk's HTTP server, with user and password. */
  readonly ari: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly api: { readonly url: string; readonly token: string };
  /** Process ids; each part is a process of its own, so that its CPU time is. */
  readonly pids: Readonly<Record<Responder | 'asterisk' | 'redis' | 'sql', number>>;
}

/** What a bench calls. */
interface Scene {
  /** Folder of flow and site files. */
  readonly site: string;
  readonly sounds: string;
  /** Dialplan besides the product's own. */
  readonly dialplan: string;
  /** What else this Asterisk is to have. */
  readonly asterisk?: Pick<AsteriskOptions, 'phones' | 'trunks' | 'rtp'>;
  /** Settings of Callwright that the bench needs. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Opening extends Scene {
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** What was started says here how it is ended; in the order of starting. */
  readonly closers: (() => Promise<unknown>)[];
}

const BENCH = resolve(import.meta.dirname, '..');
const PASSWORD = 'only-on-loopback';

/** @throws LocalFault in one sentence when a part does not come up; what was started has its closer by then. */
export async function openHouse(opening: Opening): Promise<House> {
  const { folder, progress, signal, closers } = opening;
  const { root } = await ensure({ packages: PACKAGES, progress, signal });
  progress({ text: 'starting Asterisk and Redis' });
  const asterisk = await startAsterisk({
    root,
    folder: join(folder, 'asterisk'),
    ports: { sip: 0, http: 0 },
    ari: { user: 'callwright', password: PASSWORD },
    dialplans: [join(BENCH, '../dialplans/asterisk/extensions.conf'), opening.dialplan],
    ...opening.asterisk,
  });
  closers.push(() => asterisk.stop());
  const redis = await startRedis({ root, folder: join(folder, 'redis'), port: 0, password: PASSWORD });
  closers.push(() => redis.stop());
  signal.throwIfAborted();
  progress({ text: 'starting Callwright and the bare responder' });
  const bare = await startBare(asterisk, closers);
  const callwright = await startCallwright({ ASTERISK_URL: asterisk.url, REDIS_URL: redis.url }, opening);
  signal.throwIfAborted();
  return {
    root,
    folder,
    ari: asterisk.url,
    sip: asterisk.sipAddress,
    api: { url: callwright.api, token: callwright.adminToken },
    pids: {
      asterisk: leftRunning(join(folder, 'asterisk'))?.process.pid ?? 0,
      redis: leftRunning(join(folder, 'redis'))?.process.pid ?? 0,
      bare,
      callwright: callwright.pid,
      sql: childRunning(callwright.pid, 'sql-child.ts'),
    },
  };
}

async function startBare({ url }: Asterisk, closers: Opening['closers']): Promise<number> {
  const child = fork(join(BENCH, 'bare.ts'), [url, 'bare'], { execArgv: [], detached: true });
  closers.push(() => ended(child));
  await Promise.race([once(child, 'message'), failure(child, 'The bare responder')]);
  return child.pid ?? 0;
}

const readyLine = z.object({ api: z.string(), adminToken: z.string() });

/** As `npm start` runs it, the SQL store as its child. Settings of whoever runs the bench do not count here. */
async function startCallwright(servers: Readonly<Record<string, string>>, opening: Opening) {
  const { folder, site, sounds, settings, closers } = opening;
  const { CALLWRIGHT_CACHE, CALLWRIGHT_DEBIAN_MIRROR } = process.env;
  const child = spawn(process.execPath, [join(BENCH, '../src/local/bootstrap.mjs'), 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in SETTINGS))),
      ...servers,
      CALLWRIGHT_CACHE,
      CALLWRIGHT_DEBIAN_MIRROR,
      CALLWRIGHT_DATA: join(folder, 'callwright'),
      CALLWRIGHT_FLOWS: site,
      CALLWRIGHT_SOUNDS: sounds,
      CALLWRIGHT_HTTP_PORT: '0',
      ...settings,
    },
  });
  closers.push(() => ended(child));
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text));
  const said = await Promise.race([line, failure(child, 'Callwright')]);
  return { ...readyLine.parse(JSON.parse(said)), pid: childRunning(child.pid ?? 0, 'src/cli/main.ts') };
}

const failure = (child: ChildProcess, who: string): Promise<never> =>
  once(child, 'exit').then(([code]) => Promise.reject(new Error(`${who} ended with ${String(code)}`)));

/** The children have process groups of their own, so that a Ctrl-C reaches this process only, and it ends them in order. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

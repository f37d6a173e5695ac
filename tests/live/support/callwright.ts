import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../../..');
export const SOUNDS = join(ROOT, 'tests/live/sounds');

const ReadyLine = z.object({
  ready: z.literal(true),
  api: z.string(),
  adminToken: z.string().nullable(),
  sip: z.object({ port: z.number() }).nullable(),
});

export interface CallwrightPlace {
  /** What it is told of its switch. */
  readonly switchEnv: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  /** Its own folder, with the embedded SQL store in it. */
  readonly data: string;
  /** Folder of its flow and site files. */
  readonly flows: string;
  /** What its flows may read as `${env.<NAME>}`. */
  readonly flowEnv: Readonly<Record<string, string>>;
}

/** Callwright in a process of its own, as `callwright start` runs it. */
export interface CallwrightProcess {
  readonly data: string;
  readonly apiUrl: string;
  /** Told at the very first start only. */
  readonly adminToken: string | null;
  /** Of its private Asterisk; null: it has none. */
  readonly sipPort: number | null;
  /** Ends it by this signal; answers its exit code, null when the signal itself ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  log(): string;
}

/** @throws Error with what it said when it ends before it serves. */
export async function startCallwright(place: CallwrightPlace): Promise<CallwrightProcess> {
  const { switchEnv, redisUrl, data, flows, flowEnv } = place;
  const { PATH, HOME, CALLWRIGHT_CACHE, XDG_CACHE_HOME, CALLWRIGHT_DEBIAN_MIRROR } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME,
      CALLWRIGHT_CACHE,
      XDG_CACHE_HOME,
      CALLWRIGHT_DEBIAN_MIRROR,
      ...switchEnv,
      REDIS_URL: redisUrl,
      CALLWRIGHT_DATA: data,
      CALLWRIGHT_QUEUE_LOG: join(data, 'queue_log'),
      CALLWRIGHT_FLOWS: flows,
      CALLWRIGHT_SOUNDS: SOUNDS,
      CALLWRIGHT_HTTP_PORT: '0',
      CALLWRIGHT_LOG: 'debug',
      ...Object.fromEntries(Object.entries(flowEnv).map(([name, value]) => [`CALLWRIGHT_FLOW_${name}`, value])),
    },
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const { api, adminToken, sip } = ReadyLine.parse(JSON.parse(await readyLine(child, exited)));
  const logFile = join(data, 'callwright.log');
  return {
    data,
    apiUrl: api,
    adminToken,
    sipPort: sip?.port ?? null,
    end: async (signal) => {
      child.kill(signal);
      return exited;
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
  };
}

async function readyLine(child: ChildProcess, exited: Promise<number | null>): Promise<string> {
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  if (!child.stdout) throw new Error('no pipe to Callwright');
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text));
  const ended = exited.then((code) => Promise.reject(new Error(`Callwright ended with ${code}: ${complaints}`)));
  return Promise.race([line, ended]);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../../src/local/ports.ts';
import { programOf } from '../../src/local/unpacked.ts';
import { type Complaints, complaints, counts, setupTimes, type Tally } from './sipp-files.ts';

export interface Calling {
  /** The unpacked tree, and a folder for SIPp's files. */
  readonly root: string;
  readonly folder: string;
  readonly to: string;
  readonly at: { readonly host: string; readonly port: number };
  /** Calls begun a second, whether or not earlier ones have ended, and how many in all. */
  readonly perSecond: number;
  readonly calls: number;
  /** Hang up by themselves after so long; without it the other side does. */
  readonly stayMs?: number;
  readonly signal: AbortSignal;
}

export interface Called extends Tally {
  /** Of each answered call: from its INVITE to the 200 OK, as the caller sees it. */
  readonly setupMs: readonly number[];
  /** Why calls failed. */
  readonly why: Complaints;
}

/** Longest time a caller waits for any one answer. */
const PATIENCE_MS = 5_000;

/** One SIPp plays all callers. Resolves when the last call is over, one way or the other. */
export async function callIn(calling: Calling): Promise<Called> {
  const folder = mkdtempSync(join(calling.folder, 'sipp-'));
  const { program, args } = programOf(calling.root, 'sipp');
  const port = await claimPort({ protocol: 'udp', host: HOST, port: 0, purpose: 'the callers', setting: 'any' });
  const child = spawn(program, [...args, ...sippArgs(calling, port)], { cwd: folder, stdio: 'ignore' });
  const end = () => child.kill('SIGKILL');
  calling.signal.addEventListener('abort', end);
  await once(child, 'exit');
  calling.signal.removeEventListener('abort', end);
  calling.signal.throwIfAborted();
  const read = (end: string): string => {
    const name = readdirSync(folder).find((file) => file.endsWith(end));
    return name === undefined ? '' : readFileSync(join(folder, name), 'utf8');
  };
  const called = {
    ...counts(read('stat.csv')),
    setupMs: setupTimes(read('_rtt.csv')),
    why: complaints(read('errors')),
  };
  rmSync(folder, { recursive: true });
  return called;
}

const HOST = '127.0.0.1';

function sippArgs({ to, at, perSecond, calls, stayMs }: Calling, port: number): readonly string[] {
  const longestMs = (calls / perSecond) * 1_000 + (stayMs ?? 0) + 4 * PATIENCE_MS;
  const options = {
    sf: join(import.meta.dirname, stayMs === undefined ? 'served.xml' : 'held.xml'),
    s: to,
    i: HOST,
    mi: HOST,
    p: port,
    r: perSecond,
    m: calls,
    l: calls,
    d: stayMs ?? 0,
    recv_timeout: PATIENCE_MS,
    timeout: `${Math.ceil(longestMs / 1_000)}s`,
    rtt_freq: 1,
    stf: 'stat.csv',
    error_file: 'errors',
    fd: 1,
  };
  const named = Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]);
  return [`${at.host}:${at.port}`, ...named, '-nostdin', '-trace_rtt', '-trace_stat', '-trace_err'];
}

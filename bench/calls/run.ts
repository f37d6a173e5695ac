import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgress } from '../../src/cli/progress.ts';
import type { Progress } from '../../src/local/debian.ts';
import { LocalFault } from '../../src/local/fault.ts';

/** What every bench works with. */
export interface Rooms {
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** What was started says here how it is ended; in the order of starting. */
  readonly closers: (() => Promise<unknown>)[];
}

/** A wish that cannot be fulfilled; the message says what can be. */
export class Unclear extends Error {}

export function whole(text: string, option: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Unclear(`--${option} takes whole numbers from 1 to ${most}, not "${text}".`);
}

/** Whose figures they are. */
export const machine = () => ({
  at: new Date().toISOString(),
  node: process.version,
  processors: availableParallelism(),
});

interface Bench<Wish> {
  readonly usage: string;
  /** @throws Unclear */
  readonly wishOf: (args: readonly string[]) => Wish;
  /** Measures; answers how to tell what was found, once nothing runs any more. */
  readonly measure: (wish: Wish, rooms: Rooms) => Promise<() => void>;
}

/** Runs a bench as a program: usage, Ctrl-C, and the end of all that was started. */
export async function runBench<Wish>(bench: Bench<Wish>): Promise<void> {
  try {
    process.exitCode = await run(bench, process.argv.slice(2));
  } catch (error) {
    process.exitCode = 2;
    if (error instanceof LocalFault) console.error(error.message);
    else if (error instanceof Unclear || isUsage(error)) console.error(`${error.message}\n\n${bench.usage}`);
    else console.error(error);
  }
}

async function run<Wish>(bench: Bench<Wish>, args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(bench.usage);
    return 0;
  }
  const tell = await measured(bench, bench.wishOf(args));
  if (tell) tell();
  else console.error('Stopped; nothing is left running.');
  return tell ? 0 : 130;
}

/** Null when it was stopped. */
async function measured<Wish>({ measure }: Bench<Wish>, wish: Wish): Promise<(() => void) | null> {
  const over = new AbortController();
  // Heard every time: an impatient second Ctrl-C must not leave servers behind.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
  const progress = createProgress(process.stderr);
  const folder = mkdtempSync(join(tmpdir(), 'callwright-bench-'));
  const closers: Rooms['closers'] = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    return await measure(wish, { folder, progress: progress.step, signal: over.signal, closers });
  } catch (error) {
    if (over.signal.aborted) return null;
    throw error;
  } finally {
    progress.step({ text: 'stopping' });
    for (const close of closers.toReversed()) await close().catch((error: unknown) => console.error(error));
    progress.done();
  }
}

/** `parseArgs` throws these. */
function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

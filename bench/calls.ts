/**
 * `npm run bench:calls`: what a call costs. Real calls by SIPp through a private Asterisk to Callwright, beside a bare ARI
 * responder on the same Asterisk in the same run. README.md beside this file tells how to read it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgress } from '../src/cli/progress.ts';
import { LocalFault } from '../src/local/fault.ts';
import { type Held, hold } from './calls/hold.ts';
import { openHouse } from './calls/house.ts';
import { plot } from './calls/plot.ts';
import { climb } from './calls/rates.ts';
import { ratios, short, type Step } from './calls/statistics.ts';
import { heldTable, ratesTable } from './calls/table.ts';

const USAGE = `npm run bench:calls [-- options]

  --rates 5,10,20,40,60,80   calls begun a second, one step each; ends early where calls fail or take a second
  --seconds 8                length of a step
  --calls 500                instead of rising rates: hold so many calls at once, and tell the memory they need`;

/** Nobody waits longer than four minutes for this, the start included. */
const LONGEST_STEPS_S = 150;
const MOST_CALLS = 1_500;
const MOST_PER_SECOND = 200;

interface Wish {
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly calls: number | null;
}

class Unclear extends Error {}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rates: { type: 'string', default: '5,10,20,40,60,80' },
      seconds: { type: 'string', default: '8' },
      calls: { type: 'string' },
    },
  });
  const rates = values.rates.split(',').map((rate) => whole(rate, 'rates', MOST_PER_SECOND));
  const seconds = whole(values.seconds, 'seconds', 60);
  if (2 * rates.length * seconds > LONGEST_STEPS_S) {
    throw new Unclear(`--rates and --seconds together take over ${LONGEST_STEPS_S} s: fewer rates, or shorter steps.`);
  }
  const calls = values.calls === undefined ? null : whole(values.calls, 'calls', MOST_CALLS);
  return { rates: rates.toSorted((a, b) => a - b), seconds, calls };
}

function whole(text: string, option: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Unclear(`--${option} takes whole numbers from 1 to ${most}, not "${text}".`);
}

/** Answers how to tell what was found, once nothing runs any more; null when it was stopped. */
async function bench(wish: Wish): Promise<(() => void) | null> {
  const over = new AbortController();
  // Heard every time: an impatient second Ctrl-C must not leave servers behind.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
  const progress = createProgress(process.stderr);
  const folder = mkdtempSync(join(tmpdir(), 'callwright-bench-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const rooms = { progress: progress.step, signal: over.signal };
  try {
    const house = await openHouse({ ...rooms, folder, closers });
    if (wish.calls !== null) {
      const held = await hold({ ...rooms, house, calls: wish.calls });
      return () => tellHeld(held);
    }
    const steps = await climb({ ...rooms, ...wish, house });
    return () => tellRates(steps);
  } catch (error) {
    if (over.signal.aborted) return null;
    throw error;
  } finally {
    progress.step({ text: 'stopping' });
    for (const close of closers.toReversed()) await close().catch((error: unknown) => console.error(error));
    progress.done();
  }
}

function tellRates(steps: readonly Step[]): void {
  const results = resolve(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const picture = join(results, 'calls.svg');
  writeFileSync(picture, plot(steps));
  console.log(`${ratesTable(steps)}\n\nplot: ${relative(process.cwd(), picture)}\n`);
  console.log(JSON.stringify({ bench: 'calls', ...about(), steps, ratios: ratios(steps) }, short));
}

function tellHeld(held: Held): void {
  console.log(`${heldTable(held)}\n`);
  console.log(JSON.stringify({ bench: 'held-calls', ...about(), ...held }, short));
}

const about = () => ({ at: new Date().toISOString(), node: process.version, processors: availableParallelism() });

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const tell = await bench(wishOf(args));
  if (tell) tell();
  else console.error('Stopped; nothing is left running.');
  return tell ? 0 : 130;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 2;
  if (error instanceof LocalFault) console.error(error.message);
  else if (error instanceof Unclear || isUsage(error)) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error);
}

/** `parseArgs` throws these. */
function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

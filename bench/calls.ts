/**
 * `npm run bench:calls`: what a call costs. Real calls by SIPp through a private Asterisk to Callwright, beside a bare ARI
 * responder on the same Asterisk in the same run. README.md beside this file tells how to read it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Held, hold } from './calls/hold.ts';
import { openHouse } from './calls/house.ts';
import { plot } from './calls/plot.ts';
import { climb } from './calls/rates.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
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

const SCENE = {
  site: resolve(import.meta.dirname, 'site'),
  sounds: resolve(import.meta.dirname, 'sounds'),
  dialplan: resolve(import.meta.dirname, 'bare.conf'),
};

async function measure(wish: Wish, rooms: Rooms): Promise<() => void> {
  const house = await openHouse({ ...rooms, ...SCENE });
  if (wish.calls !== null) {
    const held = await hold({ ...rooms, house, calls: wish.calls });
    return () => tellHeld(held);
  }
  const steps = await climb({ ...rooms, ...wish, house });
  return () => tellRates(steps);
}

function tellRates(steps: readonly Step[]): void {
  const results = resolve(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const picture = join(results, 'calls.svg');
  writeFileSync(picture, plot(steps));
  console.log(`${ratesTable(steps)}\n\nplot: ${relative(process.cwd(), picture)}\n`);
  console.log(JSON.stringify({ bench: 'calls', ...machine(), steps, ratios: ratios(steps) }, short));
}

function tellHeld(held: Held): void {
  console.log(`${heldTable(held)}\n`);
  console.log(JSON.stringify({ bench: 'held-calls', ...machine(), ...held }, short));
}

await runBench({ usage: USAGE, wishOf, measure });

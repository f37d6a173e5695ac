import { type DayResult, type MakePolicy, type Scenario, simulate } from '../../src/dialer/lab/index.ts';
import { createPolicy } from '../../src/dialer/pacing/index.ts';
import { progressive } from '../../src/dialer/pacing/progressive.ts';
import { knowsCalls } from './references/knows-calls.ts';
import { knowsEnds } from './references/knows-ends.ts';
import { constantRatio } from './references/lines.ts';
import { HARD_LIMIT, TUNED, vicidialLike } from './references/vicidial.ts';

export const NAMES = {
  callwright: 'Callwright',
  progressive: 'progressive',
  vicidial: 'VICIdial-like, hard limit',
  tuned: 'VICIdial-like, tuned',
  ratio: 'tuned ratio',
  ends: 'knows ends',
  calls: 'knows calls',
} as const;

export type Name = keyof typeof NAMES;

export const ALL = Object.keys(NAMES) as readonly Name[];

/** More agents than this the crystal balls take minutes for. */
const BALLS_UP_TO = 50;
const NO_SAMPLES = { sampleSec: 0 };

/** A day by one of them; null where it is not tried. References are tuned on the very day they are shown on. */
export function play(name: Name, day: Scenario): DayResult | null {
  if ((name === 'ends' || name === 'calls') && day.agents > BALLS_UP_TO) return null;
  const make = makerOf(name, day);
  return make && simulate(day, make);
}

export const callwright: MakePolicy = (config) => createPolicy(config);

function makerOf(name: Name, day: Scenario): MakePolicy | null {
  switch (name) {
    case 'callwright':
      return callwright;
    case 'progressive':
      return () => progressive;
    case 'vicidial':
      return vicidialLike(HARD_LIMIT);
    case 'tuned':
      return best(day, [HARD_LIMIT, ...TUNED].map(vicidialLike));
    case 'ratio':
      return highest(day, constantRatio, { from: 0.5, to: 16, searches: 7, hours: day.hours });
    case 'ends':
      return highest(day, (price) => knowsEnds(day, price), {
        from: 0.01,
        to: 0.06,
        searches: 4,
        hours: searchHours(day),
      });
    case 'calls':
      return knowsCalls(day);
  }
}

/** The price need not be found on the whole day: it is the same all day. */
const searchHours = ({ hours, agents }: Scenario) => Math.min(hours, 40 / agents);

/** The highest value of a knob that keeps the day within the cap, by halving on a logarithmic scale. */
function highest(
  day: Scenario,
  make: (knob: number) => MakePolicy,
  {
    from,
    to,
    hours,
    searches,
  }: { readonly from: number; readonly to: number; readonly hours: number; readonly searches: number },
): MakePolicy {
  let [low, high] = [Math.log(from), Math.log(to)];
  for (let n = 0; n < searches; n += 1) {
    const middle = (low + high) / 2;
    const { abandonment } = simulate({ ...day, hours }, make(Math.exp(middle)), NO_SAMPLES);
    if (abandonment <= day.cap) low = middle;
    else high = middle;
  }
  return make(Math.exp(low));
}

/** The busiest agents within the cap; where none keeps it, the one that breaks it least. */
function best(day: Scenario, makers: readonly MakePolicy[]): MakePolicy | null {
  const tried = makers.map((make) => {
    const { abandonment, utilisation } = simulate(day, make, NO_SAMPLES);
    return { make, merit: abandonment <= day.cap ? (utilisation ?? 0) : -abandonment };
  });
  return tried.toSorted((a, b) => b.merit - a.merit)[0]?.make ?? null;
}

import { createPolicy } from '../pacing/index.ts';
import { mixed, seeded } from './chance.ts';
import { PLAIN_DAY, type Regime, type Scenario } from './scenario.ts';
import { type MakePolicy, Simulation } from './simulate.ts';
import type { DayResult } from './tally.ts';

/** What is known of a campaign before it starts; what is not stands as in `PLAIN_DAY`. */
export interface Known extends Partial<Omit<Scenario, 'name' | 'seed' | 'regimes' | 'leads' | 'hours'>> {
  /** Dials that the list still holds: numbers, times the attempts that each will get. */
  readonly dials: number;
  /** Hours in which it may dial from now on. */
  readonly hours: number;
  /** What dials came to so far, here or on lists like it; null where nobody knows. */
  readonly seen: {
    readonly dials: number;
    readonly persons: number;
    readonly machines: number;
    readonly busy: number;
  } | null;
}

interface ForecastOptions {
  readonly seed: number;
  /** Seeded runs: the range is that of these. */
  readonly runs: number;
  /** The policy that will pace it; the predictive one unless said otherwise. */
  readonly make: MakePolicy;
  /** Most decisions of all runs together, for a floor of 20; larger floors get fewer, as each costs more. */
  readonly work: number;
}

/** From the lower to the upper tenth of the runs. Shares from 0 to 1, seconds from the start. */
interface Range {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface Forecast {
  readonly utilisation: Range;
  readonly abandonment: Range;
  /** Seconds of dialling until the list is done; null where the hours do not suffice. */
  readonly finish: { readonly [K in keyof Range]: number | null };
  readonly answerRate: Range;
  readonly runs: number;
  /** Seconds that each run lived; the rest of the campaign is taken to go on as they ended. */
  readonly livedSec: number;
}

const OPTIONS: ForecastOptions = { seed: 1, runs: 5, make: (config) => createPolicy(config), work: 5_000 };
/** Between two turns the engine may do whatever else it has to do; large floors get shorter ones, as each decision costs more. */
const TURN_SEC = 10;
const TURN_AGENTS = 30;
/** Coarser than on the floor: half the work, and the range is wider than what that costs. */
const TICK_SEC = 1;
const SHORTEST_SEC = 300;
/** Lists nobody knows yet were seen to be answered within these shares; a guess, and told as a wide range. */
const UNKNOWN = { dials: 40, persons: 10, machines: 0, busy: 1 } as const;

/**
 * What a campaign will probably come to: a handful of seeded runs of the lab on what is known, each with an answer rate as
 * likely as the others in the light of what was seen (normal approximation of the posterior, Jeffreys' prior). The work is
 * bounded whatever the campaign, and done in slices: each `next()` takes some ms and yields the share that is done.
 *
 * @throws nothing; with no agents or no hours the utilisation is 0 and the list never ends
 */
export function* forecast(known: Known, options: Partial<ForecastOptions> = {}): Generator<number, Forecast> {
  const { seed, runs, make, work } = { ...OPTIONS, ...options };
  const livedSec = lived(known, runs, work);
  const turnSec = Math.max(TICK_SEC, TURN_SEC / Math.max(1, (known.agents ?? PLAIN_DAY.agents) / TURN_AGENTS));
  const results: { readonly day: Scenario; readonly result: DayResult }[] = [];
  for (let run = 0; run < runs; run += 1) {
    const day = dayOf(known, mixed(seed + 7_919 * run) >>> 1, livedSec, (run + 0.5) / runs);
    const simulation = new Simulation(day, make);
    for (let t = turnSec; !simulation.over; t += turnSec) {
      simulation.runUntil(t);
      yield (run + Math.min(1, simulation.now / livedSec)) / runs;
    }
    results.push({ day, result: simulation.result() });
  }
  return summary(known, livedSec, results);
}

function lived({ hours, agents = PLAIN_DAY.agents }: Known, runs: number, work: number): number {
  const decisions = work / runs / Math.max(0.5, agents / 20);
  return Math.min(hours * 3_600, Math.max(SHORTEST_SEC, decisions * TICK_SEC));
}

function dayOf({ seen, dials, ...rest }: Known, seed: number, livedSec: number, rank: number): Scenario {
  const regimes = [regimeOf(seen ?? UNKNOWN, seed, rank)];
  return {
    ...PLAIN_DAY,
    ...rest,
    name: 'forecast',
    seed,
    regimes,
    leads: dials,
    hours: livedSec / 3_600,
    tickSec: TICK_SEC,
  };
}

/** One answer rate of those that what was seen allows: the rank's own place in their spread, so that few runs cover it. */
function regimeOf(seen: NonNullable<Known['seen']>, seed: number, rank: number): Regime {
  const dials = seen.dials + 1;
  const mean = (seen.persons + 0.5) / dials;
  const sd = Math.sqrt((mean * (1 - mean)) / (dials + 1));
  const jitter = (seeded(seed)() - 0.5) * 0.1;
  const person = Math.min(0.98, Math.max(0.002, mean + sd * normalAt(rank + jitter)));
  const rest = (1 - person) / Math.max(1e-9, 1 - Math.min(0.999, mean));
  const share = (count: number) => Math.min(1 - person, (count / dials) * rest);
  const machine = share(seen.machines);
  return { fromSec: 0, person, machine, busy: Math.min(1 - person - machine, share(seen.busy)) };
}

/** The normal quantile, near enough: Tukey's lambda, error below 0.02 between the fifth and the last twentieth. */
function normalAt(share: number): number {
  const p = Math.min(0.98, Math.max(0.02, share));
  return (p ** 0.135 - (1 - p) ** 0.135) / 0.1975;
}

function summary(
  { dials, hours }: Known,
  livedSec: number,
  runs: readonly { readonly day: Scenario; readonly result: DayResult }[],
): Forecast {
  const results = runs.map(({ result }) => result);
  const whole = livedSec >= hours * 3_600;
  const finish = rangeOf(results.map((result) => finishOf(result, dials)));
  const inTime = (sec: number) => (sec <= hours * 3_600 ? sec : null);
  return {
    utilisation: rangeOf(results.map((result) => utilisationOf(result, whole))),
    abandonment: rangeOf(results.map(({ abandonment }) => abandonment)),
    finish: { low: inTime(finish.low), middle: inTime(finish.middle), high: inTime(finish.high) },
    answerRate: rangeOf(runs.map(({ day }) => day.regimes[0]?.person ?? 0)),
    runs: results.length,
    livedSec,
  };
}

/** A run that is cut short tells what goes on by what it was once it had learned: from a third of it on. */
function utilisationOf({ samples, utilisation }: DayResult, whole: boolean): number {
  const later = samples.slice(Math.floor(samples.length / 3)).filter(({ agents }) => agents > 0);
  const agents = later.reduce((sum, sample) => sum + sample.agents, 0);
  if (whole || agents === 0) return utilisation ?? 0;
  return later.reduce((sum, sample) => sum + (sample.utilisation ?? 0) * sample.agents, 0) / agents;
}

function finishOf({ finishedAt, totals, seconds }: DayResult, dials: number): number {
  if (finishedAt !== null) return finishedAt;
  return totals.launched === 0 ? Number.POSITIVE_INFINITY : (dials / totals.launched) * seconds;
}

function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? below;
    return below === above ? below : below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.1), middle: at(0.5), high: at(0.9) };
}

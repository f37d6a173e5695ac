import { createPolicy } from '../pacing/index.ts';
import { meanOf, mixed, scaled, type Spread, seeded } from './chance.ts';
import { PreviewSimulation, type Reading } from './preview.ts';
import { PLAIN_DAY, type Regime, type Scenario } from './scenario.ts';
import { type MakePolicy, Simulation } from './simulate.ts';
import { type Counted, type Piece, type Range, rangeOf, shareOf, timesOf, wholeOf } from './forecast-range.ts';

/** What is known of a campaign before it starts; what is not stands as in `PLAIN_DAY`. */
export interface Known extends Partial<Omit<Scenario, 'name' | 'seed' | 'regimes' | 'leads' | 'hours'>> {
  /** Dials that the list still holds, were dials to come to this: numbers, times the attempts that each will get. */
  readonly dials: (regime: Regime) => { readonly likely: number; readonly sd: number };
  /** Hours in which it may dial from now on. */
  readonly hours: number;
  /** What dials came to so far, here or on lists like it; null where nobody knows. */
  readonly seen: {
    readonly dials: number;
    readonly persons: number;
    readonly machines: number;
    readonly busy: number;
  } | null;
  /**
   * One standard deviation: of the mean of what lasts, relative to it; of the share of persons, where more than the chance of so
   * many dials makes it doubtful. Left out: it is known.
   */
  readonly doubt?: { readonly talk?: number; readonly reading?: number; readonly persons?: number };
  /** Agents look at each lead before it is dialled; left out: they do not. */
  readonly reading?: Reading;
}

interface ForecastOptions {
  readonly seed: number;
  /** Seeded runs: the range is that of these. */
  readonly runs: number;
  /** The policy that will pace it; the predictive one unless said otherwise. */
  readonly make: MakePolicy;
  /** The rate of abandonment, 0–1, of what was counted; persons lost ÷ persons who answered unless said otherwise. */
  readonly rate: (counted: Counted) => number;
  /** Most decisions of all runs together, for a floor of 20; larger floors get fewer, as each costs more. */
  readonly work: number;
}

export interface Forecast {
  readonly utilisation: Range;
  readonly abandonment: Range;
  /** Lines in use ÷ agents, its mean. */
  readonly level: Range;
  /** Dials per second, its mean; 0 where nobody is dialled. */
  readonly startsPerSec: Range;
  /** Seconds of dialling until the list is done; null where the hours do not suffice. */
  readonly finish: { readonly [K in keyof Range]: number | null };
  /** Of all dials, by persons; not of the simulated ones alone. */
  readonly answerRate: Range;
  /** That the list will take, on average of the runs. */
  readonly dials: number;
  readonly runs: number;
  /** Seconds that each run lived; the rest of the campaign is taken to go on as they ended. */
  readonly livedSec: number;
}

const OPTIONS: ForecastOptions = {
  seed: 1,
  runs: 7,
  make: (config) => createPolicy(config),
  rate: ({ persons, abandoned, machinesDropped }) => (persons === 0 ? 0 : (abandoned - machinesDropped) / persons),
  work: 8_000,
};
/** Between two turns the engine may do whatever else it has to do; large floors get shorter ones, as each decision costs more. */
const TURN_SEC = 10;
const TURN_AGENTS = 30;
/** Coarser than on the floor: half the work, and the range is wider than what that costs. */
const TICK_SEC = 1;
const SHORTEST_SEC = 450;
/** Lists nobody knows yet were seen to be answered within these shares; a guess, and told as a wide range. */
export const UNKNOWN = { dials: 40, persons: 10, machines: 0, busy: 1 } as const;

/**
 * What a campaign will probably come to: a handful of seeded runs of the lab on what is known, each with an answer rate, a talk
 * and a reading as likely as the others in the light of what was seen (normal approximation of the posterior, Jeffreys' prior;
 * each of the three runs through its own spread in another order, McKay, Beckman and Conover's Latin hypercube, 1979). The work
 * is bounded whatever the campaign, and done in slices: each `next()` takes some ms and yields the share that is done.
 *
 * @throws nothing; with no agents or no hours the utilisation is 0 and the list never ends
 */
export function* forecast(known: Known, options: Partial<ForecastOptions> = {}): Generator<number, Forecast> {
  const { seed, runs, make, rate, work } = { ...OPTIONS, ...options };
  const livedSec = lived(known, runs, work);
  const turnSec = Math.max(TICK_SEC, TURN_SEC / Math.max(1, (known.agents ?? PLAIN_DAY.agents) / TURN_AGENTS));
  const pieces: Piece[] = [];
  for (let run = 0; run < runs; run += 1) {
    const simulation = begun(
      known,
      { seed: mixed(seed + 7_919 * run) >>> 1, livedSec, ranks: ranksOf(run, runs) },
      make,
    );
    let early = simulation.result();
    for (let t = turnSec; !simulation.over; t += turnSec) {
      simulation.runUntil(t);
      if (simulation.now <= livedSec * LEARNS) early = simulation.result();
      yield (run + Math.min(1, simulation.now / livedSec)) / runs;
    }
    pieces.push({ day: simulation.day, early, late: simulation.result() });
  }
  const whole = pieces.map((piece) => wholeOf(piece, known.hours * 3_600, rate));
  const { persons: hits, dials: of } = known.seen ?? UNKNOWN;
  const lost = whole.map(({ abandonment }) => abandonment);
  const dials = pieces.reduce((sum, { day }) => sum + day.leads, 0) / runs;
  const finish = timesOf(whole.map(({ finishSec }) => finishSec));
  return {
    dials: Math.round(dials),
    utilisation: rangeOf(
      whole.map(({ utilisation }) => utilisation),
      [0, 1],
    ),
    abandonment: rangeOf(lost, [0, Math.max(known.cap ?? 1, ...lost)]),
    level: rangeOf(
      whole.map(({ level }) => level),
      [0, Number.POSITIVE_INFINITY],
    ),
    startsPerSec: rangeOf(
      whole.map(({ finishSec }, run) => (pieces[run]?.day.leads ?? 0) / finishSec),
      [0, known.cps ?? PLAIN_DAY.cps],
    ),
    finish: finishOf(finish, known.hours),
    answerRate: shareOf({ hits, dials: of, doubt: known.doubt?.persons ?? 0 }, dials),
    runs,
    livedSec,
  };
}

interface Run {
  readonly seed: number;
  readonly livedSec: number;
  readonly ranks: Ranks;
}

function begun(known: Known, { seed, livedSec, ranks }: Run, make: MakePolicy): Simulation | PreviewSimulation {
  const day = dayOf(known, seed, livedSec, ranks);
  const { reading, doubt } = known;
  if (reading) {
    const took = anyOf(reading.took, doubt?.reading ?? 0, ranks.other);
    return new PreviewSimulation(day, { ...reading, took });
  }
  const dayHours = horizonHours(day, known);
  return new Simulation(day, (config, oracle) => make({ ...config, dayHours }, oracle));
}

/** A run has learned how the list answers after so much of it. */
const LEARNS = 1 / 3;

function lived({ hours, agents = PLAIN_DAY.agents }: Known, runs: number, work: number): number {
  const decisions = work / runs / Math.max(0.5, agents / 20);
  return Math.min(hours * 3_600, Math.max(SHORTEST_SEC, decisions * TICK_SEC));
}

/** The places of a run in the spreads of what is not known, each of them passed through in an order of its own. */
interface Ranks {
  readonly answer: number;
  readonly talk: number;
  /** Of reading, or of machines: where agents read nobody listens. */
  readonly other: number;
  readonly dials: number;
}

/** Spreads any number of runs evenly, in an order that has nothing to do with the others. */
const GOLDEN = 0.618_034;

const ranksOf = (run: number, runs: number): Ranks => ({
  answer: (run + 0.5) / runs,
  talk: (((2 * run + 3) % runs) + 0.5) / runs,
  other: (((3 * run + 1) % runs) + 0.5) / runs,
  dials: (0.5 + run * GOLDEN) % 1,
});

const anyOf = (spread: Spread, doubt: number, rank: number): Spread => scaled(spread, Math.exp(doubt * normalAt(rank)));

function dayOf({ seen, dials, doubt, ...known }: Known, seed: number, livedSec: number, ranks: Ranks): Scenario {
  const regime = regimeOf(seen ?? UNKNOWN, doubt?.persons ?? 0, seed, ranks);
  const talk = anyOf(known.talk ?? PLAIN_DAY.talk, doubt?.talk ?? 0, ranks.talk);
  const { likely, sd } = dials(regime);
  return {
    ...PLAIN_DAY,
    ...known,
    name: 'forecast',
    seed,
    talk,
    regimes: [regime],
    leads: Math.max(1, Math.round(likely + sd * normalAt(ranks.dials))),
    hours: livedSec / 3_600,
    tickSec: TICK_SEC,
  };
}

/** Pacing plans for the whole campaign, of which a piece is lived: as long as busy agents take for those who will answer. */
function horizonHours({ regimes, leads, talk, wrap, agents }: Scenario, { hours }: Known): number {
  const talks = leads * (regimes[0]?.person ?? 0);
  const sec = (talks * (meanOf(talk) + meanOf(wrap))) / Math.max(1, agents);
  return Math.min(hours, Math.max(SHORTEST_SEC, sec) / 3_600);
}

/** One answer rate of those that what was seen allows: the rank's own place in their spread, so that few runs cover it. */
function regimeOf(seen: NonNullable<Known['seen']>, doubt: number, seed: number, ranks: Ranks): Regime {
  const dials = seen.dials + 1;
  const mean = (seen.persons + 0.5) / dials;
  const sd = Math.sqrt((mean * (1 - mean)) / (dials + 1) + doubt ** 2);
  const jitter = (seeded(seed)() - 0.5) * 0.1;
  const person = Math.min(0.98, Math.max(0.002, mean + sd * normalAt(ranks.answer + jitter)));
  const rest = (1 - person) / Math.max(1e-9, 1 - Math.min(0.999, mean));
  const share = (count: number) => Math.min(1 - person, (count / dials) * rest);
  // As many more or fewer as chance makes of so many.
  const machine = share(Math.max(0, seen.machines + Math.sqrt(seen.machines) * normalAt(ranks.other)));
  return { fromSec: 0, person, machine, busy: Math.min(1 - person - machine, share(seen.busy)) };
}

/** The normal quantile, near enough: Tukey's lambda, error below 0.02 between the fifth and the last twentieth. */
function normalAt(share: number): number {
  const p = Math.min(0.98, Math.max(0.02, share));
  return (p ** 0.135 - (1 - p) ** 0.135) / 0.1975;
}

function finishOf({ low, middle, high }: Range, hours: number): Forecast['finish'] {
  const inTime = (sec: number) => (sec <= hours * 3_600 ? sec : null);
  return { low: inTime(low), middle: inTime(middle), high: inTime(high) };
}

/** How long a caller will wait from now on until an agent is rung for him, if he stays. */
export interface Estimate {
  /** Mean, ms; 0: somebody is free for him. */
  readonly ms: number;
  /** How many talks of agents who can take him must end before it is his turn, he included: the more, the surer. */
  readonly ends: number;
  /** How many talks are known of his queues, from which the time that a talk takes was learned. */
  readonly talks: number;
}

/** The estimate as it is told, whole minutes as ms: between these, or with `fromMs` 0 at most so long. */
export interface WaitRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
/** Of fewer talks the mean may be anything. */
const FEWEST_TALKS = 5;
/** Standard normal quantile of 80 %: one in five waits longer than the range says before it is rounded, one less long. */
const Z80 = 0.8416;
/** Above this, ends of ranges are said in steps of five minutes. */
const FINE_MINUTES = 15;
const COARSE_MINUTES = 5;
/** A range is worth saying while its upper end is not more than so many times the lower one. */
const WIDEST = 3;
/** Else it is said as "at most", up to so many minutes: more would frighten who is served at once. */
const LONGEST_AT_MOST = 10;

/**
 * What is told of an estimate: 20 % to 80 % of the gamma distribution with its mean, whose shape is the number of talks to
 * end (each exponential), less sure by how few talks the mean was learned from; rounded outwards. Null where saying
 * nothing is better: somebody is free, too few talks are known, or the range would be too wide to help.
 */
export function waitRange({ ms, ends, talks }: Estimate): WaitRange | null {
  if (ms <= 0 || talks < FEWEST_TALKS) return null;
  const shape = 1 / (1 / ends + 1 / talks);
  const from = down((ms * quantile(shape, -Z80)) / MINUTE_MS);
  const to = Math.max(up((ms * quantile(shape, Z80)) / MINUTE_MS), from + 1);
  if (from >= 1 && to <= WIDEST * from) return { fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS };
  return to <= LONGEST_AT_MOST ? { fromMs: 0, toMs: to * MINUTE_MS } : null;
}

/**
 * Of a gamma distribution with mean 1. E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", 1931: off by
 * less than 2 % at these quantiles and shapes of 1 and more.
 */
function quantile(shape: number, z: number): number {
  return Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
}

const stepOf = (minutes: number) => (minutes > FINE_MINUTES ? COARSE_MINUTES : 1);
const down = (minutes: number) => Math.floor(minutes / stepOf(minutes)) * stepOf(minutes);
const up = (minutes: number) => Math.ceil(minutes / stepOf(minutes)) * stepOf(minutes);

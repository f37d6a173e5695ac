import { quantile } from '../calls/statistics.ts';
import { type Interval, ratioIntervals } from './bootstrap.ts';
import type { Bad } from './receiver.ts';

/** One stretch of calls: beside a receiver that is well alone, or beside one more that is not. */
export interface Phase {
  readonly mood: Bad;
  readonly side: Side;
  readonly setupMs: readonly number[];
  readonly failed: number;
  /** The most resident memory of Callwright meanwhile, MB of 10⁶ bytes. */
  readonly peakMb: number;
  /** Share of the machine that went to anything else, 0 to 1. */
  readonly otherLoad: number;
}

export type Side = 'well' | 'amiss';

/** What came to one receiver by the end, of all events of its time. */
export interface Delivery {
  readonly receiver: Bad | 'good';
  readonly events: number;
  readonly missing: number;
  readonly outOfOrder: number;
  readonly doubles: number;
  /** From all receivers being well to its last event. */
  readonly caughtUpMs: number;
}

/** A quantile of set-up of both sides, ms, and what one is to the other. */
export interface Compared {
  readonly quantile: string;
  readonly well: number;
  readonly amiss: number;
  /** Amiss ÷ well. */
  readonly ratio: number;
  readonly interval: Interval;
}

/** All phases beside receivers that are not well, against all the others; then each kind by itself against all the others. */
export interface Row {
  readonly mood: Bad | 'all';
  readonly calls: number;
  readonly failed: number;
  readonly peakMb: number;
  readonly compared: readonly Compared[];
  readonly verdict: Verdict;
}

/** The whole interval is within the tolerance, or none of it; `unclear`: some of it is, and so few calls cannot tell. */
type Verdict = 'within' | 'unclear' | 'beyond';

/** The p99 beside a receiver that is not well may be so far from the other. */
export const TOLERANCE = 0.1;
const SHARES = [0.5, 0.9, 0.99] as const;

export function rowsOf(phases: readonly Phase[]): readonly Row[] {
  const well = phases.filter(({ side }) => side === 'well');
  const amiss = phases.filter(({ side }) => side === 'amiss');
  const kinds = [...Map.groupBy(amiss, ({ mood }) => mood)];
  return [rowOf('all', well, amiss), ...kinds.map(([mood, own]) => rowOf(mood, well, own))];
}

function rowOf(mood: Row['mood'], well: readonly Phase[], amiss: readonly Phase[]): Row {
  const compared = comparedOf(well, amiss);
  return {
    mood,
    calls: amiss.reduce((sum, { setupMs, failed }) => sum + setupMs.length + failed, 0),
    failed: amiss.reduce((sum, { failed }) => sum + failed, 0),
    peakMb: peakOf(amiss),
    compared,
    verdict: verdictOf(compared.at(-1)),
  };
}

function comparedOf(well: readonly Phase[], amiss: readonly Phase[]): readonly Compared[] {
  const sides = [well, amiss].map((phases) => phases.map(({ setupMs }) => setupMs));
  const intervals = ratioIntervals(sides[0] ?? [], sides[1] ?? [], SHARES);
  const [mine, other] = sides.map((phases) => phases.flat().toSorted((a, b) => a - b));
  return SHARES.flatMap((share, i) => {
    const [before, beside, interval] = [quantile(mine ?? [], share), quantile(other ?? [], share), intervals?.[i]];
    if (before === null || beside === null || !interval) return [];
    return [{ quantile: `p${share * 100}`, well: before, amiss: beside, ratio: beside / before, interval }];
  });
}

function verdictOf(p99: Compared | undefined): Verdict {
  if (!p99) return 'unclear';
  const { low, high } = p99.interval;
  if (low >= 1 - TOLERANCE && high <= 1 + TOLERANCE) return 'within';
  return low > 1 + TOLERANCE || high < 1 - TOLERANCE ? 'beyond' : 'unclear';
}

/**
 * What the p99 of phases beside the receiver that is well differ by among themselves, the odd ones ÷ the even ones: a smaller
 * difference than this says nothing. Null with fewer than two of them.
 */
export function noiseOf(phases: readonly Phase[]): number | null {
  const well = phases.filter(({ side }) => side === 'well');
  const [even, odd] = [0, 1].map((rest) => {
    const calls = well.filter((_, index) => index % 2 === rest).flatMap(({ setupMs }) => setupMs);
    return quantile(
      calls.toSorted((a, b) => a - b),
      0.99,
    );
  });
  return even != null && odd != null ? odd / even : null;
}

export const peakOf = (phases: readonly Phase[]): number => Math.max(0, ...phases.map(({ peakMb }) => peakMb));

import type { EpochMs } from '../call/ids.ts';

/** What came within the last quarter of an hour counts most; an hour ago counts for 2 % of now. */
const MEMORY_MS = 15 * 60_000;

/** Calls that came to a queue, forgotten exponentially: `weight` is their sum as it was at `at`. */
export interface Arrivals {
  readonly since: EpochMs;
  readonly at: EpochMs;
  readonly weight: number;
}

export const noArrivals = (now: EpochMs): Arrivals => ({ since: now, at: now, weight: 0 });

const decayed = ({ at, weight }: Arrivals, now: EpochMs): number =>
  weight * Math.exp(-Math.max(0, now - at) / MEMORY_MS);

export const arrived = (arrivals: Arrivals, now: EpochMs): Arrivals => ({
  since: arrivals.since,
  at: Math.max(arrivals.at, now),
  weight: decayed(arrivals, now) + 1,
});

/**
 * Calls per ms that are to be expected in the next minutes: an exponentially weighted mean of the recent ones (simple
 * exponential smoothing; Hyndman & Athanasopoulos, Forecasting, 8.1). It knows no time of day, so it is late by about a
 * quarter of an hour when a rush begins. Corrected for the short time since counting began.
 */
export function ratePerMs(arrivals: Arrivals, now: EpochMs): number {
  const seen = 1 - Math.exp(-Math.max(0, now - arrivals.since) / MEMORY_MS);
  return seen <= 0 ? 0 : decayed(arrivals, now) / (MEMORY_MS * seen);
}

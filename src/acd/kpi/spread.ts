import type { Spread } from './words.ts';

/** Nearest-rank quantiles of the values as they are: exact, so that a replay gives the same figures to the unit. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, mean: ratio(sum(sorted), sorted.length), p50: at(0.5), p90: at(0.9) };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Null where there is nothing to divide by: no figure is better than a wrong one. */
export const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

import { mulberry32 } from '../../tests/support/chance.ts';
import { quantile } from '../calls/statistics.ts';

/** So sure that the true value lies between the two as 95 of 100 such runs. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

type Phases = readonly (readonly number[])[];

const AGAIN = 1_000;
const SEED = 20_261_123;
const [LOW, HIGH] = [0.025, 0.975];

/**
 * Percentile bootstrap in two stages (Davison and Hinkley, Bootstrap Methods and their Application, 3.8): phases are drawn again, and in each
 * of them its calls, since calls of one phase share what the machine did then. The same figures give the same answer.
 *
 * @returns for each quantile that of `b` ÷ that of `a`; null where a side has no calls.
 */
export function ratioIntervals(a: Phases, b: Phases, shares: readonly number[]): readonly Interval[] | null {
  const [ours, theirs] = [a, b].map((phases) => phases.filter(({ length }) => length > 0));
  if (!ours?.length || !theirs?.length) return null;
  const chance = mulberry32(SEED);
  const ratios = shares.map((): number[] => []);
  for (let nth = 0; nth < AGAIN; nth += 1) {
    const [mine, other] = [drawn(ours, chance), drawn(theirs, chance)];
    for (const [i, share] of shares.entries()) ratios[i]?.push(at(other, share) / at(mine, share));
  }
  return ratios.map((all) => {
    const sorted = Float64Array.from(all).toSorted();
    return { low: at(sorted, LOW), high: at(sorted, HIGH) };
  });
}

/** As many phases, and of each as many calls, as there were; in order of size. */
function drawn(phases: Phases, chance: () => number): Float64Array {
  const one = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)];
  const calls = phases.flatMap(() => {
    const phase = one(phases) ?? [];
    return phase.map(() => one(phase) ?? 0);
  });
  return Float64Array.from(calls).toSorted();
}

const at = (sorted: Float64Array, share: number): number => quantile(sorted, share) ?? Number.NaN;

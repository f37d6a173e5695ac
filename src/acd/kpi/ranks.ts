import { ratio } from './spread.ts';
import type { Spread } from './words.ts';

/** Values that are put in order together. */
const RUN = 4_096;

/**
 * Values of which the mean and the nearest-rank quantiles are told exactly, however many they are: eight bytes each, put in
 * order run by run, so that no question has to put all of them in order at once.
 */
export class Ranks {
  readonly #runs: Float64Array[] = [];
  #open: number[] = [];
  count = 0;
  sum = 0;

  /** @param value a whole number, not below 0 */
  add(value: number): void {
    this.count += 1;
    this.sum += value;
    this.#open.push(value);
    if (this.#open.length < RUN) return;
    this.#runs.push(Float64Array.from(this.#open).sort());
    this.#open = [];
  }

  get runs(): readonly Float64Array[] {
    return this.#open.length > 0 ? [...this.#runs, Float64Array.from(this.#open).sort()] : this.#runs;
  }
}

/** Of the values of all of them. */
export function spreadOfRanks(many: readonly Ranks[]): Spread {
  const runs = many.flatMap((each) => each.runs);
  const count = many.reduce((total, each) => total + each.count, 0);
  const total = many.reduce((so, each) => so + each.sum, 0);
  const at = (share: number) => (count === 0 ? null : nth(runs, Math.max(1, Math.ceil(share * count))));
  return { count, mean: ratio(total, count), p50: at(0.5), p90: at(0.9) };
}

/** The least value that so many values are not above: found by halving, since each run can be asked quickly. */
function nth(runs: readonly Float64Array[], rank: number): number {
  let [low, high] = [0, runs.reduce((most, run) => Math.max(most, run.at(-1) ?? 0), 0)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (runs.reduce((sum, run) => sum + notAbove(run, middle), 0) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function notAbove(run: Float64Array, value: number): number {
  let [low, high] = [0, run.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

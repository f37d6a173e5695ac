import { below, density } from './normal.ts';

/** Agents or calls that share their chances: to be free, or to be answered by a person, by each step. */
export interface Group {
  readonly kind: 'agents' | 'calls';
  readonly count: number;
  readonly by: Float64Array;
}

export interface OutlookInput {
  /** Idle agents less persons who wait. */
  readonly margin: number;
  readonly groups: readonly Group[];
  /** Chances of a call launched now to be answered by each step. */
  readonly launch: Float64Array;
  /** Relative error of the answer rate: one standard deviation. */
  readonly doubt: number;
}

/**
 * What lies ahead: at each step, how many agents will be left when all that answered by then have one, if `n` more calls are
 * launched now. Negative is persons lost.
 */
export interface Outlook {
  /**
   * Chance that a call is lost, given that a person answers it, when `n` others are launched now. It is answered within the
   * second of each step with the chances `within`.
   */
  lossOf(within: Float64Array, n: number): number;
  /** The most persons lost at any step, but for a chance of `epsilon`, when `n` are launched. */
  lossQuantile(n: number, epsilon: number): number;
}

const EXACT_UP_TO = 40;
const SPARE = 12; // room for launches

/** Exact while few are out and busy, by moments beyond it. */
export function outlook(input: OutlookInput): Outlook {
  const size = input.groups.reduce((sum, { count }) => sum + count, 0);
  return size <= EXACT_UP_TO ? new ExactOutlook(input, size) : new MomentsOutlook(input);
}

/**
 * The Poisson-binomial by convolution. `S` = agents that come free + calls not answered, so that margin − calls + S is what is
 * left: one sum of independent chances, whatever they are of. Launches are only ever added.
 */
class ExactOutlook implements Outlook {
  readonly #input: OutlookInput;
  readonly #steps: number;
  #pmfs: Float64Array; // of S: a row for each step
  #width: number;
  #length = 1; // S is below it
  #calls = 0;
  #launched = 0;

  constructor(input: OutlookInput, size: number) {
    this.#input = input;
    this.#steps = input.launch.length;
    this.#width = size + SPARE;
    this.#pmfs = new Float64Array(this.#steps * this.#width);
    for (let step = 0; step < this.#steps; step += 1) this.#pmfs[step * this.#width] = 1;
    for (const { kind, count, by } of input.groups) {
      if (kind === 'calls') this.#calls += count;
      for (let each = 0; each < count; each += 1) this.#add(by, kind === 'calls');
    }
  }

  lossOf(within: Float64Array, n: number): number {
    this.#launch(n);
    let lost = 0;
    let answered = 1e-12;
    for (let step = 0; step < within.length; step += 1) {
      const chance = within[step]!;
      answered += chance;
      if (chance > 0) lost += chance * this.#upTo(step, this.#none);
    }
    return lost / answered;
  }

  lossQuantile(n: number, epsilon: number): number {
    this.#launch(n);
    let worst = 0;
    for (let step = 0; step < this.#steps; step += 1) {
      const row = step * this.#width;
      let sum = 0;
      let least = 0;
      for (; least < this.#length; least += 1) {
        sum += this.#pmfs[row + least]!;
        if (sum > epsilon) break;
      }
      worst = Math.max(worst, this.#none - least);
    }
    return worst;
  }

  /** `S` of nobody left and nobody lost: a call is lost where it is no more than this. */
  get #none(): number {
    return this.#calls + this.#launched - this.#input.margin;
  }

  #launch(n: number): void {
    for (; this.#launched < n; this.#launched += 1) this.#add(this.#input.launch, true);
  }

  /** Folds in one more chance: of coming free, or of not being answered. */
  #add(by: Float64Array, not: boolean): void {
    if (this.#length === this.#width) this.#grow();
    const pmfs = this.#pmfs;
    for (let step = 0; step < this.#steps; step += 1) {
      const p = not ? 1 - by[step]! : by[step]!;
      const row = step * this.#width;
      for (let at = row + this.#length; at > row; at -= 1) pmfs[at] = pmfs[at]! * (1 - p) + pmfs[at - 1]! * p;
      pmfs[row]! *= 1 - p;
    }
    this.#length += 1;
  }

  #upTo(step: number, limit: number): number {
    const row = step * this.#width;
    const last = row + Math.min(limit, this.#length - 1);
    let sum = 0;
    for (let at = row; at <= last; at += 1) sum += this.#pmfs[at]!;
    return Math.min(1, sum);
  }

  #grow(): void {
    const width = 2 * this.#width;
    const wider = new Float64Array(this.#steps * width);
    for (let step = 0; step < this.#steps; step += 1)
      wider.set(this.#pmfs.subarray(step * this.#width, (step + 1) * this.#width), step * width);
    [this.#pmfs, this.#width] = [wider, width];
  }
}

/** Mean, variance and third cumulant of what is left at a step, without new launches. */
interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly third: Float64Array;
  readonly answers: Float64Array;
}

/** The same by mean, variance and skewness: Edgeworth's expansion for the price, Cornish and Fisher's for the quantile. */
class MomentsOutlook implements Outlook {
  readonly #input: OutlookInput;
  readonly #moments: Moments;

  constructor(input: OutlookInput) {
    this.#input = input;
    this.#moments = momentsOf(input);
  }

  lossOf(within: Float64Array, n: number): number {
    const steps = this.#input.launch.length;
    let lost = 0;
    let answered = 1e-12;
    for (let step = 0; step < steps; step += 1) {
      const chance = within[step]!;
      if (chance === 0) continue;
      answered += chance;
      const { mean, sd, skew } = this.#at(step, n);
      const z = (0.5 - mean) / sd;
      const dense = density(z);
      lost += chance * Math.min(1, Math.max(0, below(z, dense) - (dense * skew * (z * z - 1)) / 6));
    }
    return lost / answered;
  }

  lossQuantile(n: number, epsilon: number): number {
    const z = -Math.sqrt(-2 * Math.log(epsilon)) * 0.9; // a little beyond the true quantile: 4.73 at one in a million
    let least = this.#input.margin;
    for (let step = 0; step < this.#input.launch.length; step += 1) {
      const { mean, sd, skew } = this.#at(step, n);
      least = Math.min(least, mean + sd * (z + ((z * z - 1) * skew) / 6) - 0.5);
    }
    return Math.max(0, Math.min(this.#most(n), Math.ceil(-least)));
  }

  /** No more can be lost than are out and have no agent now. */
  #most(n: number): number {
    return (
      this.#input.groups.reduce((sum, group) => sum + (group.kind === 'calls' ? group.count : 0), n) -
      this.#input.margin
    );
  }

  #at(step: number, n: number): { mean: number; sd: number; skew: number } {
    const p = this.#input.launch[step]!;
    const answers = this.#moments.answers[step]! + n * p;
    const doubt = this.#input.doubt * answers;
    const variance = this.#moments.variance[step]! + n * p * (1 - p) + doubt * doubt;
    const third = this.#moments.third[step]! - n * p * (1 - p) * (1 - 2 * p);
    const sd = Math.sqrt(Math.max(1e-6, variance));
    return { mean: this.#moments.mean[step]! - n * p, sd, skew: third / (sd * sd * sd) };
  }
}

function momentsOf({ margin, groups, launch }: OutlookInput): Moments {
  const blank = () => new Float64Array(launch.length);
  const moments = { mean: blank().fill(margin), variance: blank(), third: blank(), answers: blank() };
  for (const { kind, count, by } of groups) {
    const sign = kind === 'agents' ? 1 : -1;
    for (let step = 0; step < launch.length; step += 1) {
      const p = by[step]!;
      const spread = count * p * (1 - p);
      moments.mean[step]! += sign * count * p;
      moments.variance[step]! += spread;
      moments.third[step]! += sign * spread * (1 - 2 * p);
      if (sign < 0) moments.answers[step]! += count * p;
    }
  }
  return moments;
}

import type { EpochMs } from '../call/ids.ts';

/** One value, which may turn out to have been more or less. */
export interface Sample {
  add(more: number): void;
}

interface Value {
  readonly at: EpochMs;
  value: number;
  counted: boolean;
}

/** The latest values and their sum, which is kept up rather than counted: it is asked for far more often than it changes. */
export class Recent {
  readonly #most: number;
  #values: Value[] = [];
  #first = 0;
  #sum = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(at: EpochMs, value: number): Sample {
    const kept: Value = { at, value, counted: true };
    this.#values.push(kept);
    this.#sum += value;
    if (this.#values.length - this.#first > this.#most) this.#drop();
    return {
      add: (more) => {
        kept.value += more;
        if (kept.counted) this.#sum += more;
      },
    };
  }

  /** Of later values only; the earlier ones are forgotten. */
  since(time: EpochMs): { readonly count: number; readonly sum: number } {
    while ((this.#values[this.#first]?.at ?? Number.POSITIVE_INFINITY) <= time) this.#drop();
    return { count: this.#values.length - this.#first, sum: this.#sum };
  }

  #drop(): void {
    const gone = this.#values[this.#first];
    if (!gone) return;
    gone.counted = false;
    this.#sum -= gone.value;
    this.#first += 1;
    if (this.#first <= this.#most) return;
    this.#values = this.#values.slice(this.#first);
    this.#first = 0;
  }
}

import type { EpochMs } from '../../call/ids.ts';

interface Entry {
  readonly at: EpochMs;
  readonly order: number;
  readonly run: (now: EpochMs) => void;
}

/** What is to happen, in order of time, and of adding where that is equal. A binary heap. */
export class Timeline {
  readonly #heap: Entry[] = [];
  #added = 0;

  add(at: EpochMs, run: (now: EpochMs) => void): void {
    this.#heap.push({ at, order: (this.#added += 1), run });
    this.#rise(this.#heap.length - 1);
  }

  get nextAt(): EpochMs | null {
    return this.#heap[0]?.at ?? null;
  }

  take(): Entry | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    this.#sink(0);
    return first;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other || !this.#isBefore(a, b)) return false;
    this.#heap[a] = other;
    this.#heap[b] = one;
    return true;
  }
}

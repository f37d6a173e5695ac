/** What happens in a simulated day, by time; what was put in first comes first among equals. A binary heap. */
export interface Due<T> {
  readonly t: number;
  readonly what: T;
}

interface Entry<T> extends Due<T> {
  readonly turn: number;
}

export class DueQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #turn = 0;

  next(): Due<T> | undefined {
    return this.#heap[0];
  }

  put(t: number, what: T): void {
    if (t === Number.POSITIVE_INFINITY) return; // never comes
    const entry = { t, what, turn: this.#turn++ };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up] as Entry<T>;
      if (!before(entry, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = entry;
  }

  take(): Due<T> | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1] as Entry<T>, heap[down] as Entry<T>)) down += 1;
      const below = heap[down] as Entry<T>;
      if (!before(below, entry)) break;
      heap[at] = below;
      at = down;
    }
    heap[at] = entry;
  }
}

const before = <T>(a: Entry<T>, b: Entry<T>) => a.t < b.t || (a.t === b.t && a.turn < b.turn);

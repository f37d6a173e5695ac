/**
 * A queue in order whose items die where they stand: who is no longer live is dropped when he comes to the front.
 *
 * What mostly comes in order (by time of arrival, of idling, of offers) costs the same however long the lane is: it joins
 * the end of a sorted run. What comes out of order joins a heap beside it, in time that grows with the logarithm.
 */
export class Lane<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #isLive: (item: T) => boolean;
  #run: T[] = [];
  #front = 0;
  #heap: T[] = [];

  constructor(before: (a: T, b: T) => boolean, isLive: (item: T) => boolean) {
    this.#before = before;
    this.#isLive = isLive;
  }

  /** Items, dead ones among them. */
  get size(): number {
    return this.#run.length - this.#front + this.#heap.length;
  }

  push(item: T): void {
    const last = this.#run.at(-1);
    if (last === undefined || !this.#before(item, last)) this.#run.push(item);
    else this.#rise(item);
  }

  /** The first live item; undefined when there is none. */
  peek(): T | undefined {
    this.#dropDead();
    const [first, top] = [this.#run[this.#front], this.#heap[0]];
    if (first === undefined || top === undefined) return first ?? top;
    return this.#before(top, first) ? top : first;
  }

  /** The first live items in order, at most `count`; they stay. */
  first(count: number): T[] {
    const found: T[] = [];
    const heads = this.#heap.length > 0 ? [0] : []; // places in the heap, the best first
    for (let at = this.#front; found.length < count; ) {
      const [run, place] = [this.#run[at], heads[0]];
      const top = place === undefined ? undefined : this.#heap[place];
      if (run === undefined && top === undefined) break;
      const takesTop = top !== undefined && (run === undefined || this.#before(top, run));
      const item = takesTop ? top : run;
      if (takesTop) this.#descend(heads);
      else at += 1;
      if (item !== undefined && this.#isLive(item)) found.push(item);
    }
    return found;
  }

  /** Forgets the dead once they are most of the lane: `live` tells how many are not. */
  prune(live: number): void {
    if (this.size <= 2 * live + 64) return;
    const kept = [...this.#run.slice(this.#front), ...this.#heap].filter(this.#isLive);
    this.#run = kept.sort((a, b) => (this.#before(a, b) ? -1 : Number(this.#before(b, a))));
    this.#front = 0;
    this.#heap = [];
  }

  #dropDead(): void {
    for (let item = this.#run[this.#front]; item !== undefined && !this.#isLive(item); item = this.#run[this.#front]) {
      this.#front += 1;
    }
    // A run of the dead alone would keep whoever comes out of it.
    if (this.#front === this.#run.length || (this.#front > 32 && this.#front * 2 > this.#run.length)) {
      this.#run.splice(0, this.#front);
      this.#front = 0;
    }
    for (let top = this.#heap[0]; top !== undefined && !this.#isLive(top); top = this.#heap[0]) this.#sink();
  }

  #rise(item: T): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(item);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as T;
      if (!this.#before(item, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = item;
  }

  /** Takes the top off the heap. */
  #sink(): void {
    const heap = this.#heap;
    const item = heap.pop() as T;
    if (heap.length === 0) return;
    let place = 0;
    for (let below = 1; below < heap.length; below = 2 * place + 1) {
      if (below + 1 < heap.length && this.#before(heap[below + 1] as T, heap[below] as T)) below += 1;
      if (!this.#before(heap[below] as T, item)) break;
      heap[place] = heap[below] as T;
      place = below;
    }
    heap[place] = item;
  }

  /** The best of these places gives way to those below it. */
  #descend(places: number[]): void {
    const [best = 0] = places.splice(0, 1);
    for (const below of [2 * best + 1, 2 * best + 2]) {
      const item = this.#heap[below];
      if (item === undefined) continue;
      const behind = places.findIndex((other) => this.#before(item, this.#heap[other] as T));
      places.splice(behind < 0 ? places.length : behind, 0, below);
    }
  }
}

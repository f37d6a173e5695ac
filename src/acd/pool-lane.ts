/** So many places are kept for who comes next. */
const ROOM = 32;

/**
 * A queue in order whose items die where they stand: who is no longer live is dropped when he comes to the front.
 *
 * What mostly comes in order (by time of arrival, of idling, of offers) costs the same however long the lane is: it joins
 * the end of a sorted run. What comes out of order joins a heap beside it, in time that grows with the logarithm.
 */
export class Lane<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #isLive: (item: T) => boolean;
  /** The run is from `#front` to `#end`; what lies beyond is room, and not looked at. */
  #run: T[] = [];
  #front = 0;
  #end = 0;
  #heap: T[] = [];

  constructor(before: (a: T, b: T) => boolean, isLive: (item: T) => boolean) {
    this.#before = before;
    this.#isLive = isLive;
  }

  /** Items, dead ones among them. */
  get size(): number {
    return this.#end - this.#front + this.#heap.length;
  }

  push(item: T): void {
    if (this.#end > this.#front && this.#before(item, this.#run[this.#end - 1] as T)) this.#rise(item);
    else {
      this.#run[this.#end] = item;
      this.#end += 1;
    }
  }

  /** The first live item; undefined when there is none. */
  peek(): T | undefined {
    this.#dropDead();
    const first = this.#front < this.#end ? this.#run[this.#front] : undefined;
    const top = this.#heap[0];
    if (first === undefined || top === undefined) return first ?? top;
    return this.#before(top, first) ? top : first;
  }

  /** The first live items in order, at most `count`; they stay. */
  first(count: number): T[] {
    const found: T[] = [];
    const places = this.#heap.length > 0 ? [0] : []; // of those in the heap who may be next
    for (let at = this.#front; found.length < count; ) {
      const run = at < this.#end ? this.#run[at] : undefined;
      const next = this.#nextOf(places);
      const top = this.#heap[places[next] ?? -1];
      const item = top !== undefined && (run === undefined || this.#before(top, run)) ? top : run;
      if (item === undefined) break;
      if (item === top) this.#open(places, next);
      else at += 1;
      if (this.#isLive(item)) found.push(item);
    }
    return found;
  }

  /** Forgets the dead. */
  tidy(): void {
    this.load([...this.#run.slice(this.#front, this.#end), ...this.#heap].filter(this.#isLive));
  }

  /** Holds these and no others. */
  load(items: T[]): void {
    this.#run = items.sort((a, b) => (this.#before(a, b) ? -1 : 1));
    this.#front = 0;
    this.#end = items.length;
    this.#heap = [];
  }

  #dropDead(): void {
    while (this.#front < this.#end && !this.#isLive(this.#run[this.#front] as T)) this.#front += 1;
    if (this.#front === this.#end) {
      // A run of the dead alone would keep whoever comes out of it.
      this.#front = this.#end = 0;
      if (this.#run.length > ROOM) this.#run = [];
    } else if (this.#front > ROOM && this.#front * 2 > this.#end) {
      this.#run = this.#run.slice(this.#front, this.#end);
      this.#end -= this.#front;
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

  #nextOf(places: readonly number[]): number {
    let best = 0;
    for (let other = 1; other < places.length; other += 1) {
      if (this.#before(this.#heap[places[other] ?? 0] as T, this.#heap[places[best] ?? 0] as T)) best = other;
    }
    return best;
  }

  /** One of the places gives way to those below it. */
  #open(places: number[], at: number): void {
    const below = 2 * (places[at] ?? 0) + 1;
    const last = places.pop() as number;
    if (at < places.length) places[at] = last;
    if (below < this.#heap.length) places.push(below);
    if (below + 1 < this.#heap.length) places.push(below + 1);
  }
}

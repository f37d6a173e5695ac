import type { Member } from './pool-groups.ts';

/** Who is free, as one row of figures: those of one agent lie together, and no object is left for the collector. */
const TIER = 0;
const KEY = 1;
const IDLE = 2;
const WHO = 3;
const STAMP = 4;
const WIDTH = 5;

/** All agents by their place in the list, and of each how often he was let go: what was noted of him before is void. */
export class Roster {
  readonly members: Member[] = [];
  stamps = new Int32Array(64);

  /** He has his place for good, though he may go. */
  add(member: Member): void {
    this.members[member.order] = member;
    if (member.order < this.stamps.length) return;
    const stamps = new Int32Array(2 * member.order);
    stamps.set(this.stamps);
    this.stamps = stamps;
  }

  /** He is free no more, or for something else. */
  letGo({ order }: Member): void {
    this.stamps[order] = (this.stamps[order] as number) + 1;
  }
}

/**
 * A `Lane` of agents: a sorted run for those who come in order, as who was idle longest does, and a heap beside it. The
 * void stay where they are until they come to the front.
 */
export class FreeLane {
  readonly #roster: Roster;
  /** The run is from `#front` to `#end` of its rows; both in figures, not in rows. */
  #run = new Float64Array(8 * WIDTH);
  #front = 0;
  #end = 0;
  #heap = new Float64Array(8 * WIDTH);
  #size = 0;
  /** What is being put in its place. */
  readonly #row = new Float64Array(WIDTH);

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Rows, void ones among them. */
  get size(): number {
    return (this.#end - this.#front + this.#size) / WIDTH;
  }

  clear(): void {
    this.#run = new Float64Array(8 * WIDTH);
    this.#heap = new Float64Array(8 * WIDTH);
    this.#front = 0;
    this.#end = 0;
    this.#size = 0;
  }

  push(tier: number, key: number, { order, agent }: Member): void {
    const row = this.#row;
    row[TIER] = tier;
    row[KEY] = key;
    row[IDLE] = agent.idleSince;
    row[WHO] = order;
    row[STAMP] = this.#roster.stamps[order] as number;
    if (this.#end > this.#front && this.#before(row, 0, this.#run, this.#end - WIDTH)) this.#rise();
    else this.#append();
  }

  /** The first who is still free; undefined when there is none. */
  peek(): Member | undefined {
    const [from, at] = this.#top();
    return from && this.#memberOf(from, at);
  }

  /** The strategy's figure of the first. */
  peekKey(): number {
    const [from, at] = this.#top();
    return from?.[at + KEY] ?? 0;
  }

  /** The first of them in order with their figures, at most `count`; they stay. */
  first(count: number): { readonly member: Member; readonly key: number }[] {
    const found: { member: Member; key: number }[] = [];
    const places = this.#size > 0 ? [0] : [];
    for (let at = this.#front; found.length < count; ) {
      const next = this.#nextOf(places);
      const top = places[next] ?? -1;
      const takesTop = top >= 0 && (at >= this.#end || this.#before(this.#heap, top, this.#run, at));
      if (!takesTop && at >= this.#end) break;
      const [from, place] = takesTop ? [this.#heap, top] : [this.#run, at];
      if (takesTop) this.#open(places, next);
      else at += WIDTH;
      if (this.#isLive(from, place))
        found.push({ member: this.#memberOf(from, place), key: from[place + KEY] as number });
    }
    return found;
  }

  /** Forgets the void. */
  tidy(): void {
    const live: (readonly [Float64Array, number])[] = [];
    for (let at = this.#front; at < this.#end; at += WIDTH) if (this.#isLive(this.#run, at)) live.push([this.#run, at]);
    for (let at = 0; at < this.#size; at += WIDTH) if (this.#isLive(this.#heap, at)) live.push([this.#heap, at]);
    live.sort(([a, i], [b, j]) => (this.#before(a, i, b, j) ? -1 : 1));
    const run = new Float64Array((live.length + 8) * WIDTH);
    for (const [n, [from, at]] of live.entries()) run.set(from.subarray(at, at + WIDTH), n * WIDTH);
    this.#run = run;
    this.#front = 0;
    this.#end = live.length * WIDTH;
    this.#size = 0;
  }

  #top(): readonly [Float64Array | undefined, number] {
    while (this.#front < this.#end && !this.#isLive(this.#run, this.#front)) this.#front += WIDTH;
    if (this.#front === this.#end) this.#front = this.#end = 0; // a run of the void alone would keep whoever comes out of it
    while (this.#size > 0 && !this.#isLive(this.#heap, 0)) this.#sink();
    const runs = this.#front < this.#end;
    if (this.#size > 0 && (!runs || this.#before(this.#heap, 0, this.#run, this.#front))) return [this.#heap, 0];
    return runs ? [this.#run, this.#front] : [undefined, 0];
  }

  #isLive(rows: Float64Array, at: number): boolean {
    return this.#roster.stamps[rows[at + WHO] as number] === rows[at + STAMP];
  }

  #memberOf(rows: Float64Array, at: number): Member {
    return this.#roster.members[rows[at + WHO] as number] as Member;
  }

  #before(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
    for (let n = TIER; n <= IDLE; n += 1) {
      const [mine, other] = [a[i + n] as number, b[j + n] as number];
      if (mine !== other) return mine < other;
    }
    return this.#memberOf(a, i).agent.id < this.#memberOf(b, j).agent.id;
  }

  #append(): void {
    if (this.#end === this.#run.length) {
      // Room is made by doubling, or by forgetting the front when that is most of it.
      const used = this.#run.subarray(this.#front, this.#end);
      const run = new Float64Array(Math.max(8 * WIDTH, 2 * used.length));
      run.set(used);
      this.#run = run;
      this.#end -= this.#front;
      this.#front = 0;
    }
    this.#run.set(this.#row, this.#end);
    this.#end += WIDTH;
  }

  #rise(): void {
    if (this.#size === this.#heap.length) {
      const heap = new Float64Array(2 * this.#size);
      heap.set(this.#heap);
      this.#heap = heap;
    }
    let place = this.#size / WIDTH;
    this.#size += WIDTH;
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      if (!this.#before(this.#row, 0, this.#heap, above * WIDTH)) break;
      this.#heap.copyWithin(place * WIDTH, above * WIDTH, above * WIDTH + WIDTH);
      place = above;
    }
    this.#heap.set(this.#row, place * WIDTH);
  }

  /** Takes the top off the heap. */
  #sink(): void {
    this.#size -= WIDTH;
    const [heap, row, last] = [this.#heap, this.#row, this.#size / WIDTH];
    row.set(heap.subarray(this.#size, this.#size + WIDTH));
    let place = 0;
    for (let below = 1; below < last; below = 2 * place + 1) {
      if (below + 1 < last && this.#before(heap, (below + 1) * WIDTH, heap, below * WIDTH)) below += 1;
      if (!this.#before(heap, below * WIDTH, row, 0)) break;
      heap.copyWithin(place * WIDTH, below * WIDTH, below * WIDTH + WIDTH);
      place = below;
    }
    if (last > 0) heap.set(row, place * WIDTH);
  }

  #nextOf(places: readonly number[]): number {
    let best = 0;
    for (let other = 1; other < places.length; other += 1) {
      if (this.#before(this.#heap, places[other] as number, this.#heap, places[best] as number)) best = other;
    }
    return best;
  }

  /** One of the places gives way to those below it. */
  #open(places: number[], at: number): void {
    const below = 2 * (places[at] ?? 0) + WIDTH;
    const last = places.pop() as number;
    if (at < places.length) places[at] = last;
    if (below < this.#size) places.push(below);
    if (below + WIDTH < this.#size) places.push(below + WIDTH);
  }
}

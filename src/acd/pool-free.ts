import type { AgentId, EpochMs } from '../call/ids.ts';
import type { Member } from './pool-groups.ts';

/** Who is free, as one row of figures: those of one agent lie together, and no object is left for the collector. */
const TIER = 0;
const KEY = 1;
const IDLE = 2;
const WHO = 3;
const STAMP = 4;
const WIDTH = 5;
/** Room for so many figures at first. */
const LEAST = 32 * WIDTH;

/** A free agent, as he was weighed for the calls of a crew when he became free. */
export interface Mark {
  readonly id: AgentId;
  /** His place in the list. */
  readonly order: number;
  /** What decides first: his rank, and whether he breaks a share. */
  readonly tier: number;
  /** Then the strategy's figure, then since when he idles. */
  readonly key: number;
  readonly idleSince: EpochMs;
}

/** Sorts those who get a call to the front. */
export function byMark(a: Mark, b: Mark): number {
  return a.tier - b.tier || a.key - b.key || a.idleSince - b.idleSince || (a.id < b.id ? -1 : 1);
}

/** All agents by their place in the list, and of each how often he was let go: what was noted of him before is void. */
export class Roster {
  readonly members: Member[] = [];
  readonly ids: AgentId[] = [];
  stamps = new Int32Array(64);

  /** He has his place for good, though he may go. */
  add(member: Member): void {
    this.members[member.order] = member;
    this.ids[member.order] = member.agent.id;
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
  #run = new Float64Array(LEAST);
  #front = 0;
  #end = 0;
  #heap = new Float64Array(LEAST);
  #size = 0;
  /** What is being put in its place. */
  readonly #row = new Float64Array(WIDTH);
  /** The lowest tier there was: those of others would end the run, and wait in the heap. */
  #tier = Number.POSITIVE_INFINITY;
  /** Where in the heap the next may be. */
  readonly #places: number[] = [];

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Rows, void ones among them. */
  get size(): number {
    return (this.#end - this.#front + this.#size) / WIDTH;
  }

  clear(): void {
    this.#tier = Number.POSITIVE_INFINITY;
    this.#run = new Float64Array(LEAST);
    this.#heap = new Float64Array(LEAST);
    this.#front = 0;
    this.#end = 0;
    this.#size = 0;
  }

  push(tier: number, key: number, { order, agent }: Member): void {
    if (tier < this.#tier) this.#setTier(tier);
    const row = this.#row;
    row[TIER] = tier;
    row[KEY] = key;
    row[IDLE] = agent.idleSince;
    row[WHO] = order;
    row[STAMP] = this.#roster.stamps[order] as number;
    const isLast = this.#end === this.#front || !this.#before(row, 0, this.#run, this.#end - WIDTH);
    if (tier === this.#tier && isLast) this.#append();
    else this.#rise();
  }

  /** The first who is still free; undefined when there is none. */
  peek(): Mark | undefined {
    this.#dropVoid();
    const runs = this.#front < this.#end;
    if (this.#size > 0 && (!runs || this.#before(this.#heap, 0, this.#run, this.#front))) {
      return this.#markAt(this.#heap, 0);
    }
    return runs ? this.#markAt(this.#run, this.#front) : undefined;
  }

  /** The first of them in order, at most `count`; they stay. */
  first(count: number): Mark[] {
    const found: Mark[] = [];
    const places = this.#places;
    places.length = 0;
    if (this.#size > 0) places.push(0);
    for (let at = this.#front; found.length < count; ) {
      const next = this.#nextOf(places);
      const top = places[next] ?? -1;
      const takesTop = top >= 0 && (at >= this.#end || this.#before(this.#heap, top, this.#run, at));
      if (!takesTop && at >= this.#end) break;
      const from = takesTop ? this.#heap : this.#run;
      const place = takesTop ? top : at;
      if (takesTop) this.#open(places, next);
      else at += WIDTH;
      if (this.#isLive(from, place)) found.push(this.#markAt(from, place));
    }
    return found;
  }

  /** Forgets the void. */
  tidy(): void {
    let end = 0;
    for (let at = this.#front; at < this.#end; at += WIDTH) {
      if (!this.#isLive(this.#run, at)) continue;
      copyRow(this.#run, at, this.#run, end);
      end += WIDTH;
    }
    this.#front = 0;
    this.#end = end;
    const size = this.#size;
    this.#size = 0;
    for (let at = 0; at < size; at += WIDTH) {
      if (!this.#isLive(this.#heap, at)) continue;
      copyRow(this.#heap, at, this.#row, 0);
      this.#rise();
    }
  }

  #dropVoid(): void {
    while (this.#front < this.#end && !this.#isLive(this.#run, this.#front)) this.#front += WIDTH;
    if (this.#front === this.#end) this.#front = this.#end = 0; // a run of the void alone would keep whoever comes out of it
    while (this.#size > 0 && !this.#isLive(this.#heap, 0)) this.#sink();
  }

  #isLive(rows: Float64Array, at: number): boolean {
    return this.#roster.stamps[rows[at + WHO] as number] === rows[at + STAMP];
  }

  #markAt(rows: Float64Array, at: number): Mark {
    const order = rows[at + WHO] as number;
    const id = this.#roster.ids[order] as AgentId;
    return {
      id,
      order,
      tier: rows[at + TIER] as number,
      key: rows[at + KEY] as number,
      idleSince: rows[at + IDLE] as number,
    };
  }

  #before(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
    if (a[i + TIER] !== b[j + TIER]) return (a[i + TIER] as number) < (b[j + TIER] as number);
    if (a[i + KEY] !== b[j + KEY]) return (a[i + KEY] as number) < (b[j + KEY] as number);
    if (a[i + IDLE] !== b[j + IDLE]) return (a[i + IDLE] as number) < (b[j + IDLE] as number);
    const { ids } = this.#roster;
    return (ids[a[i + WHO] as number] as AgentId) < (ids[b[j + WHO] as number] as AgentId);
  }

  /** A lower one than any before: who is in the run goes into the heap. */
  #setTier(tier: number): void {
    this.#tier = tier;
    for (let at = this.#front; at < this.#end; at += WIDTH) {
      copyRow(this.#run, at, this.#row, 0);
      this.#rise();
    }
    this.#front = this.#end = 0;
  }

  #append(): void {
    if (this.#end === this.#run.length) this.#makeRoom();
    copyRow(this.#row, 0, this.#run, this.#end);
    this.#end += WIDTH;
  }

  /** By forgetting the front where that is half of the run, or by doubling. */
  #makeRoom(): void {
    if (this.#front * 2 >= this.#run.length) this.#run.copyWithin(0, this.#front, this.#end);
    else this.#run = grown(this.#run.subarray(this.#front, this.#end), 2 * this.#run.length);
    this.#end -= this.#front;
    this.#front = 0;
  }

  #rise(): void {
    if (this.#size === this.#heap.length) this.#heap = grown(this.#heap, 2 * this.#size);
    let place = this.#size / WIDTH;
    this.#size += WIDTH;
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      if (!this.#before(this.#row, 0, this.#heap, above * WIDTH)) break;
      copyRow(this.#heap, above * WIDTH, this.#heap, place * WIDTH);
      place = above;
    }
    copyRow(this.#row, 0, this.#heap, place * WIDTH);
  }

  /** Takes the top off the heap. */
  #sink(): void {
    this.#size -= WIDTH;
    const [heap, row, last] = [this.#heap, this.#row, this.#size / WIDTH];
    copyRow(heap, this.#size, row, 0);
    let place = 0;
    for (let below = 1; below < last; below = 2 * place + 1) {
      if (below + 1 < last && this.#before(heap, (below + 1) * WIDTH, heap, below * WIDTH)) below += 1;
      if (!this.#before(heap, below * WIDTH, row, 0)) break;
      copyRow(heap, below * WIDTH, heap, place * WIDTH);
      place = below;
    }
    if (last > 0) copyRow(row, 0, heap, place * WIDTH);
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

function grown(rows: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(length);
  more.set(rows);
  return more;
}

function copyRow(from: Float64Array, at: number, to: Float64Array, place: number): void {
  for (let n = 0; n < WIDTH; n += 1) to[place + n] = from[at + n] as number;
}

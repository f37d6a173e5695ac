const FINE_SEC = 30;
const WHOLE_SEC = 60;
const LAST_SEC = 7200;
const GROWTH = 1.12;
const FORGET_STAYS = 4000;
const WANTED_ENDS = 6; // a window of bins is widened until it holds this many ends
const PRIOR_ENDS = 1;

const EDGES = edges();

/** Half seconds up to half a minute, seconds up to a minute, then geometric. */
function edges(): Float64Array {
  const all: number[] = [];
  for (let at = 0; at < FINE_SEC; at += 0.5) all.push(at);
  for (let at = FINE_SEC; at < WHOLE_SEC; at += 1) all.push(at);
  for (let at = WHOLE_SEC; at < LAST_SEC; at *= GROWTH) all.push(at);
  return Float64Array.from(all);
}

function binOf(sec: number): number {
  if (sec < FINE_SEC) return Math.max(0, Math.floor(sec * 2));
  if (sec < WHOLE_SEC) return FINE_SEC * 2 + Math.floor(sec - FINE_SEC);
  const geometric = Math.floor(Math.log(sec / WHOLE_SEC) / Math.log(GROWTH) + 1e-9);
  return Math.min(EDGES.length - 1, FINE_SEC * 2 + (WHOLE_SEC - FINE_SEC) + geometric);
}

const widthOf = (bin: number): number => (EDGES[bin + 1] ?? LAST_SEC * GROWTH) - EDGES[bin]!;

/**
 * How long agents stay in a state (talk or wrap-up): the rate of its end by elapsed time, shrunk to the mean where little was
 * seen. Stays that still last count as exposure: without them long talks vanish from the estimate.
 */
export class StayHazard {
  readonly #ends = new Float64Array(EDGES.length);
  readonly #partSec = new Float64Array(EDGES.length); // time spent in the bin by those who ended in it
  readonly #rate = new Float64Array(EDGES.length); // ends per second
  readonly #priorSec: number;
  #weight = 1;

  constructor(priorSec: number) {
    this.#priorSec = priorSec;
    this.rebuild([]);
  }

  end(stayedSec: number): void {
    this.#weight *= 1 + 1 / FORGET_STAYS;
    const bin = binOf(stayedSec);
    this.#ends[bin]! += this.#weight;
    this.#partSec[bin]! += this.#weight * Math.min(widthOf(bin), stayedSec - EDGES[bin]!);
    if (this.#weight > 1e6) this.#rescale();
  }

  /** Recomputes the rates; `lasting` are the elapsed seconds of the stays that last. */
  rebuild(lasting: readonly number[]): void {
    const exposure = this.#exposure(lasting);
    const prior = PRIOR_ENDS * this.#weight;
    const ends = sum(this.#ends);
    const mean = (ends + prior) / (sum(exposure) + prior * this.#priorSec);
    for (let bin = 0; bin < EDGES.length; bin += 1) {
      const near = this.#near(bin, exposure);
      this.#rate[bin] = (near.ends + prior) / (near.sec + prior / mean);
    }
  }

  rateAt(elapsedSec: number): number {
    return this.#rate[binOf(elapsedSec)]!;
  }

  /** Sums over the bin and as many neighbours on both sides as hold enough ends to tell a rate. */
  #near(bin: number, exposure: Float64Array): { ends: number; sec: number } {
    let [ends, sec] = [this.#ends[bin]!, exposure[bin]!];
    const wanted = WANTED_ENDS * this.#weight;
    const reach = 1 + Math.floor(bin / 6);
    for (let by = 1; by <= reach && ends < wanted; by += 1) {
      ends += (this.#ends[bin - by] ?? 0) + (this.#ends[bin + by] ?? 0);
      sec += (exposure[bin - by] ?? 0) + (exposure[bin + by] ?? 0);
    }
    return { ends, sec };
  }

  #exposure(lasting: readonly number[]): Float64Array {
    const beyond = this.#ends.slice();
    const exposure = this.#partSec.slice();
    for (const elapsed of lasting) {
      const bin = binOf(elapsed);
      beyond[bin]! += this.#weight;
      exposure[bin]! += this.#weight * Math.max(0, Math.min(widthOf(bin), elapsed - EDGES[bin]!));
    }
    let passed = 0;
    for (let bin = EDGES.length - 1; bin >= 0; bin -= 1) {
      exposure[bin]! += passed * widthOf(bin);
      passed += beyond[bin]!;
    }
    return exposure;
  }

  #rescale(): void {
    for (const all of [this.#ends, this.#partSec])
      for (let bin = 0; bin < all.length; bin += 1) all[bin]! /= this.#weight;
    this.#weight = 1;
  }
}

function sum(all: Float64Array): number {
  let total = 0;
  for (const each of all) total += each;
  return total;
}

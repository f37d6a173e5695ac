import type { Clock } from '../engine/ports/time.ts';

const SAMPLES = 512;
const FRESH_MS = 60_000;
/** One slow request, as after a restart of the switch, is to turn nobody away, and the p99 of less than a hundred would be it. */
const SLOW_AT_LEAST = 3;

/** Times of the last requests. Old ones do not count: a slow minute must not turn callers away in the next. */
export class Latency {
  readonly #clock: Clock;
  readonly #at = new Float64Array(SAMPLES).fill(Number.NEGATIVE_INFINITY);
  readonly #ms = new Float64Array(SAMPLES);
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  took(ms: number): void {
    this.#at[this.#next] = this.#clock.now();
    this.#ms[this.#next] = ms;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** Of less than 300 requests the third slowest; 0 as long as there is nothing to tell. */
  p99Ms(): number {
    const since = this.#clock.now() - FRESH_MS;
    // Asked for every arriving call, so the few slowest are picked out in one pass.
    const slowest: number[] = [];
    const most = Math.ceil(SAMPLES / 100);
    let fresh = 0;
    for (const [index, ms] of this.#ms.entries()) {
      if ((this.#at[index] ?? 0) < since) continue;
      fresh += 1;
      if (slowest.length === most && ms <= (slowest[0] ?? 0)) continue;
      if (slowest.length === most) slowest.shift();
      const place = slowest.findIndex((other) => other > ms);
      slowest.splice(place < 0 ? slowest.length : place, 0, ms);
    }
    const rank = Math.max(SLOW_AT_LEAST, fresh - Math.ceil(fresh * 0.99) + 1);
    return slowest[slowest.length - rank] ?? 0;
  }
}

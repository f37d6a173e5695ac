import type { Clock } from '../../engine/ports/time.ts';

const SAMPLES = 512;
const FRESH_MS = 60_000;

/** Times of the last requests. Old ones do not count: a slow minute must not turn callers away in the next. */
export class Latency {
  readonly #clock: Clock;
  readonly #samples: { readonly at: number; readonly ms: number }[] = [];
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  took(ms: number): void {
    this.#samples[this.#next] = { at: this.#clock.now(), ms };
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** 0 as long as there is nothing to tell. */
  p99Ms(): number {
    const since = this.#clock.now() - FRESH_MS;
    const fresh = this.#samples.filter(({ at }) => at >= since).map(({ ms }) => ms);
    // Asked for every arriving call, and numbers in a typed array sort three times as fast.
    const sorted = Float64Array.from(fresh).sort();
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  }
}

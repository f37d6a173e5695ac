import type { EpochMs } from '../../src/call/ids.ts';
import type { Clock } from '../../src/engine/ports/time.ts';

interface Timer {
  readonly at: EpochMs;
  readonly nth: number;
  readonly task: () => void;
}

const A_DAY_MS = 24 * 3_600_000;

/** Time that moves only when told: a day of calls passes in milliseconds, the same way each time. */
export class SimulatedClock implements Clock {
  #now: EpochMs;
  #made = 0;
  readonly #timers = new Set<Timer>();

  constructor(now: EpochMs = Date.parse('2026-11-23T09:00:00Z')) {
    this.#now = now;
  }

  now(): EpochMs {
    return this.#now;
  }

  at(at: EpochMs, task: () => void): () => void {
    const timer = { at, nth: this.#made++, task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have neither run nor been taken back. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms`; every timer on the way runs at its own time, and what it set going is finished before the next one. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let timer = this.#next(); timer && timer.at <= until; timer = this.#next()) await this.#run(timer);
    this.#now = until;
  }

  /** The process stands still for `ms`; after it all timers that came due ring late, and what they set going is finished. */
  async standStill(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  /** Moves on from timer to timer until `isTrue`. @throws when nothing is left that could make it true, or a day has passed. */
  async runUntil(isTrue: () => boolean, what = isTrue.toString()): Promise<void> {
    const until = this.#now + A_DAY_MS;
    await settle();
    while (!isTrue()) {
      const timer = this.#next();
      if (!timer || timer.at > until) throw new Error(`it never came to: ${what}`);
      await this.#run(timer);
    }
  }

  async #run(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.task();
    await settle();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.nth < next.nth)) next = timer;
    }
    return next;
  }
}

/** All that needs no time is done when the event loop has come round. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

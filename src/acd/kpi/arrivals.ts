import type { EpochMs } from '../../call/ids.ts';
import { countUp } from './tally.ts';

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** When calls came, by the minute. */
export class Arrivals {
  readonly #minutes = new Map<EpochMs, number>();

  add(at: EpochMs): void {
    countUp(this.#minutes, at - (at % MINUTE_MS));
  }

  peakMinute(): { readonly at: EpochMs; readonly calls: number } | null {
    const [first, ...others] = this.#minutes;
    if (!first) return null;
    const [at, calls] = others.reduce((best, each) => (each[1] > best[1] ? each : best), first);
    return { at, calls };
  }

  quarters(): readonly { readonly at: EpochMs; readonly calls: number }[] {
    const quarters = new Map<EpochMs, number>();
    for (const [minute, calls] of this.#minutes) countUp(quarters, minute - (minute % QUARTER_MS), calls);
    return [...quarters].map(([at, calls]) => ({ at, calls })).toSorted((a, b) => a.at - b.at);
  }
}

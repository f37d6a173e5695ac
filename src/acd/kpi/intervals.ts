import type { EpochMs } from '../../call/ids.ts';

export const INTERVALS = ['15m', '30m', '1h', '1d', '1w'] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Span {
  readonly from: EpochMs;
  /** The first moment that is outside. */
  readonly to: EpochMs;
}

const PARTS_MS: Readonly<Partial<Record<Interval, number>>> = {
  '15m': 15 * 60_000,
  '30m': 30 * 60_000,
  '1h': 3_600_000,
};

/**
 * The intervals of a zone. Days begin at its midnight and weeks on Monday (ISO 8601), so the day on which clocks change has 23
 * or 25 hours. Parts of a day are counted off from its midnight: on such a day there are fewer or more of them.
 */
export class Intervals {
  readonly #every: Interval;
  readonly #zone: string;
  #day: Span = { from: 0, to: 0 };

  /** @param zone an IANA name */
  constructor(every: Interval, zone: string) {
    this.#every = every;
    this.#zone = zone;
  }

  /** The interval that a moment lies in. */
  around(at: EpochMs): Span {
    if (at < this.#day.from || at >= this.#day.to) this.#day = this.#dayOf(at);
    const { from, to } = this.#day;
    const partMs = PARTS_MS[this.#every];
    if (partMs === undefined) return this.#day;
    const begin = at - ((at - from) % partMs);
    return { from: begin, to: Math.min(to, begin + partMs) };
  }

  /** All that touch the span, in order. */
  *within({ from, to }: Span): Generator<Span> {
    for (let at = from; at < to; ) {
      const span = this.around(at);
      yield span;
      at = span.to;
    }
  }

  /** A day, or the week it is in. */
  #dayOf(at: EpochMs): Span {
    const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#zone).startOfDay();
    const isWeek = this.#every === '1w';
    const begin = isWeek ? day.subtract({ days: day.dayOfWeek - 1 }).startOfDay() : day;
    const end = begin.add({ days: isWeek ? 7 : 1 }).startOfDay();
    return { from: begin.epochMilliseconds, to: end.epochMilliseconds };
  }
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTryAt } from '../../../src/events/webhook-retry.ts';

const DAY_MS = 86_400_000;

/** All tries of a message that nobody takes, ms after the first. */
function triesOf(chance: () => number): readonly number[] {
  const times = [0];
  for (;;) {
    const at = nextTryAt({ tries: times.length, firstAt: 0 }, times.at(-1) ?? 0, chance());
    if (at === null) return times;
    times.push(at);
  }
}

describe('the tries of a message', () => {
  it('come soon at first, then ever more rarely, for a day', () => {
    const minutes = triesOf(() => 0.5).map((at) => Math.round(at / 6_000) / 10);
    expect(minutes.slice(0, 8)).toEqual([0, 0.1, 0.6, 2.6, 12.6, 42.6, 102.6, 222.6]);
    expect(minutes.at(-1)).toBe(1_440);
    expect(minutes.length).toBeLessThan(22);
  });

  it('go on for a day and no longer, each later than the one before and at a whole ms, whatever chance says', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (chances) => {
        const tries = triesOf(() => chances.next().value);
        expect(tries.at(-1)).toBe(DAY_MS);
        expect(tries.filter((at) => !Number.isInteger(at))).toEqual([]);
        for (const [nth, at] of tries.entries()) expect(at).toBeGreaterThan(tries[nth - 1] ?? -1);
      }),
    );
  });

  it('spread, where many failed together', () => {
    const [least, most] = [0, 1].map((chance) => nextTryAt({ tries: 3, firstAt: 0 }, 60_000, chance) ?? 0);
    expect((most ?? 0) - (least ?? 0)).toBeCloseTo(0.2 * 120_000);
  });

  it('give a receiver the time he asks for, up to an hour', () => {
    expect(nextTryAt({ tries: 1, firstAt: 0 }, 0, 0.5, 60_000)).toBe(60_000);
    expect(nextTryAt({ tries: 1, firstAt: 0 }, 0, 0.5, 1)).toBe(5_000);
    expect(nextTryAt({ tries: 1, firstAt: 0 }, 0, 0.5, 7 * DAY_MS)).toBe(3_600_000);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FinishFacts, finishOf } from '../../../src/dialer/finish.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 60 dials a minute, each lead done by one dial. */
const EVEN: FinishFacts = {
  now: 10 * HOUR,
  leads: 600,
  done: 599,
  dials: 599,
  maxAttempts: 1,
  retryAfterMs: HOUR,
  pace: Array.from({ length: 10 }, () => ({ ms: MINUTE, dials: 60 })),
  cps: 10,
  lines: 100,
  lineMs: 20_000,
  lastDueAt: null,
  leastAttempts: 0,
  hours: null,
};

const minutes = (facts: FinishFacts) => {
  const found = finishOf(facts);
  return found && [found.low, found.likely, found.high].map((at) => Math.round((at - facts.now) / MINUTE));
};

describe('when a campaign is done', () => {
  it('at an even pace in leads ÷ pace, a little sooner or later', () => {
    expect(minutes(EVEN)).toEqual([10, 10, 11]);
  });

  it('an uneven pace makes a wide range', () => {
    const pace = Array.from({ length: 10 }, (_, nth) => ({ ms: MINUTE, dials: nth % 2 === 0 ? 110 : 10 }));
    const [low = 0, likely, high = 0] = minutes({ ...EVEN, pace }) ?? [];
    expect(likely).toBe(10);
    expect(low).toBeLessThan(9);
    expect(high).toBeGreaterThan(11);
  });

  it('nothing is told of little: under 20 dials, or a minute, or no lead', () => {
    expect(minutes({ ...EVEN, pace: [{ ms: 10 * MINUTE, dials: 19 }] })).toBeNull();
    expect(minutes({ ...EVEN, pace: [{ ms: MINUTE - 1, dials: 500 }] })).toBeNull();
    expect(minutes({ ...EVEN, leads: 0 })).toBeNull();
  });

  it('leads that take several dials take their time, and the pauses between', () => {
    const retried = { ...EVEN, maxAttempts: 3, done: 200, dials: 599 };
    const [, likely = 0] = minutes(retried) ?? [];
    expect(likely).toBe(120);
    const none = minutes({ ...retried, retryAfterMs: 0 }) ?? [];
    expect(none[1]).toBe(21);
    expect(minutes({ ...retried, retryAfterMs: 0, lastDueAt: EVEN.now + 300 * MINUTE })?.[0]).toBe(300);
  });

  it('goes on tomorrow when nobody may be called at night', () => {
    const hours = Array.from({ length: 30 }, (_, nth) => ({
      at: nth === 0 ? EVEN.now + 30 * MINUTE : (10 + nth) * HOUR,
      leads: nth === 0 || nth > 20 ? 100 : 0,
    }));
    expect(minutes({ ...EVEN, now: EVEN.now + 30 * MINUTE, leads: 60 * 40, hours })?.[1]).toBe(20 * 60 + 40);
  });

  it('is never before what lines and call starts allow, never before who waits longest, and in order', () => {
    const facts = fc.record({
      now: fc.constant(HOUR),
      leads: fc.integer({ min: 1, max: 1_000_000 }),
      done: fc.nat(10_000),
      dials: fc.nat(10_000),
      maxAttempts: fc.integer({ min: 1, max: 10 }),
      retryAfterMs: fc.nat(HOUR),
      pace: fc.array(fc.record({ ms: fc.integer({ min: 1, max: 2 * MINUTE }), dials: fc.nat(500) }), { maxLength: 12 }),
      cps: fc.double({ min: 0.1, max: 100, noNaN: true }),
      lines: fc.integer({ min: 1, max: 500 }),
      lineMs: fc.option(fc.integer({ min: 1, max: 5 * MINUTE })),
      lastDueAt: fc.option(fc.nat(3 * HOUR)),
      leastAttempts: fc.nat(3),
      hours: fc.option(
        fc.array(fc.nat(3), { maxLength: 20 }).map((all) => all.map((leads, nth) => ({ at: (nth + 1) * HOUR, leads }))),
      ),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const found = finishOf(given);
        if (!found) return;
        const { now, leads, cps, lines, lineMs, lastDueAt } = given;
        const least = Math.max((leads * 1_000) / cps, lineMs === null ? 0 : (leads * lineMs) / lines);
        expect(found.low - now).toBeGreaterThanOrEqual(Math.floor(least));
        expect(found.low).toBeGreaterThanOrEqual(lastDueAt ?? 0);
        expect(found.likely).toBeGreaterThanOrEqual(found.low);
        expect(found.high).toBeGreaterThanOrEqual(found.likely);
        expect(Number.isSafeInteger(found.high)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, ratios, setupOf, type Step, sustained, total } from '../../../bench/calls/statistics.ts';

const step = (change: Partial<Step>): Step => ({
  responder: 'callwright',
  perSecond: 10,
  calls: 80,
  failed: 0,
  why: {},
  resent: 0,
  setupMs: { p50: 4, p95: 8, p99: 20 },
  cpuMsPerCall: { callwright: 6, asterisk: 5, redis: 1, sql: 2 },
  otherLoad: 0,
  ...change,
});
const bare = (change: Partial<Step> = {}): Step =>
  step({ responder: 'bare', setupMs: { p50: 2, p95: 4, p99: 5 }, cpuMsPerCall: { bare: 2, asterisk: 3 }, ...change });

describe('quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0, 1],
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('takes the nearest rank of 1…100 at %d', (share, value) => {
    expect(quantile(hundred, share)).toBe(value);
  });

  it('of nothing is nothing', () => {
    expect([quantile([], 0.5), setupOf([])]).toEqual([null, null]);
  });

  it('is a value that was measured, with at least that share at or below it', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (times, share) => {
        const sorted = times.toSorted((a, b) => a - b);
        const found = quantile(sorted, share) ?? -1;
        const atOrBelow = sorted.filter((time) => time <= found).length;
        expect(sorted).toContain(found);
        expect(atOrBelow).toBeGreaterThanOrEqual(Math.ceil(share * sorted.length));
      }),
    );
  });
});

describe('a step', () => {
  it('takes times in any order', () => {
    expect(setupOf([30, 10, 20])).toEqual({ p50: 20, p95: 30, p99: 30 });
  });

  it.each([
    ['all answered in time', {}, true],
    ['one failed', { failed: 1 }, false],
    ['p99 of exactly a second', { setupMs: { p50: 4, p95: 8, p99: 1_000 } }, true],
    ['p99 over a second', { setupMs: { p50: 4, p95: 8, p99: 1_000.1 } }, false],
    ['nobody answered', { setupMs: null }, false],
  ] as const)('%s: a higher rate %o', (_, change, expected) => {
    expect(sustained(step(change))).toBe(expected);
  });

  it('costs what its parts cost', () => {
    expect([total(step({})), total(bare())]).toEqual([14, 5]);
  });
});

describe('ratios', () => {
  it('compare the two at the same rate, and only where both were measured', () => {
    const steps = [step({}), bare(), step({ perSecond: 20 }), bare({ perSecond: 40 })];
    expect(ratios(steps)).toEqual([{ perSecond: 10, setup: { p50: 2, p95: 2, p99: 4 }, cpuResponder: 3, cpuAll: 2.8 }]);
  });

  it('tell no times when one of them answered nobody', () => {
    expect(ratios([step({}), bare({ setupMs: null })])).toMatchObject([{ setup: null, cpuAll: 2.8 }]);
  });
});

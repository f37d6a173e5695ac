import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Price } from '../../../../src/dialer/pacing/price.ts';

const CAP = 0.03;
const PACE = 0.78; // what is saved, at most, of what is earned

const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.double({ min: 0, max: 500, noNaN: true });

describe('the price of a lost caller', () => {
  it('holds back no more than its pace of what was earned, and never more than it wants', () => {
    fc.assert(
      fc.property(fc.nat(20_000), share, amount, share, (live, passed, surge, left) => {
        const price = new Price(CAP);
        const theta = price.steer(live, left * CAP * live, { held: false, passed, surge });
        expect(price.reserve).toBeLessThanOrEqual(PACE * CAP * live + 1e-9);
        expect(price.reserve).toBeLessThanOrEqual(0.5 + Math.sqrt(CAP * live) + surge + 1e-9);
        expect(theta).toBeGreaterThanOrEqual(0.0019);
        expect(theta).toBeLessThanOrEqual(0.61);
      }),
    );
  });

  it('is lower by what is saved while a sudden change is saved for, and learns nothing of that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), share, (surge, short) => {
        const price = new Price(CAP);
        let theta = 0;
        // Half of the pace is reached at worst, so that there is always too little to hold back.
        for (let live = 0; PACE * CAP * live < surge; live += 10)
          theta = price.steer(live, PACE * CAP * live * (1 - short / 2), { held: false, passed: 0.5, surge });
        expect(theta).toBeLessThan((1 - PACE) * 0.0201);
        // What was wanted is there: the price is at once what it was at first.
        const now = { held: true, passed: 0.5, surge };
        price.steer(50_000, 0, now);
        const again = price.steer(50_000, price.reserve, now);
        expect(again).toBeCloseTo(0.02, 6);
      }),
    );
  });
});

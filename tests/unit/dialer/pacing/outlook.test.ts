import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, outlook } from '../../../../src/dialer/pacing/outlook.ts';

const group = (kind: Group['kind'], count: number, p: number): Group => ({ kind, count, by: Float64Array.of(p) });
const ONE_STEP = { launch: Float64Array.of(0.3), doubt: 0 };
const WITHIN = Float64Array.of(0.3);

/** Chance of each number of successes, by adding up every combination. */
function combinations(chances: readonly number[]): number[] {
  const pmf = Array.from({ length: chances.length + 1 }, () => 0);
  for (let mask = 0; mask < 1 << chances.length; mask += 1) {
    let [p, hits] = [1, 0];
    chances.forEach((chance, at) => {
      const hit = (mask >> at) & 1;
      p *= hit === 1 ? chance : 1 - chance;
      hits += hit;
    });
    pmf[hits]! += p;
  }
  return pmf;
}

function lossByHand(margin: number, agents: readonly number[], calls: readonly number[]): number {
  const [free, answered] = [combinations(agents), combinations(calls)];
  let lost = 0;
  free.forEach((p, come) => answered.forEach((q, want) => (lost += margin + come - want <= 0 ? p * q : 0)));
  return lost;
}

describe('the look-ahead', () => {
  it('is what adding up every combination gives, while few are out', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    const few = fc.array(chance, { maxLength: 5 });
    fc.assert(
      fc.property(few, few, fc.integer({ min: -3, max: 4 }), fc.nat(3), (agents, calls, margin, n) => {
        const groups = [...agents.map((p) => group('agents', 1, p)), ...calls.map((p) => group('calls', 1, p))];
        const launched = Array.from({ length: n }, () => 0.3);
        const loss = outlook({ margin, groups, ...ONE_STEP }).lossOf(WITHIN, n);
        expect(loss).toBeCloseTo(lossByHand(margin, agents, [...calls, ...launched]), 9);
      }),
    );
  });

  it('by moments beyond, within half a point of the exact', () => {
    for (const margin of [-3, 0, 3, 8]) {
      const exact = outlook({ margin, groups: [group('agents', 15, 0.2), group('calls', 25, 0.25)], ...ONE_STEP });
      // One more call that nobody can answer changes nothing, but there are too many now to fold one by one.
      const nobody = group('calls', 1, 0);
      const groups = [group('agents', 15, 0.2), group('calls', 25, 0.25), nobody];
      const moments = outlook({ margin, groups, ...ONE_STEP });
      for (const n of [0, 1, 10])
        expect(Math.abs(moments.lossOf(WITHIN, n) - exact.lossOf(WITHIN, n))).toBeLessThan(0.005);
    }
  });

  it('a further launch never makes a loss less likely, few or many', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(200), fc.integer({ min: -20, max: 40 }), (busy, calls, margin) => {
        const groups = [group('agents', busy, 0.2), group('calls', calls, 0.1)];
        const ahead = outlook({ margin, groups, ...ONE_STEP });
        const losses = [0, 1, 5, 20].map((n) => ahead.lossOf(WITHIN, n));
        losses.slice(1).forEach((loss, at) => expect(loss).toBeGreaterThanOrEqual(losses[at]! - 1e-6));
      }),
    );
  });

  it.each([
    ['each call has its idle agent', 5, [group('calls', 5, 0.9)], 0, 0],
    ['one more than idle agents may be lost', 5, [group('calls', 6, 0.9)], 0, 1],
    ['and one more for each launch', 5, [group('calls', 6, 0.9)], 3, 4],
    ['people who wait and have nobody are lost', -2, [], 0, 2],
    ['an agent who is sure to come free counts', 0, [group('agents', 2, 1), group('calls', 2, 0.9)], 0, 0],
    ['so it is of many', 70, [group('calls', 70, 0.9)], 0, 0],
  ] as const)('quantile of loss: %s', (_, margin, groups, n, lost) => {
    expect(outlook({ margin, groups, ...ONE_STEP }).lossQuantile(n, 1e-6)).toBe(lost);
  });
});

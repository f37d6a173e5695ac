import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ranks, spreadOfRanks } from '../../../src/acd/kpi/ranks.ts';
import { spreadOf } from '../../../src/acd/kpi/spread.ts';

const ranksOf = (values: readonly number[]): Ranks => {
  const ranks = new Ranks();
  for (const value of values) ranks.add(value);
  return ranks;
};

it('quantiles of runs are those of all values put in order', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 10_000_000_000 }));
  fc.assert(
    fc.property(fc.array(value), fc.array(value), fc.integer({ min: 0, max: 9_000 }), (some, others, times) => {
      // More than a run of 4,096 holds, now and then.
      const many = Array.from({ length: times }, (_, i) => (i * 7_919) % 1_000);
      expect(spreadOfRanks([ranksOf([...some, ...many]), ranksOf(others)])).toEqual(
        spreadOf([...some, ...many, ...others]),
      );
    }),
    { numRuns: 50 },
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BUCKET_MS, WaitCounts } from '../../../src/work/wait-counts.ts';

const [TARGET, SHORT] = [20_000, 5_000];
const NOW = 1_793_606_400_000;
const wait = fc.record({
  queue: fc.constantFrom('support', 'billing'),
  at: fc.integer({ min: NOW - 3_600_000, max: NOW }),
  how: fc.constantFrom('answered' as const, 'abandoned' as const, 'unserved' as const, 'left' as const),
  ms: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.constantFrom(SHORT, TARGET)),
});

it('counts as one who goes through the calls one by one', () => {
  fc.assert(
    fc.property(fc.array(wait), fc.integer({ min: 0, max: 60 }), (waits, minutes) => {
      const since = NOW - minutes * 60_000;
      const counts = new WaitCounts();
      for (const each of waits) counts.see(each, TARGET, SHORT);
      counts.forget(since);
      const seen = waits.filter(({ queue, at }) => queue === 'support' && at >= since - (since % BUCKET_MS));
      const of = (how: string, is: (ms: number) => boolean = () => true) =>
        seen.filter((each) => each.how === how && is(each.ms)).length;
      const level = [
        of('answered', (ms) => ms <= TARGET),
        of('answered') + of('abandoned', (ms) => ms > TARGET) + of('unserved'),
      ] as const;
      const long = of('abandoned', (ms) => ms > SHORT);
      const lost = [long, seen.length - of('abandoned') + long] as const;
      for (const [[part, whole], counted] of [
        [level, counts.serviceLevel('support', since)],
        [lost, counts.abandonment('support', since)],
      ] as const) {
        expect(counted).toEqual({ value: whole > 0 ? part / whole : null, sample: whole });
      }
    }),
  );
});

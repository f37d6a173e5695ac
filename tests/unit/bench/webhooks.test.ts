import { expect, it } from 'vitest';
import { ratioIntervals } from '../../../bench/webhooks/bootstrap.ts';
import { type Delivery, noiseOf, type Phase, rowsOf } from '../../../bench/webhooks/figures.ts';
import { tableOf } from '../../../bench/webhooks/table.ts';
import { mulberry32 } from '../../support/chance.ts';

const delivery: Delivery = { receiver: 'down', events: 5, missing: 0, doubles: 1, outOfOrder: 0, caughtUpMs: 900 };
const well = (change: Partial<Phase> = {}): Phase => ({
  mood: 'down',
  side: 'well',
  setupMs: [4, 10],
  failed: 0,
  peakMb: 110,
  otherLoad: 0,
  ...change,
});
const amiss = (setupMs: readonly number[], change: Partial<Phase> = {}): Phase =>
  well({ side: 'amiss', setupMs, ...change });

/** As many calls as somebody asks for, `slower` than they would be. */
const calls = (seed: number, many: number, slower = 1): number[] => {
  const chance = mulberry32(seed);
  return Array.from({ length: many }, () => slower * (8 + 3 * chance() + 2 * chance() ** 3));
};
const day = (slower: number, many = 60): readonly Phase[] =>
  Array.from({ length: 15 }, (_, nth) => [
    well({ setupMs: calls(nth, many) }),
    amiss(calls(100 + nth, many, slower)),
  ]).flat();

it('holds a p99 to ten percent, and only what so many calls can tell', () => {
  expect(rowsOf(day(1))[0]).toMatchObject({ mood: 'all', verdict: 'within' });
  expect(rowsOf(day(1.2))[0]).toMatchObject({ verdict: 'beyond' });
  expect(rowsOf(day(0.8))[0]).toMatchObject({ verdict: 'beyond' });
  const few = [well({ setupMs: calls(1, 5) }), amiss(calls(2, 5))];
  expect(rowsOf(few)[0]?.verdict).toBe('unclear');
});

it('tells the ratio of each quantile with an interval around it, the same every time', () => {
  const [row] = rowsOf(day(1.05));
  expect(row?.compared.map(({ quantile }) => quantile)).toEqual(['p50', 'p90', 'p99']);
  for (const { ratio, interval, well: one, amiss: other } of row?.compared ?? []) {
    expect(ratio).toBe(other / one);
    expect(interval.low).toBeLessThan(ratio);
    expect(interval.high).toBeGreaterThan(ratio);
  }
  const p50 = row?.compared[0];
  expect(p50?.ratio).toBeCloseTo(1.05, 1);
  expect((p50?.interval.high ?? 0) - (p50?.interval.low ?? 0)).toBeLessThan(0.1);
  expect(rowsOf(day(1.05))).toEqual(rowsOf(day(1.05)));
});

it('draws whole phases: one slow phase of two makes the interval wide, however many calls it has', () => {
  const [fast, slow] = [calls(1, 100), calls(2, 100, 3)];
  const [interval] = ratioIntervals([calls(3, 100), calls(4, 100)], [fast, slow], [0.99]) ?? [];
  expect(interval?.low).toBeLessThan(1.2);
  expect(interval?.high).toBeGreaterThan(2.5);
});

it('compares each kind with all phases beside the receiver that is well', () => {
  const slow = { mood: 'slow', peakMb: 140 } as const;
  const rows = rowsOf([
    well(),
    amiss([4, 10]),
    well({ mood: 'slow', setupMs: [5] }),
    amiss([4], { failed: 1, ...slow }),
  ]);
  expect(rows).toMatchObject([
    { mood: 'all', calls: 4, failed: 1, peakMb: 140 },
    { mood: 'down', calls: 2, failed: 0, peakMb: 110 },
    { mood: 'slow', calls: 2, failed: 1, peakMb: 140 },
  ]);
  expect(rows.map(({ compared }) => compared[0]?.well)).toEqual([5, 5, 5]);
});

it('holds nothing to be the same where nobody was answered', () => {
  expect(rowsOf([well({ setupMs: [] }), amiss([4])])[0]).toMatchObject({ compared: [], verdict: 'unclear' });
});

it('tells what phases beside the receiver that is well differ by, and nothing with one of them', () => {
  expect(noiseOf([well(), amiss([50]), well({ setupMs: [5] })])).toBe(0.5);
  expect(noiseOf([well(), amiss([50])])).toBeNull();
});

it('says in words what was found, and beside what load', () => {
  const table = tableOf([well({ otherLoad: 0.5, setupMs: [10, 10] }), amiss([12, 12])], [delivery]);
  expect(table).toMatch(/p99 +10\.0 +12\.0 +1\.20/);
  expect(table).toMatch(/refuses connections +2 +0 +12\.0 +1\.20/);
  expect(table).toMatch(/refuses connections +5 +0 +0 +1 +0\.9/);
  expect(table).toContain('p99 beside receivers that are not well is beyond ±10 % with its whole interval.');
  expect(table).toContain('1 of 2 phases ran beside over 10 % of other load.');
});

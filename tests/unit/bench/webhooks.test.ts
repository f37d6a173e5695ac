import { expect, it } from 'vitest';
import { noiseOf, type Phase, rowsOf } from '../../../bench/webhooks/figures.ts';
import { tableOf } from '../../../bench/webhooks/table.ts';

const delivery = { events: 5, missing: 0, messages: 6, doubles: 1, outOfOrder: 0, caughtUpMs: 900 };
const phase = (change: Partial<Phase> = {}): Phase => ({
  mood: 'down',
  hasWebhook: false,
  setupMs: [4, 10],
  failed: 0,
  memoryMb: { before: 100, peak: 110 },
  otherLoad: 0,
  delivery: null,
  ...change,
});
const sent = (setupMs: readonly number[], change: Partial<Phase> = {}): Phase =>
  phase({ hasWebhook: true, setupMs, delivery, ...change });

it.each([
  [10.9, true],
  [9.1, true],
  [11.1, false],
  [8.9, false],
])('holds a p99 of %d ms beside 10 ms to ten percent', (p99, isWithin) => {
  expect(rowsOf([phase(), sent([4, p99])])).toMatchObject([{ mood: 'down', isWithin, p99Ratio: p99 / 10 }]);
});

it('takes all phases of a mood together: calls, the most memory, what was delivered, the longest way back', () => {
  const memoryMb = { before: 100, peak: 140 };
  const late = { ...delivery, missing: 2, caughtUpMs: 4_000 };
  const [row] = rowsOf([phase(), sent([4, 10]), sent([4], { failed: 1, memoryMb, delivery: late }), phase()]);
  expect(row).toMatchObject({
    calls: 8,
    failed: 1,
    memoryMb: { without: 110, with: 140 },
    delivery: { events: 10, missing: 2, doubles: 2, caughtUpMs: 4_000 },
  });
});

it('holds nothing to be the same where nobody was answered', () => {
  expect(rowsOf([phase({ setupMs: [] }), sent([4])])).toMatchObject([{ p99Ratio: null, isWithin: false }]);
});

it('tells what phases without a webhook differ by, and nothing with one of them', () => {
  expect(noiseOf([phase(), sent([50]), phase({ setupMs: [5] })])).toBe(0.5);
  expect(noiseOf([phase(), sent([50])])).toBeNull();
});

it('marks what is too far off, and says beside what load it was measured', () => {
  const table = tableOf([phase({ otherLoad: 0.5 }), sent([4, 12])]);
  expect(table).toMatch(/refuses connections +4 +0 +4\.0 +4\.0 +10\.0 +12\.0 +! 1\.20/);
  expect(table).toContain('p99 is not within ±10 %: refuses connections.');
  expect(table).toContain('1 of 2 phases ran beside over 10 % of other load.');
});

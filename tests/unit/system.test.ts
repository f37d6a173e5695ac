import { afterEach, expect, test, vi } from 'vitest';
import { systemClock, systemIds } from '../../src/system.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('ids sort by the time of making, also thousands of them in one millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => systemIds.next('lead'));
  expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a timer that comes early rings no earlier than its time, nor one that the clock was set back under', () => {
  let now = 1_000;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  const rung: number[] = [];
  systemClock.at(1_100, () => rung.push(now));
  now = 1_099;
  vi.advanceTimersByTime(100);
  expect(rung).toEqual([]);
  now = 900;
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([]);
  now = 1_100;
  vi.advanceTimersByTime(200);
  expect(rung).toEqual([1_100]);
  vi.advanceTimersByTime(10_000);
  expect(rung).toEqual([1_100]);
});

test('a timer that was taken back while it waits on does not ring', () => {
  let now = 1_000;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  const ring = vi.fn();
  const cancel = systemClock.at(1_100, ring);
  now = 1_099;
  vi.advanceTimersByTime(100);
  cancel();
  now = 2_000;
  vi.advanceTimersByTime(10_000);
  expect(ring).not.toHaveBeenCalled();
});

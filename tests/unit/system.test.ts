import { expect, test } from 'vitest';
import { systemIds } from '../../src/system.ts';

test('ids sort by the time of making, also thousands of them in one millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => systemIds.next('lead'));
  expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

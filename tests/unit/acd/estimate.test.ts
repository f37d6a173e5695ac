import { describe, expect, it } from 'vitest';
import { expectedWaitMs, waitRange } from '../../../src/acd/estimate.ts';

const MINUTE = 60_000;

describe('the estimated wait', () => {
  it.each([
    ['somebody is free', { place: 1, agents: 1, free: 1, meanHandleMs: null }, 0],
    ['as many are free as wait', { place: 3, agents: 3, free: 3, meanHandleMs: MINUTE }, 0],
    ['one agent, third place', { place: 3, agents: 1, free: 0, meanHandleMs: 4 * MINUTE }, 12 * MINUTE],
    ['the work is shared', { place: 3, agents: 6, free: 0, meanHandleMs: 4 * MINUTE }, 2 * MINUTE],
    ['nobody serves the queue', { place: 1, agents: 0, free: 0, meanHandleMs: MINUTE }, null],
    ['nobody knows how long calls take', { place: 1, agents: 2, free: 0, meanHandleMs: null }, null],
  ])('%s', (_title, seen, expected) => {
    expect(expectedWaitMs(seen)).toBe(expected);
  });

  it.each([
    [0, 1, 2],
    [20_000, 1, 2],
    [2 * MINUTE, 1, 3],
    [4 * MINUTE, 3, 6],
    [20 * MINUTE, 15, 30],
  ])('of %i ms is told as a range of minutes', (estimateMs, from, to) => {
    expect(waitRange(estimateMs)).toEqual({ from, to });
  });
});

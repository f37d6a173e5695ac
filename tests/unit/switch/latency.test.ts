import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Latency } from '../../../src/switch/latency.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

describe('latency', () => {
  it('is the p99 of the last 512 requests', () => {
    const latency = new Latency(new SimulatedClock());
    expect(latency.p99Ms()).toBe(0);
    for (let ms = 1; ms <= 512; ms++) latency.took(ms);
    expect(latency.p99Ms()).toBe(507);
    for (let i = 0; i < 512; i++) latency.took(3);
    expect(latency.p99Ms()).toBe(3);
  });

  it('is that of nearest rank, but never one or two slow ones alone', () => {
    const times = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 600 });
    fc.assert(
      fc.property(times, (all) => {
        const latency = new Latency(new SimulatedClock());
        for (const ms of all) latency.took(ms);
        const sorted = all.slice(-512).toSorted((a, b) => a - b);
        const rank = Math.min(Math.ceil(sorted.length * 0.99), sorted.length - 2);
        expect(latency.p99Ms()).toBe(sorted[rank - 1] ?? 0);
      }),
    );
  });

  it('forgets a slow minute', async () => {
    const clock = new SimulatedClock();
    const latency = new Latency(clock);
    for (let i = 0; i < 5; i++) latency.took(4_000);
    expect(latency.p99Ms()).toBe(4_000);
    await clock.advance(61_000);
    expect(latency.p99Ms()).toBe(0);
  });
});

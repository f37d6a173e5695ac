import { describe, expect, it } from 'vitest';
import { Latency } from '../../../src/switch/asterisk/latency.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

describe('latency', () => {
  it('is the p99 of the last requests', () => {
    const latency = new Latency(new SimulatedClock());
    expect(latency.p99Ms()).toBe(0);
    for (let ms = 1; ms <= 100; ms++) latency.took(ms);
    expect(latency.p99Ms()).toBe(99);
    for (let i = 0; i < 512; i++) latency.took(3);
    expect(latency.p99Ms()).toBe(3);
  });

  it('forgets a slow minute', async () => {
    const clock = new SimulatedClock();
    const latency = new Latency(clock);
    latency.took(4_000);
    await clock.advance(61_000);
    expect(latency.p99Ms()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { CampaignRounds } from '../../../src/engine/campaign-rounds.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

function dialer(nth = 0, clock = new SimulatedClock()) {
  const seen = { rounds: 0, ticks: 0, at: [] as number[] };
  const rounds = new CampaignRounds({
    clock,
    round: async () => void (seen.rounds += 1),
    tick: () => {
      seen.ticks += 1;
      seen.at.push(clock.now());
      rounds.kick();
    },
    nth,
  });
  /** Woken each `everyMs` for `ms`. */
  const woken = async (ms: number, everyMs: number) => {
    for (let at = 0; at < ms; at += everyMs) {
      rounds.kick();
      await clock.advance(everyMs);
    }
  };
  return { clock, rounds, seen, woken };
}

describe('when a dialer decides', () => {
  it('at once where little happens, and on its tick when nothing does', async () => {
    const { clock, rounds, seen } = dialer();
    rounds.kick();
    await rounds.idle();
    expect(seen).toMatchObject({ rounds: 1, ticks: 0 });
    await clock.advance(2_600);
    expect(seen).toMatchObject({ rounds: 6, ticks: 5 });
  });

  it('twenty times a second at most on a large floor, and never misses the last thing that happened', async () => {
    const { clock, rounds, seen, woken } = dialer();
    await woken(10_000, 2);
    expect(seen.rounds).toBeGreaterThan(190);
    expect(seen.rounds).toBeLessThanOrEqual(212);
    const before = seen.rounds;
    rounds.kick();
    await clock.advance(50);
    expect(seen.rounds).toBeGreaterThan(before);
  });

  it('ticks however often it is woken between two ticks', async () => {
    const { seen, woken } = dialer();
    await woken(10_000, 7);
    expect(seen.ticks).toBeGreaterThanOrEqual(18);
  });

  it('ticks at moments of its own beside nineteen others that began with it', async () => {
    const clock = new SimulatedClock();
    const all = Array.from({ length: 20 }, (_, nth) => dialer(nth, clock));
    for (const { rounds } of all) rounds.kick();
    await clock.advance(2_000);
    const ticks = all.flatMap(({ seen }) => seen.at).toSorted((a, b) => a - b);
    const last = ticks.slice(-20);
    const apart = last.slice(1).map((at, i) => at - (last[i] ?? 0));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...apart)).toBeLessThanOrEqual(50);
    for (const { seen } of all) expect(seen.ticks).toBeGreaterThanOrEqual(3);
  });

  it('is silent once it is stopped, with a round to come or not', async () => {
    const { clock, rounds, seen, woken } = dialer();
    await woken(1_000, 1);
    rounds.stop();
    const { rounds: before } = seen;
    rounds.kick();
    await clock.advance(5_000);
    expect(seen.rounds).toBe(before);
  });
});

import { expect, it } from 'vitest';
import { ManyCalls, ManyFloor, type Session } from '../../../bench/pacing/many-floor.ts';
import { manyHouse } from '../../../bench/pacing/many-house.ts';
import type { Candidate } from '../../../src/acd/queue.ts';
import { PLAIN_DAY } from '../../../src/dialer/lab/index.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

/** Counts what a pass over all of it looks at. */
class Watched<T> extends Map<string, T> {
  looks = 0;

  override *values(): MapIterator<T> {
    for (const value of super.values()) {
      this.looks += 1;
      yield value;
    }
  }
}

const SECONDS = 4;
const STEP_MS = 10;

/** Plays some campaigns of ten agents and forty calls in flight each; answers how many of all calls were looked at, and how much moved. */
async function played(count: number) {
  const clock = new SimulatedClock();
  const [sessions, agents] = [new Watched<Session>(), new Map<string, Candidate>()];
  const calls = new ManyCalls(sessions);
  const campaigns = Array.from({ length: count }, (_, n): Campaign => {
    return { ...AUTUMN, mode: 'predictive', maxLines: 1_000, id: `c${n}`, status: 'running', createdAt: clock.now() };
  });
  const house = manyHouse({ clock, campaigns, calls, agents });
  let moves = 0;
  const ears = {
    moved: (...[state, before]: Parameters<typeof house.moved>) => {
      moves += 1;
      house.moved(state, before);
    },
    agent: (agent: Candidate) => house.fleet.follows(agent),
    said: () => undefined,
  };
  const parts = { ears, calls, agents, inFlight: 40, perSec: 12 };
  const floors = campaigns.map(
    (campaign, n) => new ManyFloor(campaign, { ...PLAIN_DAY, maxRingSec: 4, agents: 10, seed: n }, parts),
  );
  await house.fleet.resume();
  const go = async () => {
    for (let ms = 0; ms < 1_000 * SECONDS; ms += STEP_MS) {
      for (const floor of floors) floor.runUntil(clock.now());
      await clock.advance(STEP_MS);
    }
  };
  await go();
  [sessions.looks, moves] = [0, 0];
  await go();
  house.fleet.stop();
  return { looks: sessions.looks / sessions.size, moves };
}

it('goes through all calls of the house twice a second, however many campaigns there are and however much happens', async () => {
  const [few, many] = [await played(4), await played(12)];
  // For the lines of the trunks; a pass for each campaign's look would be half a time more for each, one for each move hundreds.
  expect(many.moves).toBeGreaterThan(100 * SECONDS);
  for (const { looks } of [few, many]) {
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(1.3 * SECONDS * 2);
  }
});

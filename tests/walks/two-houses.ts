import type { JournalEvent } from '../../src/call/journal.ts';
import type { Site } from '../../src/engine/site.ts';
import { WalkHouse } from './house.ts';

/** Two processes, each with its own switch, on one live store; the first that starts leads. */
export async function twoHouses(site: Partial<Site> = {}) {
  const first = new WalkHouse(site);
  const second = new WalkHouse(site, { house: first, node: 'fake-2' });
  await first.start();
  await second.start();
  await first.clock.advance(100);
  return { first, second, houses: [first, second] as const, clock: first.clock };
}

/**
 * What both wrote down, in the order of time: what was done while the store was away is written later, and other things
 * before it; there is one clock.
 */
export async function journalOf(house: WalkHouse): Promise<readonly JournalEvent[]> {
  const stored = await house.live.connect().read(null, 1_000_000);
  return stored.map(({ event }) => event).toSorted((a, b) => a.at - b.at);
}

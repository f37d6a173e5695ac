import { afterAll, afterEach, beforeAll } from 'vitest';
import { type House, type HouseWish, openHouse } from './house.ts';
import { until } from './until.ts';

const LOG_LINES = 60;

/**
 * One house for the tests of a file. After each test everybody goes home, and then nothing may be left: no channel, no
 * bridge, no call in the store, no reservation, no lease but Callwright's own on its switch, no busy agent.
 */
export function useHouse(options: HouseWish = {}): () => House {
  let house: House | undefined;
  const opened = (): House => {
    if (!house) throw new Error('the house is not open');
    return house;
  };
  beforeAll(async () => {
    house = await openHouse(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.error(opened().callwright.log().split('\n').slice(-LOG_LINES).join('\n'));
    await opened().goHome();
    await nothingLeft(opened());
  });
  afterAll(() => house?.close());
  return opened;
}

async function nothingLeft(house: House): Promise<void> {
  await until(
    'nothing to be left',
    () => leftovers(house),
    (left) => Object.values(left).every((list) => list.length === 0),
    {
      withinMs: 5_000,
    },
  );
}

const OWN_LEASE = /^(switch:(?:asterisk|freeswitch)-[12]$|pool:|journal-archive$|follow-ups$|thresholds$|webhook:)/;

async function leftovers({ pbx, live, api }: House) {
  const [channels, bridges, calls, reservations, leases, agents] = await Promise.all([
    pbx.channels(),
    pbx.bridges(),
    live.loadCalls(),
    live.reservations(),
    live.leases(),
    api.agents(),
  ]);
  return {
    channels,
    bridges,
    calls: calls.map(({ id }) => id),
    reservations,
    // Its own on its switch, on the queues that it serves, on the journal that it puts away, and on the follow-ups that it watches.
    leases: leases.map(({ name }) => name).filter((name) => !OWN_LEASE.test(name)),
    busyAgents: agents.filter(({ state }) => state !== 'idle').map(({ profile, state }) => `${profile.id} ${state}`),
  };
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { memoryStores, redisStores, type Stores, until } from './stores.ts';

const event = (seq: number): JournalEvent => ({
  type: 'call.answered',
  data: { legId: `leg-${seq}` },
  subject: 'call/c1',
  seq,
  at: 1_793_606_400_000 + seq,
});
const mine = { lease: 'thresholds', owner: 'me' };

describe.each([
  ['memory', memoryStores],
  ['redis', redisStores],
] as const)('alarms in the live store: %s', (_name, start) => {
  let stores: Stores;
  let store: LiveStore;
  beforeAll(async () => {
    stores = await start();
  });
  afterAll(() => stores.stop());
  beforeEach(async () => {
    stores.fresh();
    store = await stores.connect();
  });
  const journal = async () => (await store.read(null, 100)).map(({ event: { seq } }) => seq);

  it('are written with their events, and read by every process', async () => {
    await store.lease('thresholds', 'me', 60_000);
    const body = { rule: { name: 'slow' }, name: 'ä "support"\n', list: [], nothing: null };
    expect(await store.saveAlarms(mine, new Map([['slow/a', body]]), [event(1)])).toBe(true);
    expect(await store.saveAlarms(mine, new Map([['slow/b', { n: 1 }]]), [event(2), event(3)])).toBe(true);
    const other = await stores.connect();
    expect(await other.loadAlarms()).toEqual(
      new Map<string, unknown>([
        ['slow/a', body],
        ['slow/b', { n: 1 }],
      ]),
    );
    expect(await store.saveAlarms(mine, new Map([['slow/a', null]]), [])).toBe(true);
    expect([...(await other.loadAlarms()).keys()]).toEqual(['slow/b']);
    expect(await journal()).toEqual([1, 2, 3]);
  });

  it('are not written by who has not the lease, nor are their events', async () => {
    const changes = new Map([['slow/a', { n: 1 }]]);
    expect(await store.saveAlarms(mine, changes, [event(1)])).toBe(false);
    await store.lease('thresholds', 'somebody else', 60_000);
    expect(await store.saveAlarms(mine, changes, [event(2)])).toBe(false);
    expect(await store.loadAlarms()).toEqual(new Map());
    expect(await journal()).toEqual([]);
  });

  it('are not written by whose lease has lapsed', async () => {
    await store.lease('thresholds', 'me', 20);
    const other = await stores.connect();
    await until(stores, async () => !(await other.leases()).some(({ name }) => name === 'thresholds'));
    expect(await store.saveAlarms(mine, new Map([['slow/a', { n: 1 }]]), [event(1)])).toBe(false);
    expect(await journal()).toEqual([]);
  });
});

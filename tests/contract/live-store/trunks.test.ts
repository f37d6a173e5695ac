import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { memoryStores, redisStores, type Stores } from './stores.ts';

const down = (seq: number): JournalEvent => ({
  type: 'trunk.down',
  data: { trunk: 'north', said: '503 Service Unavailable', until: 1 },
  subject: 'trunk/north',
  seq,
  at: 1_793_606_400_000 + seq,
});

describe.each([
  ['memory', memoryStores],
  ['redis', redisStores],
] as const)('how trunks fare, in the live store: %s', (_name, start) => {
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

  it('is as it was written last, by whatever process, with the events of each time', async () => {
    expect(await store.loadTrunks()).toEqual(new Map());
    const other = await stores.connect();
    await store.saveTrunk('north', { streak: 1, said: 'ä "503"\n' }, []);
    await other.saveTrunk('north', { streak: 2, dead: null }, [down(1), down(2)]);
    await store.saveTrunk('south', { streak: 0 }, [down(3)]);
    expect(await store.loadTrunks()).toEqual(
      new Map<string, unknown>([
        ['north', { streak: 2, dead: null }],
        ['south', { streak: 0 }],
      ]),
    );
    expect((await store.read(null, 100)).map(({ event: { seq } }) => seq)).toEqual([1, 2, 3]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore, News } from '../../../src/engine/ports/live-store.ts';
import { memoryStores, redisStores, type Stores, until } from './stores.ts';

const event = (seq: number): JournalEvent => ({
  type: 'call.answered',
  data: { legId: `leg-${seq}` },
  subject: 'call/c1',
  seq,
  at: 1_793_606_400_000 + seq,
});

describe.each([
  ['memory', memoryStores],
  ['redis', redisStores],
] as const)('what processes share through the live store: %s', (_name, start) => {
  let stores: Stores;
  let store: LiveStore;
  let other: LiveStore;
  beforeAll(async () => {
    stores = await start();
  });
  afterAll(() => stores.stop());
  beforeEach(async () => {
    stores.fresh();
    [store, other] = [await stores.connect(), await stores.connect()];
  });

  const change = (owner: string, tickets: Record<string, unknown>) => ({ owner, tickets });
  const hold = (callId: string, agentId: string, most: number, ttlMs = 60_000) =>
    store.reserve({ callId, agentId, agentVersion: 0, agentBody: { callId }, ttlMs, most, events: [] });

  describe('tickets', () => {
    it('change with the call they are of, and are read with their owner', async () => {
      await store.saveCall('c1', { n: 1 }, [event(1)], change('p1', { c1: { text: 'ä "\n' }, 'c1~g1': { n: 2 } }));
      await other.saveCall('c2', { n: 2 }, [], change('p2', { c2: {} }));
      await store.saveCall('c1', { n: 3 }, [], change('p1', { 'c1~g1': null }));
      const found = [...(await other.loadTickets())].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(found).toEqual([
        { id: 'c1', owner: 'p1', body: { text: 'ä "\n' } },
        { id: 'c2', owner: 'p2', body: {} },
      ]);
      expect(await other.callIds()).toEqual(new Set(['c1', 'c2']));
      expect([await other.loadCall('c1'), await other.loadCall('c3')]).toEqual([{ n: 3 }, null]);
      await store.saveCall('c1', null, [event(2)], change('p1', { c1: null }));
      expect((await store.loadTickets()).map(({ id }) => id)).toEqual(['c2']);
      expect(await store.callIds()).toEqual(new Set(['c2']));
      expect(await store.read(null, 10)).toHaveLength(2);
    });

    it('of an owner who is no more are dropped, unless another has taken them over', async () => {
      await store.saveCall('c1', {}, [], change('dead', { c1: {} }));
      await store.saveCall('c2', {}, [], change('dead', { c2: {} }));
      await other.saveCall('c2', {}, [], change('heir', { c2: {} }));
      await store.dropTickets(['c1', 'c2', 'c3'], 'dead');
      expect(await store.loadTickets()).toEqual([{ id: 'c2', owner: 'heir', body: {} }]);
      await store.dropTickets([], 'heir');
    });
  });

  describe('an agent', () => {
    it('is read alone', async () => {
      await store.saveAgent('a', 0, { n: 1 }, []);
      expect(await other.loadAgent('a')).toEqual({ id: 'a', version: 1, body: { n: 1 } });
      expect(await other.loadAgent('b')).toBeNull();
      await store.saveAgent('a', 1, null, []);
      expect(await other.loadAgent('a')).toBeNull();
    });
  });

  describe('reservations', () => {
    it('let a call hold as many agents as are asked for, each by its own fence', async () => {
      const held = [await hold('c1', 'a', 3), await hold('c1', 'b', 3), await hold('c1', 'c', 3)];
      expect(held.every(({ ok }) => ok)).toBe(true);
      expect(await hold('c1', 'd', 3)).toEqual({ ok: false, why: 'call-taken' });
      expect(await hold('c2', 'b', 1)).toEqual({ ok: false, why: 'agent-taken' });
      const [first, second] = held;
      if (!first?.ok || !second?.ok) throw new Error('refused');
      await store.endReservation('c1', second.fence);
      const left = (await store.reservations()).map(({ agentId }) => agentId);
      expect(left.sort()).toEqual(['a', 'c']);
      expect(await hold('c1', 'e', 1)).toEqual({ ok: false, why: 'call-taken' });
      expect(await hold('c1', 'e', 3)).toMatchObject({ ok: true });
    });

    it('last longer when they are confirmed in time, and not when they have lapsed or ended', async () => {
      const held = await hold('c1', 'a', 1, 50);
      const gone = await hold('c2', 'b', 1, 50);
      if (!held.ok || !gone.ok) throw new Error('refused');
      expect(await other.confirmReservation('c1', held.fence, 60_000)).toBe(true);
      expect(await other.confirmReservation('c1', held.fence + 9, 60_000)).toBe(false);
      await until(stores, async () => (await store.reservations()).length === 1);
      expect(await other.confirmReservation('c2', gone.fence, 60_000)).toBe(false);
      await store.endReservation('c1', held.fence);
      expect(await other.confirmReservation('c1', held.fence, 60_000)).toBe(false);
    });
  });

  it('many leases are taken and renewed at once', async () => {
    await other.lease('pool:b', 'p2', 60_000);
    const owners = await store.leaseAll(['pool:a', 'pool:b'], 'p1', 60_000);
    expect([...owners]).toEqual([
      ['pool:a', 'p1'],
      ['pool:b', 'p2'],
    ]);
    expect(await store.lease('pool:a', 'p1', 60_000)).toMatchObject({ mine: true, epoch: 1 });
    expect(await store.leaseAll([], 'p1', 60_000)).toEqual(new Map());
  });

  describe('news', () => {
    it('of agents and tickets reach the others, in order, and not who made them', async () => {
      const [mine, theirs]: News[][] = [[], []];
      await store.hear('p1', (news) => mine?.push(news));
      await other.hear('p2', (news) => theirs?.push(news));
      await store.saveAgent('a', 0, { n: 'ä\n' }, []);
      await store.reserve({
        callId: 'c1',
        agentId: 'a',
        agentVersion: 1,
        agentBody: { n: 2 },
        ttlMs: 60_000,
        most: 1,
        events: [],
      });
      await store.saveCall('c1', {}, [], change('p1', { c1: { n: 3 }, c2: null }));
      await store.saveCall('c1', {}, [], change('p1', { c1: { n: 4 } }));
      await store.saveCall('c1', {}, []);
      await store.saveAgent('a', 2, null, []);
      await other.saveAgent('b', 0, {}, []);
      await until(stores, () => theirs?.length === 5 && mine?.length === 1);
      expect(theirs).toEqual([
        { type: 'agent', doc: { id: 'a', version: 1, body: { n: 'ä\n' } } },
        { type: 'agent', doc: { id: 'a', version: 2, body: { n: 2 } } },
        { type: 'tickets', owner: 'p1', tickets: { c1: { n: 3 }, c2: null } },
        { type: 'tickets', owner: 'p1', tickets: { c1: { n: 4 } } },
        { type: 'agent', doc: { id: 'a', version: 3, body: null } },
      ]);
      expect(mine).toEqual([{ type: 'agent', doc: { id: 'b', version: 1, body: {} } }]);
    });

    it('are told to one or to all, and it is known whether anybody heard', async () => {
      const [first, second]: unknown[][] = [[], []];
      await store.hear('p1', (news) => first?.push(news));
      const stop = await other.hear('p2', (news) => second?.push(news));
      expect(await store.tell('p2', { hello: 'ä\n' })).toBe(true);
      expect(await other.tell(null, ['to all'])).toBe(true);
      expect(await store.tell('nobody', {})).toBe(false);
      await until(stores, () => first?.length === 1 && second?.length === 1);
      expect(second).toEqual([{ type: 'message', message: { hello: 'ä\n' } }]);
      expect(first).toEqual([{ type: 'message', message: ['to all'] }]);
      stop();
      await until(stores, async () => !(await store.tell('p2', {})));
      expect(await store.tell(null, {})).toBe(false);
    });

    it('that may have been lost are told as a gap, and then hearing goes on', async () => {
      const heard: News[] = [];
      await store.hear('p1', (news) => heard.push(news));
      await stores.cut();
      await stores.cutHearing();
      await until(stores, () => heard.some(({ type }) => type === 'gap'));
      heard.length = 0;
      await until(stores, async () => other.healthy());
      await other.saveAgent('z', 0, {}, []);
      await until(stores, () => heard.some(({ type }) => type === 'agent'));
    });

    it('are heard from the first write after hearing has begun, whoever else hears', async () => {
      const heard: string[] = [];
      const third = await stores.connect();
      await third.hear('p3', (news) => news.type === 'agent' && heard.push(news.doc.id));
      await store.saveAgent('quiet', 0, {}, []);
      await store.hear('p1', () => undefined);
      await store.saveAgent('loud', 0, {}, []);
      await until(stores, () => heard.length === 2);
      expect(heard).toEqual(['quiet', 'loud']);
    });
  });
});

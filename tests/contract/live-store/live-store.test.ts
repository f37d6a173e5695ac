import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore, StoredEvent } from '../../../src/engine/ports/live-store.ts';
import { memoryStores, redisStores, type Stores, until } from './stores.ts';

const event = (seq: number, subject = 'call/c1'): JournalEvent => ({
  type: 'call.answered',
  data: { legId: `leg-ä-${seq}` },
  subject,
  seq,
  at: 1_793_606_400_000 + seq,
});
const events = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const seqs = (stored: readonly StoredEvent[]) => stored.map((entry) => entry.event.seq);
const all = async (store: LiveStore) => seqs(await store.read(null, 1_000_000));

describe.each([
  ['memory', memoryStores],
  ['redis', redisStores],
] as const)('live store: %s', (_name, start) => {
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

  const hold = async (callId: string, agentId: string, agentVersion: number, ttlMs = 60_000, facts = [event(1)]) =>
    store.reserve({ callId, agentId, agentVersion, agentBody: { holds: callId }, ttlMs, most: 1, events: facts });

  describe('calls', () => {
    it('gives back what was written last, to every process, and forgets on null', async () => {
      const body = { phase: 'queued', list: [], nested: { empty: {}, big: 1_793_606_400_123, text: 'ä "\n' } };
      await store.saveCall('c1', { phase: 'new' }, [event(1)]);
      await store.saveCall('c1', body, [event(2), event(3)]);
      await store.saveCall('c2', { phase: 'other' }, []);
      const other = await stores.connect();
      expect([...(await other.loadCalls())].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: 'c1', body },
        { id: 'c2', body: { phase: 'other' } },
      ]);
      await other.saveCall('c1', null, [event(4)]);
      expect((await store.loadCalls()).map(({ id }) => id)).toEqual(['c2']);
      expect(await all(store)).toEqual([1, 2, 3, 4]);
    });

    it('outlives the process that wrote it', async () => {
      await store.saveCall('c1', { phase: 'talking' }, [event(1)]);
      await store.close();
      const next = await stores.connect();
      expect(await next.loadCalls()).toEqual([{ id: 'c1', body: { phase: 'talking' } }]);
      expect(await all(next)).toEqual([1]);
    });
  });

  describe('agents', () => {
    it('are written by compare-and-set, events and all', async () => {
      expect(await store.saveAgent('a', 0, { n: 1 }, [event(1)])).toEqual({ saved: true, version: 1 });
      expect(await store.saveAgent('a', 1, { n: 2 }, [event(2)])).toEqual({ saved: true, version: 2 });
      const stored = { id: 'a', version: 2, body: { n: 2 } };
      expect(await store.saveAgent('a', 1, { n: 3 }, [event(3)])).toEqual({ saved: false, stored });
      expect(await store.saveAgent('a', 0, { n: 3 }, [event(3)])).toEqual({ saved: false, stored });
      expect(await store.saveAgent('b', 5, { n: 3 }, [event(3)])).toEqual({ saved: false, stored: null });
      expect(await store.loadAgents()).toEqual([stored]);
      expect(await all(store)).toEqual([1, 2]);
    });

    it('when removed come back under a version that no old writer knows', async () => {
      await store.saveAgent('a', 0, { n: 1 }, []);
      expect(await store.saveAgent('a', 1, null, [event(1)])).toEqual({ saved: true, version: 2 });
      expect(await store.loadAgents()).toEqual([]);
      expect(await store.saveAgent('a', 1, { n: 9 }, [])).toEqual({ saved: false, stored: null });
      expect(await store.saveAgent('a', 0, { n: 2 }, [])).toEqual({ saved: true, version: 3 });
      expect(await store.loadAgents()).toEqual([{ id: 'a', version: 3, body: { n: 2 } }]);
    });

    it('let one of many writers through', async () => {
      const doors = await Promise.all(Array.from({ length: 6 }, () => stores.connect()));
      const written = await Promise.all(doors.map((door, n) => door.saveAgent('a', 0, { n }, [event(n)])));
      expect(written.filter(({ saved }) => saved)).toHaveLength(1);
      expect(await all(store)).toHaveLength(1);
    });
  });

  describe('reservations', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b']) await store.saveAgent(id, 0, { id }, []);
    });

    it('hold the agent, move his document on and append, in one step', async () => {
      const held = await hold('c1', 'a', 1);
      expect(held).toMatchObject({ ok: true, agentVersion: 2 });
      expect(await store.loadAgents()).toContainEqual({ id: 'a', version: 2, body: { holds: 'c1' } });
      expect(await store.reservations()).toEqual([{ callId: 'c1', agentId: 'a', fence: held.ok && held.fence }]);
      expect(await all(store)).toEqual([1]);
    });

    it('give no agent to two calls and no call two agents, and leave no trace of the refused', async () => {
      await hold('c1', 'a', 1);
      expect(await hold('c2', 'a', 1)).toEqual({ ok: false, why: 'agent-taken' });
      expect(await hold('c2', 'a', 2)).toEqual({ ok: false, why: 'agent-taken' });
      expect(await hold('c1', 'b', 1)).toEqual({ ok: false, why: 'call-taken' });
      expect(await all(store)).toEqual([1]);
      expect(await store.loadAgents()).toContainEqual({ id: 'b', version: 1, body: { id: 'b' } });
      expect(await hold('c2', 'b', 1)).toMatchObject({ ok: true });
    });

    it('refuse who has not read the agent as he is', async () => {
      await store.saveAgent('a', 1, { status: 'not-ready' }, []);
      expect(await hold('c1', 'a', 1)).toEqual({ ok: false, why: 'agent-taken' });
    });

    it('can be made for an agent not yet written', async () => {
      expect(await hold('c1', 'new', 0)).toMatchObject({ ok: true, agentVersion: 1 });
    });

    it('end by their own fence only', async () => {
      const first = await hold('c1', 'a', 1);
      if (!first.ok) throw new Error('refused');
      await store.endReservation('c1', first.fence + 1);
      expect(await store.reservations()).toHaveLength(1);
      await store.endReservation('c1', first.fence);
      expect(await store.reservations()).toEqual([]);
      const second = await hold('c1', 'a', 2);
      expect(second.ok && second.fence).toBeGreaterThan(first.fence);
      await store.endReservation('c1', first.fence);
      expect(await store.reservations()).toHaveLength(1);
      await store.endReservation('gone', 1);
    });

    it('lapse by themselves, and then call and agent are free for others', async () => {
      const first = await hold('c1', 'a', 1, 60);
      expect(await store.reservations()).toHaveLength(1);
      await until(stores, async () => (await store.reservations()).length === 0);
      expect(await hold('c2', 'a', 2)).toMatchObject({ ok: true });
      expect(await hold('c1', 'b', 1)).toMatchObject({ ok: true });
      await store.endReservation('c1', first.ok ? first.fence : 0);
      const held = (await store.reservations()).map(({ callId, agentId }) => `${callId} ${agentId}`);
      expect(held.sort()).toEqual(['c1 b', 'c2 a']);
    });

    it('stay exclusive when many processes race for the same agents and calls', async () => {
      const AGENTS = 12;
      const CALLS = 300;
      const doors = await Promise.all(Array.from({ length: 6 }, () => stores.connect()));
      const versions = new Map<string, number>();
      for (let n = 0; n < AGENTS; n++) versions.set(`racer${n}`, 0);
      const [busyAgents, busyCalls, fences] = [new Set<string>(), new Set<string>(), new Set<number>()];
      const faults: string[] = [];
      const served = new Set<string>();
      const attempt = async (door: LiveStore, callId: string, agentId: string) => {
        const agentVersion = versions.get(agentId) ?? 0;
        const request = { callId, agentId, agentVersion, agentBody: { callId }, ttlMs: 60_000, most: 1, events: [] };
        const held = await door.reserve(request);
        if (!held.ok) return;
        if (busyAgents.has(agentId) || busyCalls.has(callId)) faults.push(`${callId} ${agentId}`);
        if (fences.has(held.fence)) faults.push(`fence ${held.fence}`);
        busyAgents.add(agentId);
        busyCalls.add(callId);
        fences.add(held.fence);
        served.add(callId);
        versions.set(agentId, held.agentVersion);
        await door.lastCursor();
        busyAgents.delete(agentId);
        busyCalls.delete(callId);
        await door.endReservation(callId, held.fence);
      };
      const process = async (door: LiveStore, index: number) => {
        for (let n = 0; n < CALLS; n++) {
          const callId = `call${n}`;
          const tryWith = (turn: number) => attempt(door, callId, `racer${(n * 7 + index * 5 + turn) % AGENTS}`);
          await tryWith(0);
          // All doors may have met an agent who had just been given to another call.
          for (let turn = 1; !served.has(callId); turn++) await tryWith(turn);
        }
      };
      await Promise.all(doors.map(process));
      expect(faults).toEqual([]);
      expect(served.size).toBe(CALLS);
      expect(await store.reservations()).toEqual([]);
    });
  });

  describe('leases', () => {
    it('belong to one owner, who renews within the same epoch', async () => {
      expect(await store.lease('switch', 'p1', 60_000)).toEqual({ mine: true, epoch: 1, owner: 'p1' });
      expect(await store.lease('switch', 'p2', 60_000)).toEqual({ mine: false, epoch: 1, owner: 'p1' });
      expect(await store.lease('switch', 'p1', 60_000)).toEqual({ mine: true, epoch: 1, owner: 'p1' });
      expect(await store.lease('pool', 'p2', 60_000)).toEqual({ mine: true, epoch: 1, owner: 'p2' });
      const held = (await store.leases()).map(({ name, owner }) => `${name} ${owner}`);
      expect(held.sort()).toEqual(['pool p2', 'switch p1']);
    });

    it('are taken over when they lapse, with a higher epoch each time', async () => {
      await store.lease('switch', 'p1', 60);
      await until(stores, async () => (await store.lease('switch', 'p2', 60)).mine);
      expect(await store.lease('switch', 'p2', 60)).toMatchObject({ epoch: 2 });
      await until(stores, async () => (await store.leases()).length === 0);
      expect(await store.lease('switch', 'p1', 60_000)).toEqual({ mine: true, epoch: 3, owner: 'p1' });
    });

    it('are given back by their owner only, and the epoch is not forgotten', async () => {
      await store.lease('switch', 'p1', 60_000);
      await store.releaseLease('switch', 'p2');
      await store.releaseLease('unknown', 'p1');
      expect(await store.leases()).toHaveLength(1);
      await store.releaseLease('switch', 'p1');
      expect(await store.leases()).toEqual([]);
      expect(await store.lease('switch', 'p1', 60_000)).toEqual({ mine: true, epoch: 2, owner: 'p1' });
    });

    it('go to one of many who ask at once', async () => {
      const doors = await Promise.all(Array.from({ length: 6 }, () => stores.connect()));
      const asked = await Promise.all(doors.map((door, n) => door.lease('switch', `p${n}`, 60_000)));
      expect(asked.filter(({ mine }) => mine)).toHaveLength(1);
      expect(new Set(asked.map(({ owner }) => owner)).size).toBe(1);
    });
  });

  describe('the journal', () => {
    it('is empty at first', async () => {
      expect(await store.lastCursor()).toBeNull();
      expect(await store.read(null, 10)).toEqual([]);
    });

    it('is read in pages, oldest first, by cursors that sort as text', async () => {
      await store.append(events(1, 25));
      await store.append([]);
      const pages: StoredEvent[] = [];
      for (let cursor: string | null = null; ; cursor = pages.at(-1)?.cursor ?? null) {
        const page = await store.read(cursor, 10);
        if (page.length === 0) break;
        pages.push(...page);
      }
      expect(pages.map((stored) => stored.event)).toEqual(events(1, 25));
      const cursors = pages.map(({ cursor }) => cursor);
      expect([...cursors].sort()).toEqual(cursors);
      expect(new Set(cursors).size).toBe(25);
      expect(await store.lastCursor()).toBe(cursors.at(-1));
    });

    it('is read as the text that is stored, in the same order', async () => {
      await store.append(events(1, 5));
      const [first] = await store.readTexts(null, 1);
      const texts = [first, ...(await store.readTexts(first?.cursor ?? '', 10))];
      expect(texts.map((stored) => JSON.parse(stored?.text ?? ''))).toEqual(events(1, 5));
      expect(texts.map((stored) => stored?.cursor)).toEqual((await store.read(null, 10)).map(({ cursor }) => cursor));
    });

    it('forgets the oldest when it is told to, and never what is asked to stay', async () => {
      expect(await store.firstCursor()).toBeNull();
      await store.append(events(1, 1_000));
      const stored = await store.read(null, 1_000);
      expect(await store.firstCursor()).toBe(stored[0]?.cursor);
      const before = stored[900]?.cursor ?? '';
      await store.trim(before);
      const kept = seqs(await store.read(null, 1_000));
      expect(kept.slice(-100)).toEqual(Array.from({ length: 100 }, (_, n) => 901 + n));
      expect(kept.length).toBeLessThan(300);
      expect(await store.firstCursor()).toBe((await store.read(null, 1))[0]?.cursor);
      expect(await store.lastCursor()).toBe(stored.at(-1)?.cursor);
    });

    it('is read from a time on', async () => {
      await store.append(events(1, 3));
      expect(seqs(await store.read(await store.cursorAt(0), 10))).toEqual([1, 2, 3]);
      expect(seqs(await store.read(await store.cursorAt(Date.now() + 3_600_000_000), 10))).toEqual([]);
    });

    it('begins with the oldest for what is no cursor of ours', async () => {
      await store.append(events(1, 2));
      for (const cursor of ['', 'x', '$', '-', '1-*', '9'.repeat(40), '0 COUNT 1']) {
        expect(seqs(await store.read(cursor, 10))).toEqual([1, 2]);
      }
    });

    it('is followed from the start, from a cursor, and by several', async () => {
      await store.append(events(1, 3));
      const middle = (await store.read(null, 2)).at(-1)?.cursor ?? null;
      const heard: { whole: number[]; rest: number[] } = { whole: [], rest: [] };
      const other = await stores.connect();
      const stops = [
        store.follow(null, (found) => heard.whole.push(...seqs(found))),
        other.follow(middle, (found) => heard.rest.push(...seqs(found))),
      ];
      await until(stores, () => heard.whole.length === 3 && heard.rest.length === 1);
      await store.append(events(4, 5));
      await until(stores, () => heard.whole.length === 5 && heard.rest.length === 3);
      expect(heard).toEqual({ whole: [1, 2, 3, 4, 5], rest: [3, 4, 5] });
      for (const stop of stops) stop();
      stops[0]?.();
    });

    it('is not delivered any more once stopped or closed', async () => {
      const heard: number[] = [];
      const control: number[] = [];
      const other = await stores.connect();
      const stop = store.follow(null, (found) => heard.push(...seqs(found)));
      other.follow(null, (found) => heard.push(...seqs(found)));
      store.follow(null, (found) => control.push(...seqs(found)));
      await store.append([event(1)]);
      await until(stores, () => heard.length === 2 && control.length === 1);
      stop();
      await other.close();
      await store.append([event(2)]);
      await until(stores, () => control.length === 2);
      expect(heard).toEqual([1, 1]);
    });

    it('is followed without a gap over broken connections', async () => {
      const heard: number[] = [];
      store.follow(null, (found) => heard.push(...seqs(found)));
      for (let seq = 1; seq <= 60; seq++) {
        if (seq % 20 === 10) await stores.cut();
        // A write whose answer was lost may have happened; the sequence number tells the second one apart.
        await until(stores, () =>
          store.append([event(seq)]).then(
            () => true,
            () => false,
          ),
        );
      }
      await until(stores, () => heard.at(-1) === 60);
      const once = heard.filter((seq, i) => i === 0 || seq !== heard[i - 1]);
      expect(once).toEqual(events(1, 60).map(({ seq }) => seq));
    });
  });

  it('says whether it is healthy, and is so again after a broken connection', async () => {
    expect(await store.healthy()).toBe(true);
    await stores.cut();
    await until(stores, () => store.healthy());
    await store.saveCall('c1', { phase: 'flow' }, []);
    expect(await store.loadCalls()).toHaveLength(1);
    await store.close();
    expect(await store.healthy()).toBe(false);
    await expect(store.saveCall('c1', null, [])).rejects.toThrow();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { EventGroups, TakenEvent } from '../../../src/engine/ports/event-groups.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { memoryStores, redisStores, type Stores } from './stores.ts';

const event = (seq: number): JournalEvent => ({
  type: 'call.answered',
  data: { legId: `leg-ä-${seq}` },
  subject: `call/c${seq % 7}`,
  seq,
  at: 1_793_606_400_000 + seq,
});
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const seqs = (taken: readonly TakenEvent[] | null) => taken?.map((each) => each.event.seq);
const cursors = (taken: readonly TakenEvent[] | null) => taken?.map(({ cursor }) => cursor) ?? [];

const HOUR_MS = 3_600_000;
describe.each([
  ['memory', memoryStores],
  ['redis', redisStores],
] as const)('consumers who share the journal: %s', (_name, start) => {
  let stores: Stores;
  let store: LiveStore;
  let groups: EventGroups;
  beforeAll(async () => {
    stores = await start();
  });
  afterAll(() => stores.stop());
  beforeEach(async () => {
    stores.fresh();
    store = await stores.connect();
    groups = store.groups;
  });
  const take = (consumer: string, limit = 100, lapsedMs = HOUR_MS, mostTries = 3) =>
    groups.take({ group: 'crm', consumer, limit, lapsedMs, mostTries });
  const happen = (first: number, last: number) => store.append(upTo(last, first).map(event));
  const standing = async () => (await groups.standings()).find(({ group }) => group === 'crm');

  it('know no group that nobody opened', async () => {
    await happen(1, 3);
    expect(await take('a')).toBeNull();
    expect(await groups.standings()).toEqual([]);
    expect(await groups.close('crm')).toBe(false);
  });

  it('get each event once between them, in order', async () => {
    await groups.open('crm', null);
    await happen(1, 10);
    const [first, second] = [await take('a', 4), await take('b', 4)];
    expect([seqs(first), seqs(second), seqs(await take('a', 4)), seqs(await take('b', 4))]).toEqual([
      upTo(4),
      upTo(8, 5),
      upTo(10, 9),
      [],
    ]);
    expect(first?.every(({ tries }) => tries === 1)).toBe(true);
    expect(await standing()).toEqual({ group: 'crm', waiting: 0, taken: 10, dead: 0 });
    expect(await groups.done('crm', cursors(first))).toBe(4);
    expect(await groups.done('crm', cursors(first))).toBe(0);
    expect(await standing()).toMatchObject({ taken: 6 });
  });

  it('begin where the group was opened, and go on there when it is opened again', async () => {
    await happen(1, 5);
    await groups.open('crm', await store.lastCursor());
    await happen(6, 8);
    expect(await standing()).toMatchObject({ waiting: 3 });
    await groups.open('crm', null);
    expect(seqs(await take('a'))).toEqual([6, 7, 8]);
  });

  it('get what one of them took and never finished, as soon as it has lapsed', async () => {
    await groups.open('crm', null);
    await happen(1, 4);
    await take('a', 2);
    expect(seqs(await take('b', 1, HOUR_MS))).toEqual([3]);
    const reclaimed = await take('b', 10, 0);
    expect(reclaimed?.map(({ event: { seq }, tries }) => [seq, tries])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 1],
    ]);
  });

  it('set aside what nobody can do after so many tries, and get it again when it is revived', async () => {
    await groups.open('crm', null);
    await happen(1, 2);
    const [poison] = cursors(await take('a', 1, 0));
    for (let n = 2; n <= 3; n += 1) expect(await take('a', 1, 0)).toMatchObject([{ cursor: poison, tries: n }]);
    expect(seqs(await take('a', 10, 0))).toEqual([2]);
    expect(await standing()).toMatchObject({ dead: 1, taken: 1 });
    expect(await groups.dead('crm', 10)).toMatchObject([{ event: event(1), tries: 3 }]);
    expect(await groups.revive('crm')).toBe(1);
    expect(await standing()).toMatchObject({ dead: 0, waiting: 1 });
    const revived = await take('b', 10);
    expect(revived).toMatchObject([{ event: event(1), tries: 1 }]);
    expect(await groups.done('crm', cursors(revived))).toBe(1);
    expect(await standing()).toMatchObject({ dead: 0, waiting: 0, taken: 1 });
    expect(await groups.revive('crm')).toBe(0);
  });

  it('let one of all who ask tell of dead letters, and another when he never did; again once they were revived', async () => {
    const die = async () => {
      await take('a', 1, 0, 1);
      await take('a', 1, 0, 1);
    };
    await groups.open('crm', null);
    await happen(1, 6);
    await die();
    expect(await Promise.all([groups.claimDead('crm', HOUR_MS), groups.claimDead('crm', HOUR_MS)])).toEqual([
      true,
      false,
    ]);
    await groups.revive('crm');
    await groups.deadTold('crm');
    await die();
    expect(await groups.claimDead('crm', 1)).toBe(true);
    await vi.waitFor(async () => {
      await stores.tick();
      expect(await groups.claimDead('crm', HOUR_MS)).toBe(true);
    });
    await groups.deadTold('crm');
    expect(await groups.claimDead('crm', HOUR_MS)).toBe(false);
    await groups.close('crm');
    await groups.open('crm', null);
    expect(await groups.claimDead('crm', HOUR_MS)).toBe(true);
  });

  it('keep the journal from forgetting what they have not done, and no longer', async () => {
    await groups.open('crm', null);
    await happen(1, 2_000);
    const first = await take('a', 1_000);
    const end = (await store.lastCursor()) ?? '';
    await store.trim(end);
    expect((await store.read(null, 10_000)).length).toBe(2_000);
    await groups.done('crm', cursors(first));
    await store.trim(end);
    expect((await store.read(null, 10_000)).length).toBeLessThan(1_300);
    expect((await store.read(null, 10_000)).length).toBeGreaterThanOrEqual(1_000);
    await groups.close('crm');
    await store.trim(end);
    expect((await store.read(null, 10_000)).length).toBeLessThan(300);
  });

  it('lose nothing when one of them dies in the middle of a batch, a hundred times', async () => {
    await groups.open('crm', null);
    const seen = new Map<number, number>();
    let made = 0;
    for (let death = 0; death < 100; death += 1) {
      await happen(made + 1, made + 20);
      made += 20;
      const batch = await take(`consumer-${death}`, 25, 0, 1_000);
      const half = (batch ?? []).slice(0, death % 25);
      for (const { event: each } of half) seen.set(each.seq, (seen.get(each.seq) ?? 0) + 1);
      await groups.done('crm', cursors(half).slice(0, -1)); // it died between the last deed and the word of it
    }
    for (
      let batch = await take('last', 100, 0, 1_000);
      (batch?.length ?? 0) > 0;
      batch = await take('last', 100, 0, 1_000)
    ) {
      for (const { event: each } of batch ?? []) seen.set(each.seq, (seen.get(each.seq) ?? 0) + 1);
      await groups.done('crm', cursors(batch));
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(upTo(made));
    expect(await standing()).toEqual({ group: 'crm', waiting: 0, taken: 0, dead: 0 });
  });

  it('find what was rewritten where it was: waiting, in hand, dead, given out again, and as often tried', async () => {
    const erased = (text: string) => text.replaceAll('leg-ä-', 'nobody-');
    await groups.open('crm', null);
    await groups.open('bi', null);
    await happen(1, 6);
    const [dead, again] = [await take('a', 1, 0, 1), await take('a', 1, HOUR_MS, 3)];
    await take('a', 1, 0, 1); // the first one dies
    await groups.revive('crm');
    const held = await take('b', 3, HOUR_MS, 3);
    const before = {
      standing: await groups.standings(),
      last: await store.lastCursor(),
      all: await store.read(null, 99),
    };
    expect(await store.rewrite(erased)).toBeGreaterThanOrEqual(6);
    expect(await groups.standings()).toEqual(before.standing);
    expect(await store.lastCursor()).toBe(before.last);
    const all = await store.read(null, 99);
    expect(all.map((each) => each.cursor)).toEqual(before.all.map((each) => each.cursor));
    const everywhere = [
      all,
      await take('c', 99, 0, 9),
      await groups.dead('crm', 99),
      await groups.take({ group: 'bi', consumer: 'x', limit: 99, lapsedMs: 0, mostTries: 9 }),
    ];
    expect(JSON.stringify(everywhere)).not.toContain('leg-ä-');
    expect(seqs(everywhere[3] as readonly TakenEvent[])).toEqual(upTo(6));
    const tries = new Map((everywhere[1] as readonly TakenEvent[]).map((each) => [each.event.seq, each.tries]));
    expect(tries.get(2) ?? tries.get(3)).toBe(2); // in hand before, so for the second time now
    expect([dead, again, held].every((each) => each !== null)).toBe(true);
    await happen(7, 8);
    expect((await take('d', 99, HOUR_MS, 9))?.map((each) => each.event.seq)).toEqual([7, 8]);
    expect(await store.rewrite((text) => text)).toBe(0);
  });

  it('lose nothing that is written while it is rewritten', async () => {
    await groups.open('crm', null);
    await happen(1, 1_200);
    const followed: number[] = [];
    const stop = store.follow(null, (events) => followed.push(...events.map((each) => each.event.seq)));
    let written = 1_200;
    const writer = (async () => {
      for (; written < 1_400; written += 20) await happen(written + 1, written + 20);
    })();
    await store.rewrite((text) => text.replace('leg-ä-77"', 'nobody"'));
    await writer;
    await vi.waitFor(() => expect(followed).toHaveLength(1_400));
    stop();
    expect(followed).toEqual(upTo(1_400));
    expect((await store.read(null, 2_000)).map((each) => each.event.seq)).toEqual(upTo(1_400));
    expect(JSON.stringify(await store.read(null, 2_000))).not.toContain('leg-ä-77"');
    expect(seqs(await take('a', 2_000))).toEqual(upTo(1_400));
  });
});

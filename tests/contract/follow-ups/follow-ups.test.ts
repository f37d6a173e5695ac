import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkFact } from '../../../src/call/work-facts.ts';
import type { FollowUp, FollowUpStore, Plan } from '../../../src/engine/ports/follow-ups.ts';
import { applyFollowUp, numbered } from '../../../src/work/follow-up.ts';
import { type FollowUpCommand, createFollowUp, decideFollowUp } from '../../../src/work/follow-up-decide.ts';
import { PLAIN_FOLLOW_UPS } from '../../../src/work/follow-up-rules.ts';
import { embeddedSql, type SqlPart } from '../../support/embedded-sql.ts';
import { createMemoryFollowUps } from '../../support/memory-follow-ups.ts';

const T0 = 1_790_000_000_000;
const HOUR = 3_600_000;
const OWNERS = { rules: PLAIN_FOLLOW_UPS, isAgent: () => true };
const PLAN: Plan = { wakeAt: T0 + HOUR, rules: 'r1' };
const NASTY = 'kärsivällinen \u0000 "quote" \uD800 \' ; --';

const factsOf = (decision: ReturnType<typeof createFollowUp>): readonly WorkFact[] => {
  if (!decision.ok) throw new Error(decision.sentence);
  return decision.facts;
};

function fresh(id: string, more: Partial<FollowUp> = {}) {
  const wish = {
    kind: 'task',
    reason: `do ${id}`,
    owner: { kind: 'agent', id: 'alice' } as const,
    dueAt: T0 + HOUR,
    ...more,
  };
  const events = numbered(id, factsOf(createFollowUp(id, wish, 'bob', OWNERS, T0)), 0, more.createdAt ?? T0);
  return { events, followUp: events.reduce<FollowUp | null>(applyFollowUp, null) as FollowUp };
}

function after(followUp: FollowUp, command: FollowUpCommand, at = T0 + 1) {
  const events = numbered(
    followUp.id,
    factsOf(decideFollowUp(followUp, command, 'carol', OWNERS, at)),
    followUp.seq,
    at,
  );
  return { events, followUp: events.reduce<FollowUp | null>(applyFollowUp, followUp) as FollowUp };
}

const close = (followUp: FollowUp, outcome: string) => after(followUp, { type: 'close', outcome, note: null });

const inMemory = async (): Promise<SqlPart<FollowUpStore>> => ({
  fresh: async () => createMemoryFollowUps(),
  stop: async () => undefined,
});
const inSql = () => embeddedSql('callwright.follow_ups, callwright.follow_up_facts', ({ followUps }) => followUps);

describe.each([
  ['memory', inMemory],
  ['embedded SQL', inSql],
] as const)('the store of follow-ups: %s', (_name, start) => {
  let all: SqlPart<FollowUpStore>;
  let store: FollowUpStore;
  beforeAll(async () => {
    all = await start();
  });
  afterAll(() => all.stop());
  beforeEach(async () => {
    store = await all.fresh();
  });

  const add = async (id: string, more: Partial<FollowUp> = {}, plan = PLAN) => {
    const { followUp, events } = fresh(id, more);
    expect(await store.add(followUp, events, plan)).toBe(true);
    return followUp;
  };
  const idsOf = async (found: Promise<readonly FollowUp[]>) => (await found).map(({ id }) => id);

  it('gives back whole what it was given, whatever people wrote', async () => {
    const about = {
      callId: 'call-1',
      ani: '+358501112223',
      customerId: NASTY,
      campaignId: 'c',
      leadId: 'l',
      priority: 9,
    };
    const { followUp, events } = fresh('f1', { ...about, reason: NASTY, data: { order: NASTY } });
    await store.add(followUp, events, PLAN);
    expect(await store.one('f1')).toEqual(followUp);
    expect(await store.history('f1')).toEqual(events);
    expect(await store.one('none')).toBeNull();
    expect(await store.history('none')).toEqual([]);
  });

  it('makes one of an id once', async () => {
    const first = await add('f1');
    const again = fresh('f1', { reason: 'another' });
    expect(await store.add(again.followUp, again.events, PLAN)).toBe(false);
    expect(await store.one('f1')).toEqual(first);
    expect(await store.history('f1')).toHaveLength(1);
  });

  it('lets one of two who close the same close it', async () => {
    const open = await add('f1');
    const [first, second] = [close(open, 'done'), close(open, 'refused')] as const;
    const answers = await Promise.all([
      store.save(first.followUp, 1, first.events, PLAN),
      store.save(second.followUp, 1, second.events, PLAN),
    ]);
    expect(answers.filter((won) => won)).toHaveLength(1);
    expect((await store.one('f1'))?.outcome).toBe(answers[0] ? 'done' : 'refused');
    expect(await store.history('f1')).toHaveLength(2);
  });

  it('does not save what is not there', async () => {
    const { followUp, events } = fresh('f1');
    expect(await store.save(followUp, 0, events, PLAN)).toBe(false);
    expect(await store.history('f1')).toEqual([]);
  });

  it('lists by owner, state, time, call and kind, in either order, page by page', async () => {
    await add('a', { dueAt: T0 + 3 * HOUR, createdAt: T0 + 1, callId: 'call-1' });
    await add('b', { dueAt: T0 + HOUR, createdAt: T0 + 2, kind: 'approval' });
    await add('c', { dueAt: T0 + 2 * HOUR, createdAt: T0 + 3, owner: { kind: 'agent', id: 'bob' } });
    await add('d', { dueAt: T0 + HOUR, createdAt: T0 });
    expect(await idsOf(store.list({ order: 'due', limit: 10 }))).toEqual(['b', 'd', 'c', 'a']);
    expect(await idsOf(store.list({ order: 'age', limit: 10 }))).toEqual(['d', 'a', 'b', 'c']);
    expect(await idsOf(store.list({ order: 'due', limit: 2, after: 'b' }))).toEqual(['d', 'c']);
    expect(await idsOf(store.list({ order: 'age', limit: 2, after: 'a' }))).toEqual(['b', 'c']);
    expect(await idsOf(store.list({ order: 'due', limit: 9, owners: [{ kind: 'agent', id: 'bob' }] }))).toEqual(['c']);
    expect(await idsOf(store.list({ order: 'due', limit: 9, owners: [{ kind: 'team', id: 'bob' }] }))).toEqual([]);
    expect(await idsOf(store.list({ order: 'due', limit: 9, owners: [] }))).toEqual([]);
    expect(await idsOf(store.list({ order: 'due', limit: 9, dueBefore: T0 + 2 * HOUR }))).toEqual(['b', 'd']);
    expect(await idsOf(store.list({ order: 'due', limit: 9, callId: 'call-1' }))).toEqual(['a']);
    expect(await idsOf(store.list({ order: 'due', limit: 9, kind: 'approval' }))).toEqual(['b']);
    const closed = after((await store.one('b')) as FollowUp, { type: 'close', outcome: 'done', note: null });
    await store.save(closed.followUp, 1, closed.events, PLAN);
    expect(await idsOf(store.list({ order: 'due', limit: 9, state: 'closed' }))).toEqual(['b']);
    expect(await idsOf(store.list({ order: 'due', limit: 9, state: 'open' }))).toEqual(['d', 'c', 'a']);
    expect(await store.list({ order: 'due', limit: 9, after: 'none' })).toEqual([]);
  });

  it('counts what everybody has before him, the oldest first', async () => {
    const bob = { kind: 'agent', id: 'bob' } as const;
    await add('a', { dueAt: T0 + 1, createdAt: T0 + 50 });
    await add('b', { dueAt: T0 + 100, createdAt: T0 + 60 });
    await add('c', { dueAt: T0 + 101, createdAt: T0 + 40, owner: bob });
    const closed = after(await add('d', { owner: bob, createdAt: T0 }), { type: 'close', outcome: 'done', note: null });
    await store.save(closed.followUp, 1, closed.events, PLAN);
    expect(await store.backlog(T0 + 100)).toEqual([
      { owner: bob, open: 1, overdue: 0, oldestAt: T0 + 40, nextDueAt: T0 + 101 },
      { owner: { kind: 'agent', id: 'alice' }, open: 2, overdue: 2, oldestAt: T0 + 50, nextDueAt: T0 + 1 },
    ]);
  });

  it('wakes what has come, and what was reckoned by other rules, but nothing that is closed', async () => {
    await add('late', {}, { wakeAt: T0 + 2, rules: 'r1' });
    await add('first', {}, { wakeAt: T0 + 1, rules: 'r1' });
    await add('later', {}, { wakeAt: T0 + 3, rules: 'r1' });
    const never = await add('never', {}, { wakeAt: null, rules: 'r1' });
    const closed = after(await add('closed', {}, { wakeAt: T0, rules: 'r0' }), {
      type: 'close',
      outcome: 'done',
      note: null,
    });
    await store.save(closed.followUp, 1, closed.events, { wakeAt: T0, rules: 'r0' });
    expect(await idsOf(store.waking(T0 + 2, 'r1', 10))).toEqual(['first', 'late']);
    expect(await idsOf(store.waking(T0 + 2, 'r1', 1))).toEqual(['first']);
    expect(await idsOf(store.waking(T0 + 2, 'r2', 10))).toEqual(['first', 'late', 'later', 'never']);
    expect(await store.save(never, 1, [], { wakeAt: null, rules: 'r2' })).toBe(true);
    expect(await idsOf(store.waking(T0 + 2, 'r2', 10))).toEqual(['first', 'late', 'later']);
  });

  it('keeps a fact untold until somebody says that it was told', async () => {
    const one = await add('f1');
    await add('f2', { createdAt: T0 + 5 });
    const noted = after(one, { type: 'note', note: NASTY }, T0 + 9);
    await store.save(noted.followUp, 1, noted.events, PLAN);
    expect((await store.untold('f1')).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await store.untold('f1')).toEqual(await store.history('f1'));
    expect(await store.untoldBefore(T0 + 5, 10)).toEqual(['f1']);
    expect(await store.untoldBefore(T0 + 6, 10)).toEqual(['f1', 'f2']);
    await store.told('f1', 1);
    expect((await store.untold('f1')).map(({ seq }) => seq)).toEqual([2]);
    expect(await store.untoldBefore(T0 + 6, 10)).toEqual(['f2']);
    await store.told('f1', 2);
    expect(await store.untold('f1')).toEqual([]);
    expect(await store.history('f1')).toHaveLength(2);
  });

  it('forgets what was closed long ago, and nothing that is open', async () => {
    await add('open');
    for (const [id, at] of [
      ['old', T0 + 10],
      ['young', T0 + 20],
    ] as const) {
      const closed = after(await add(id), { type: 'close', outcome: 'done', note: null }, at);
      await store.save(closed.followUp, 1, closed.events, PLAN);
    }
    expect(await store.trim(T0 + 20)).toBe(1);
    expect(await store.one('old')).toBeNull();
    expect(await store.history('old')).toEqual([]);
    expect(await idsOf(store.list({ order: 'due', limit: 9 }))).toEqual(['open', 'young']);
    expect(await store.trim(T0 + 20)).toBe(0);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import type { Disposition, FollowUpRules } from '../../src/engine/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';
import { WalkHouse } from './house.ts';

const CALLER = '+358501112223';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BOSS = { name: 'crm', agentId: null };

const RETURN: Disposition = {
  name: 'return-stuck',
  labels: { en: 'Return cannot be completed' },
  meaning: { kind: 'success' },
  fields: [{ name: 'order', labels: {}, required: true, type: 'text' }],
  counts: [],
  followUp: {
    kind: 'refund',
    owner: { kind: 'team', id: 'finance' },
    withinMs: 4 * HOUR_MS,
    reason: null,
    priority: 5,
  },
};

const RULES: FollowUpRules = {
  teams: new Map([['finance', { title: 'Finance', members: ['bob'], ladder: null }]]),
  departments: new Map(),
  usual: {
    dueSoonMs: 30 * MINUTE_MS,
    steps: [{ afterMs: -10 * MINUTE_MS, to: null, alarm: true }],
  },
};

const queues = new Map([
  ['billing', queueProfile('billing', { dispositions: ['return-stuck', 'sold'] })],
  ['finance', queueProfile('finance')],
]);
const agents = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['finance'] })];

async function shop() {
  const dispositions = new Map([[RETURN.name, RETURN]]);
  const house = await new FlowHouse(callbackNodes('1h'), { queues, agents, dispositions, followUps: RULES }).start();
  house.fake.number(CALLER, answers(1_000));
  return house;
}

/** A caller asks alice to take something back; she cannot, and says so. */
async function asked(house: FlowHouse): Promise<string> {
  await house.ready('alice');
  const caller = house.caller(CALLER);
  await caller.until('bridged');
  await house.clock.advance(30_000);
  caller.hangUp();
  await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up');
  const values = { order: '4711' };
  expect(await house.service.floor.dispose('alice', 'return-stuck', null, values)).toMatchObject({ ok: true });
  // Sent twice it is one promise.
  expect(await house.service.floor.dispose('alice', 'return-stuck', null, values)).toMatchObject({ ok: true });
  const [made, ...more] = house.eventsOf('followup.created');
  expect(more).toEqual([]);
  return made?.data.followUpId ?? '';
}

describe('a return that cannot be completed', () => {
  it('becomes work of finance, who are alarmed before it is due, call the customer back and close it', async () => {
    const house = await shop();
    const id = await asked(house);
    const [made] = house.eventsOf('followup.created');
    expect(made?.data).toMatchObject({
      kind: 'refund',
      reason: 'Return cannot be completed',
      owner: { kind: 'team', id: 'finance' },
      ani: CALLER,
      data: { disposition: 'return-stuck', order: '4711' },
      by: 'alice',
    });
    expect(made?.data.callId).toBe(house.eventsOf('call.disposed')[0]?.data.callId);
    // Nobody of finance looks; they are told in time, though the process dies meanwhile.
    await house.clock.advance(HOUR_MS);
    house.kill();
    await house.restart();
    await house.clock.runUntil(() => house.eventsOf('followup.due-soon').length === 1, 'finance is told');
    await house.clock.runUntil(() => house.eventsOf('followup.escalated').length === 1, 'finance is alarmed');
    expect(house.clock.now()).toBeLessThan(made?.data.dueAt ?? 0);
    const desk = house.engine.house.followUps;
    const bob = { name: 'bob', agentId: 'bob' };
    expect(await desk.list({ order: 'due', limit: 9 }, bob)).toMatchObject([{ id, state: 'open' }]);
    // One command: bob's phone rings, then the customer's.
    const calls = house.engine.house.followUpCalls;
    const called = await calls.call(id, { queue: null }, bob);
    expect(called).toMatchObject({ ok: true, value: { queue: 'finance' } });
    expect(await calls.call(id, { queue: null }, bob)).toEqual(called);
    expect(house.eventsOf('followup.called')).toHaveLength(1);
    await house.ready('bob');
    const phone = await house.fake.phone('bob').rung();
    await phone.until('bridged');
    const [answered] = house.eventsOf('callback.answered');
    expect(answered?.data).toMatchObject({ agentId: 'bob', queue: 'finance' });
    await house.clock.advance(MINUTE_MS);
    house.fake.number(CALLER).party.hangUp();
    await house.clock.runUntil(() => house.agent('bob').state !== 'talking');
    const closed = await desk.command(id, { type: 'close', outcome: 'refunded', note: 'Money is sent.' }, bob);
    expect(closed).toMatchObject({ ok: true, value: { state: 'closed', outcome: 'refunded', closedBy: 'bob' } });
    await house.clock.advance(5 * HOUR_MS);
    expect(house.eventsOf('followup.overdue')).toEqual([]);
    expect(house.eventsOf('followup.closed')).toHaveLength(1);
    const story = await desk.one(id, BOSS);
    expect(story.ok && story.value.history.map(({ type }) => type)).toEqual([
      'followup.created',
      'followup.due-soon',
      'followup.escalated',
      'followup.called',
      'followup.call.ended',
      'followup.closed',
    ]);
    await house.expectNoLeaks();
  });

  it('is forgotten by nobody: what finance does not do is overdue', async () => {
    const house = await shop();
    await asked(house);
    await house.clock.advance(5 * HOUR_MS);
    expect(house.eventsOf('followup.overdue')).toHaveLength(1);
  });

  it('is not written down when a field that it needs is missing, and neither is the word', async () => {
    const house = await shop();
    await house.ready('alice');
    const caller = house.caller(CALLER);
    await caller.until('bridged');
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up');
    const refused = await house.service.floor.dispose('alice', 'return-stuck', null, {});
    expect(refused).toMatchObject({ ok: false, why: 'invalid' });
    expect(house.eventsOf('call.disposed')).toEqual([]);
    expect(house.eventsOf('followup.created')).toEqual([]);
  });
});

describe('a word that comes before the record of its call', () => {
  it('waits for it, so that nobody is left without a number', async () => {
    const house = await shop();
    await house.ready('alice');
    const caller = house.caller(CALLER);
    await caller.until('bridged');
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up');
    const record = vi.spyOn(house.engine.rooms.history, 'callRecord').mockResolvedValueOnce(null);
    const board = vi.spyOn(house.engine.house.board, 'find').mockReturnValue(undefined);
    const said = house.service.floor.dispose('alice', 'return-stuck', null, { order: '1' });
    await house.clock.advance(200);
    expect(await said).toMatchObject({ ok: true });
    record.mockRestore();
    board.mockRestore();
    expect(house.eventsOf('followup.created')).toMatchObject([{ data: { ani: CALLER } }]);
  });
});

describe('a callback that is promised from outside', () => {
  it('is made in its time, to whom it is for, and refused where it could not be', async () => {
    const house = await shop();
    const desk = house.engine.house.callbackDesk;
    const now = house.clock.now();
    const wish = { id: 'c1', queue: 'finance', number: CALLER, language: 'en', dueBy: now + HOUR_MS, priority: 0 };
    const notBefore = now + 10 * MINUTE_MS;
    expect(await desk.requestCallback({ ...wish, notBefore })).toMatchObject({ ok: true, value: { id: 'c1' } });
    expect(await desk.requestCallback({ ...wish, id: 'c2', notBefore })).toMatchObject({ value: { id: 'c1' } });
    expect(house.eventsOf('callback.requested')).toHaveLength(1);
    await house.ready('bob');
    await house.fake.phone('bob').rung();
    expect(house.clock.now()).toBeGreaterThanOrEqual(notBefore);
    for (const bad of [{ queue: 'moon' }, { number: 'x' }, { number: '+12025550123' }, { dueBy: now }])
      expect(await desk.requestCallback({ ...wish, notBefore, ...bad })).toMatchObject({ ok: false, why: 'invalid' });
  });
});

describe('the owner of a follow-up is called with its caller', () => {
  const wish = { kind: 'task', reason: 'Call back', dueAt: 0, ani: CALLER } as const;

  it('he himself where he owns it, though another is free', async () => {
    const two = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['billing'] })];
    const house = await new WalkHouse({ queues, agents: two, followUps: RULES }).start();
    house.fake.number(CALLER, answers(1_000));
    await house.ready('alice');
    await house.clock.advance(MINUTE_MS);
    await house.ready('bob');
    const dueAt = house.clock.now() + HOUR_MS;
    const made = await house.engine.house.followUps.create(
      { ...wish, dueAt, owner: { kind: 'agent', id: 'bob' } },
      BOSS,
    );
    const id = made.ok ? made.value.id : '';
    expect(await house.engine.house.followUpCalls.call(id, { queue: null }, BOSS)).toMatchObject({ ok: true });
    await (await house.fake.phone('bob').rung()).until('bridged');
    expect(house.fake.phone('alice').parties).toEqual([]);
  });

  it('is refused where there is no number, no queue, no leave, or nothing open', async () => {
    const house = await shop();
    const { followUps, followUpCalls } = house.engine.house;
    const dueAt = house.clock.now() + HOUR_MS;
    const make = async (change: object) => {
      const made = await followUps.create({ ...wish, dueAt, owner: { kind: 'team', id: 'finance' }, ...change }, BOSS);
      return made.ok ? made.value.id : made.sentence;
    };
    const call = async (id: string, queue: string | null = null) => followUpCalls.call(id, { queue }, BOSS);
    expect(await call('none')).toMatchObject({ why: 'not-found' });
    expect(await call(await make({ ani: null }))).toMatchObject({ why: 'invalid' });
    expect(await call(await make({ ani: '+12025550123' }))).toMatchObject({ why: 'invalid' });
    expect(await call(await make({}), 'moon')).toMatchObject({ why: 'invalid' });
    const own = await make({ owner: { kind: 'agent', id: 'alice' } });
    expect(await call(own, 'finance')).toMatchObject({ sentence: 'Agent alice does not serve queue finance.' });
    await followUps.command(own, { type: 'close', outcome: 'done', note: null }, BOSS);
    expect(await call(own)).toMatchObject({ why: 'conflict' });
  });
});

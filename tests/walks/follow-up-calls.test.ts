import { describe, expect, it, vi } from 'vitest';
import type { FollowUpWish } from '../../src/engine/ports/follow-ups.ts';
import { answers, busy } from '../support/fake-party.ts';
import { agentProfile, queueProfile, testSite } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const CALLER = '+358501112223';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BOSS = { name: 'crm', agentId: null };
const BOB = { kind: 'agent', id: 'bob' } as const;

/** Tries a callback twice, a minute apart. */
const PLAIN = queueProfile('finance');
const queues = new Map([
  ['finance', { ...PLAIN, callbacks: { ...PLAIN.callbacks, tries: 2, retryAfterMs: MINUTE_MS } }],
]);

async function office() {
  const agents = [agentProfile('bob', { queues: ['finance'] })];
  const house = await new WalkHouse({ ...testSite(), queues, agents }).start();
  house.fake.number(CALLER, answers(1_000));
  return house;
}

async function owed(house: WalkHouse, more: Partial<FollowUpWish> = {}): Promise<string> {
  const dueAt = house.clock.now() + 4 * HOUR_MS;
  const wish = { kind: 'task', reason: 'Call back', owner: BOB, dueAt, ani: CALLER, ...more };
  const made = await house.engine.house.followUps.create(wish, BOSS);
  if (!made.ok) throw new Error(made.sentence);
  return made.value.id;
}

const call = (house: WalkHouse, id: string) => house.engine.house.followUpCalls.call(id, { queue: null }, BOSS);

/** What its history says of calls. */
async function calls(house: WalkHouse, id: string): Promise<readonly string[]> {
  const story = await house.engine.house.followUps.one(id, BOSS);
  if (!story.ok) throw new Error(story.sentence);
  return story.value.history.flatMap(({ type, data }) =>
    type === 'followup.called'
      ? [`called by ${data.by}`]
      : type === 'followup.call.tried'
        ? [`${data.why}${data.retryAt === null ? '' : ', again'}`]
        : type === 'followup.call.ended'
          ? [`${data.outcome}${data.agentId === null ? '' : ` by ${data.agentId}`}`]
          : [],
  );
}

describe('the history of a follow-up', () => {
  it('says who was reached', async () => {
    const house = await office();
    const id = await owed(house);
    await call(house, id);
    expect(await calls(house, id)).toEqual(['called by crm']);
    await house.ready('bob');
    await (await house.fake.phone('bob').rung()).until('bridged');
    await house.clock.runUntil(() => house.eventsOf('followup.call.ended').length === 1);
    expect(await calls(house, id)).toEqual(['called by crm', 'reached by bob']);
    house.fake.number(CALLER).party.hangUp();
    await house.clock.advance(MINUTE_MS);
    expect(await calls(house, id)).toHaveLength(2);
    await house.expectNoLeaks();
  });

  it('says why each try came to nothing, and that there is no other; then it may be called again', async () => {
    const house = await office();
    house.fake.number(CALLER, busy);
    const id = await owed(house);
    const first = await call(house, id);
    await house.ready('bob');
    await house.clock.runUntil(() => house.eventsOf('followup.call.ended').length === 1);
    expect(await calls(house, id)).toEqual(['called by crm', 'busy, again', 'busy', 'failed by bob']);
    const second = await call(house, id);
    expect(second.ok && first.ok && second.value.callbackId !== first.value.callbackId).toBe(true);
    expect(await calls(house, id)).toHaveLength(5);
  });

  it('is whole though the process died that heard the end', async () => {
    const house = await office();
    const id = await owed(house);
    const asked = await call(house, id);
    const { followUps, callbackDesk } = house.engine.house;
    vi.spyOn(followUps, 'change').mockRejectedValueOnce(new Error('away'));
    await callbackDesk.cancelCallback(asked.ok ? asked.value.callbackId : '', 'crm');
    house.kill();
    await house.restart();
    await house.clock.runUntil(() => house.eventsOf('followup.call.ended').length === 1);
    expect(await calls(house, id)).toEqual(['called by crm', 'cancelled']);
    await house.clock.advance(HOUR_MS);
    expect(await calls(house, id)).toHaveLength(2);
  });

  it('says that it was called off', async () => {
    const house = await office();
    const id = await owed(house);
    const asked = await call(house, id);
    await house.engine.house.callbackDesk.cancelCallback(asked.ok ? asked.value.callbackId : '', 'crm');
    await house.clock.advance(1_000);
    expect(await calls(house, id)).toEqual(['called by crm', 'cancelled']);
  });

  it('is whole also when others change it at the same moment', async () => {
    const house = await office();
    const id = await owed(house);
    const asked = await call(house, id);
    const { followUps, callbackDesk } = house.engine.house;
    await Promise.all([
      callbackDesk.cancelCallback(asked.ok ? asked.value.callbackId : '', 'crm'),
      ...['a', 'b', 'c'].map((note) => followUps.command(id, { type: 'note', note }, BOSS)),
    ]);
    await house.clock.advance(30_000);
    expect(await calls(house, id)).toEqual(['called by crm', 'cancelled']);
    const story = await followUps.one(id, BOSS);
    expect(story.ok && story.value.history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('who is not to be called', () => {
  const refuse = (house: WalkHouse) => house.engine.house.dnc.optOut(CALLER, null);

  it('is not called for a follow-up, and the answer says why', async () => {
    const house = await office();
    await refuse(house);
    const id = await owed(house);
    expect(await call(house, id)).toMatchObject({
      ok: false,
      why: 'invalid',
      sentence: expect.stringMatching(/^The number is not to be called: /u),
    });
    expect(await calls(house, id)).toEqual([]);
    expect(house.eventsOf('callback.requested')).toEqual([]);
  });

  it('is not rung when he says so after it was promised: the agent is free again, and the call is over', async () => {
    const house = await office();
    const id = await owed(house);
    await call(house, id);
    await house.clock.advance(1_000);
    await refuse(house);
    await house.ready('bob');
    await house.clock.runUntil(() => house.eventsOf('followup.call.ended').length === 1);
    expect(await calls(house, id)).toEqual(['called by crm', 'cancelled']);
    expect(house.eventsOf('callback.cancelled')).toMatchObject([{ data: { by: 'do-not-call' } }]);
    await house.clock.runUntil(() => house.agent('bob').state === 'idle');
    expect(house.fake.number(CALLER).parties).toEqual([]);
    await house.expectNoLeaks();
  });

  it('is rung who asked for a callback after he had asked not to be called', async () => {
    const house = await office();
    await refuse(house);
    await house.clock.advance(1_000);
    const now = house.clock.now();
    const wish = { queue: 'finance', number: CALLER, language: 'en', dueBy: now + HOUR_MS, notBefore: 0, priority: 0 };
    await house.engine.house.callbackDesk.requestCallback({ ...wish, id: 'his-own' });
    await house.ready('bob');
    await (await house.fake.phone('bob').rung()).until('bridged');
  });

  it('is asked anew while lists are still being read: nobody knows who is on them', async () => {
    const house = await office();
    const id = await owed(house);
    const hit = { kind: 'not-ready', name: 'the lists are still being read' } as const;
    const more = { id: null, campaignId: null, since: null, reason: null, source: null };
    const hits = vi.spyOn(house.engine.house.dnc.keeper, 'hits').mockReturnValue([{ ...hit, ...more }]);
    expect(await call(house, id)).toMatchObject({ ok: false, sentence: expect.stringMatching(/still being read/u) });
    hits.mockRestore();
    expect(await call(house, id)).toMatchObject({ ok: true });
  });
});

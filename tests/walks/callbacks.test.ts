import { describe, expect, it } from 'vitest';
import { answers, busy, congested, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const OTHER = '+358504445556';
const NODES = callbackNodes('1h');
const MINUTE_MS = 60_000;
const DAYS = [1, 2, 3, 4, 5, 6, 7];

const billing = (change = {}) => new Map([['billing', queueProfile('billing', change)]]);
const callbacks = { tries: 2, retryAfterMs: 5 * MINUTE_MS, ringMs: 15_000, trunk: null };

/** One agent, whose phone answers after a second. */
async function open(change = {}, site = {}): Promise<FlowHouse> {
  const agents = [agentProfile('alice', { queues: ['billing'] })];
  const house = await new FlowHouse(NODES, { agents, queues: billing({ callbacks, ...change }), ...site }).start();
  house.fake.phone('alice', answers(1_000));
  return house;
}

const rows = (house: FlowHouse) => house.flows.callbacks({ limit: 9 });

describe('a callback', () => {
  it('keeps the place, rings the agent first and then the customer, and is done when they have talked', async () => {
    const house = await open();
    const line = house.fake.number(CALLER, answers(2_000));
    await house.takeCallback();
    expect(await rows(house)).toMatchObject([{ number: CALLER, state: 'waiting', queue: 'billing' }]);
    const later = house.caller(OTHER);
    await later.until('hearing', 'queue.position');
    await house.clock.advance(MINUTE_MS);
    expect(later.heard).toContain('file:en/say.n.2');
    await house.ready('alice');
    const alice = await house.fake.phone('alice').rung();
    await alice.until('hearing', 'callback.agent');
    expect(line.parties).toHaveLength(0);
    await line.rung();
    await alice.until('bridged');
    expect(house.eventsOf('callback.answered')).toMatchObject([{ data: { agentId: 'alice', attempt: 1 } }]);
    expect(later.hearing).not.toBeNull();
    line.party.hangUp();
    await later.until('bridged');
    later.hangUp();
    expect(await rows(house)).toMatchObject([{ state: 'done', tries: 1, closedBy: 'alice' }]);
    await house.expectNoLeaks();
  });

  it('keeps its place and its tries while its trunk is dead, and is made when that works again', async () => {
    const house = await open();
    const line = house.fake.number(CALLER, answers(2_000));
    let isDead = true;
    Object.assign(house.engine.house.callTrunks, {
      carries: (_trunk: string, number: string) => number !== CALLER || !isDead,
    });
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.advance(5 * MINUTE_MS);
    expect(house.fake.phone('alice').parties).toHaveLength(0);
    expect(await rows(house)).toMatchObject([{ state: 'waiting', tries: 0 }]);
    isDead = false;
    await line.rung();
    expect(await rows(house)).toMatchObject([{ state: 'waiting', tries: 1 }]);
    line.party.hangUp();
    await house.clock.advance(MINUTE_MS);
    await house.expectNoLeaks();
  });

  it('waits for a line of its trunk, which another callback holds, and never takes more than there are', async () => {
    const trunks = new Map([['public', { name: 'public', lines: 1, cps: 50 }]]);
    const agents = ['alice', 'bob'].map((id) => agentProfile(id, { queues: ['billing'] }));
    const house = await new FlowHouse(NODES, { agents, queues: billing({ callbacks }), trunks }).start();
    const lines = [CALLER, OTHER].map((number) => house.fake.number(number, answers(2_000, 60_000)));
    for (const { id } of agents) house.fake.phone(id, answers(1_000));
    await house.takeCallback(CALLER);
    await house.takeCallback(OTHER);
    await house.ready('alice', 'bob');
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'the first talk');
    const rung = () => lines.flatMap(({ parties }) => parties).length;
    await house.clock.advance(40_000);
    expect([rung(), (await rows(house)).map(({ tries }) => tries).toSorted((a, b) => a - b)]).toEqual([1, [0, 1]]);
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 2, 'the second talk');
    expect((await rows(house)).map(({ state, tries }) => [state, tries])).toEqual([
      ['done', 1],
      ['done', 1],
    ]);
    await house.clock.advance(2 * MINUTE_MS);
    expect(house.engine.house.ways.room({ trunk: 'public' }).linesInUse).toBe(0);
    await house.expectNoLeaks();
  });

  it('learns from its callbacks that a trunk is dead, and spares it', async () => {
    const care = { backOffAfter: 3, backOffMs: 2_000, backOffMostMs: 300_000, deadAfter: 1, probeEveryMs: 600_000 };
    const trunks = new Map([['public', { name: 'public', lines: 9, cps: 50, care }]]);
    const house = await open({}, { trunks });
    const line = house.fake.number(CALLER, congested);
    await house.ready('alice');
    await house.takeCallback();
    await house.clock.runUntil(() => house.eventsOf('trunk.down').length === 1, 'a dead trunk');
    await house.clock.advance(9 * MINUTE_MS);
    expect(line.parties).toHaveLength(1);
    await house.clock.runUntil(() => line.parties.length === 2, 'the probe');
    await house.clock.advance(MINUTE_MS);
    await house.expectNoLeaks();
  });

  it('frees the agent at once when the customer does not answer, and is tried again later, so many times', async () => {
    const house = await open();
    const line = house.fake.number(CALLER, busy);
    await house.ready('alice');
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 1, 'a try that failed');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is free');
    const [failed] = house.eventsOf('callback.failed');
    expect(failed?.data).toMatchObject({ why: 'busy', attempt: 1, retryAt: (failed?.at ?? 0) + 5 * MINUTE_MS });
    line.behaviour = rings;
    await house.clock.advance(5 * MINUTE_MS - 10_000);
    expect(line.parties).toHaveLength(1);
    await line.rung(2);
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 2, 'the last try');
    expect(house.eventsOf('callback.failed')[1]?.data).toMatchObject({ why: 'no-answer', attempt: 2, retryAt: null });
    await house.expectNoLeaks();
    expect(await rows(house)).toMatchObject([{ state: 'failed', tries: 2 }]);
  });

  it('goes on to the next agent when one does not answer, and back in line when he puts down', async () => {
    const house = await open({ ringMs: 10_000 });
    const line = house.fake.number(CALLER, answers(1_000));
    await house.takeCallback();
    house.fake.phone('alice', rings);
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('call.offer.failed').length === 1, 'RONA');
    house.fake.phone('alice', answers(1_000));
    await house.clock.advance(5 * MINUTE_MS);
    await house.ready('alice');
    const alice = await house.fake.phone('alice').rung(2);
    await alice.until('hearing', 'callback.agent');
    alice.hangUp();
    await house.fake.phone('alice').rung(3);
    await (await line.rung()).until('bridged');
    line.party.hangUp();
    await house.expectNoLeaks();
    expect(await rows(house)).toMatchObject([{ state: 'done', tries: 1 }]);
  });

  it('is made by nobody here any more once another process has taken it over', async () => {
    const house = await open();
    const line = house.fake.number(CALLER, answers(2_000));
    await house.takeCallback();
    await house.clock.advance(6_000);
    expect(house.service.calls()).toMatchObject([{ phase: 'promised' }]);
    const [row] = await rows(house);
    // As if we had been away for longer than a hold lasts.
    const away = house.clock.now() + 5 * MINUTE_MS;
    expect(await house.flows.holdErrand('callback', row?.id ?? '', 'call-other', away, away + 60 * MINUTE_MS)).toBe(
      true,
    );
    await house.clock.advance(40_000);
    expect(house.service.calls()).toEqual([]);
    await house.ready('alice');
    await house.clock.advance(10 * MINUTE_MS);
    expect([house.fake.phone('alice').parties.length, line.parties.length]).toEqual([0, 0]);
  });

  it('expires when its turn does not come in time', async () => {
    const house = await open();
    await house.takeCallback();
    await house.clock.advance(61 * MINUTE_MS);
    expect(house.eventsOf('callback.expired')).toMatchObject([{ data: { tries: 0 } }]);
    expect(await rows(house)).toMatchObject([{ state: 'expired' }]);
    await house.expectNoLeaks();
  });

  it('is not taken for a number that the house may not call; the caller waits on at his place', async () => {
    const house = await open();
    const abroad = house.caller('+46701112223');
    await abroad.until('hearing', 'callback.offer');
    const later = house.caller(OTHER);
    await later.until('hearing', 'queue.wait');
    abroad.press('1');
    await abroad.until('hearing', 'callback.choice');
    expect(house.service.queues()[0]?.waiting).toBe(1);
    abroad.press('1');
    await abroad.until('hearing', 'callback.refused');
    abroad.press('*');
    await abroad.until('hearing', 'queue.wait');
    expect(await rows(house)).toEqual([]);
    await house.ready('alice');
    await abroad.until('bridged');
    expect(house.story(house.callOf(abroad.legId)?.id ?? '').filter((type) => type === 'call.queued')).toHaveLength(1);
    for (const caller of [abroad, later]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('of who hangs up while he is asked is none, and counts as abandoned', async () => {
    const house = await open();
    const caller = house.caller(CALLER);
    await caller.until('hearing', 'callback.offer');
    caller.press('1');
    await caller.until('hearing', 'callback.number');
    caller.hangUp();
    await house.expectNoLeaks();
    expect(house.eventsOf('call.abandoned')).toHaveLength(1);
    expect(await rows(house)).toEqual([]);
  });

  it('waits while its queue is closed, and is made when that opens', async () => {
    const allDay = [{ from: 0, to: 24 * 60 }];
    const weekly = new Map(DAYS.map((weekday) => [weekday, allDay]));
    const office = {
      name: 'office',
      timezone: 'UTC',
      weekly,
      holidays: new Map(),
      exceptions: new Map(),
      forced: false,
    };
    const calendars = new Map([['office', office]]);
    const agents = [agentProfile('alice', { queues: ['billing'] })];
    const queues = billing({ callbacks, calendar: 'office' });
    const house = await new FlowHouse(NODES, { agents, queues, calendars }).start();
    await house.takeCallback();
    const line = house.fake.number(CALLER, answers(1_000, 5_000));
    for (const weekday of DAYS) weekly.set(weekday, []);
    await house.clock.advance(10_000);
    expect(house.service.calls()).toEqual([]);
    await house.ready('alice');
    await house.clock.advance(MINUTE_MS);
    expect(line.parties).toHaveLength(0);
    for (const weekday of DAYS) weekly.set(weekday, allDay);
    await line.rung();
    await house.expectNoLeaks();
    expect(await rows(house)).toMatchObject([{ state: 'done', tries: 1 }]);
  });

  it('is withdrawn when the caller is back, who has his old place', async () => {
    const house = await open();
    await house.takeCallback();
    const before = house.caller(OTHER);
    await before.until('hearing', 'queue.wait');
    await house.clock.advance(MINUTE_MS);
    const back = house.caller(CALLER);
    await back.until('hearing', 'queue.returned');
    expect(house.eventsOf('callback.withdrawn')).toHaveLength(1);
    expect(house.eventsOf('call.place.kept')).toMatchObject([{ data: { because: 'callback' } }]);
    await house.ready('alice');
    await back.until('bridged');
    expect(before.talkingWith).toEqual([]);
    for (const caller of [before, back]) caller.hangUp();
    await house.expectNoLeaks();
    expect(await rows(house)).toMatchObject([{ state: 'withdrawn' }]);
  });

  it('is called off, or given other times, over the API', async () => {
    const house = await open();
    const desk = house.engine.house.callbackDesk;
    await house.takeCallback();
    const [row] = await rows(house);
    const [id, later] = [row?.id ?? '', house.clock.now() + 30 * MINUTE_MS];
    await house.clock.advance(6_000);
    expect(await desk.changeCallback(id, { notBefore: later }, 'olli')).toMatchObject({ ok: true });
    expect(await desk.changeCallback(id, { dueBy: later }, 'olli')).toMatchObject({ ok: false, why: 'invalid' });
    expect(await desk.changeCallback('none', {}, 'olli')).toMatchObject({ ok: false, why: 'not-found' });
    const wish = {
      id: 'key-1',
      number: OTHER,
      queue: 'billing',
      language: 'en',
      notBefore: later,
      dueBy: later,
      priority: 0,
    } as const;
    expect(await desk.requestCallback(wish)).toMatchObject({ ok: false, why: 'invalid' });
    expect(await desk.requestCallback({ ...wish, number: '+46701112223', dueBy: later * 2 })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('may not be called'),
    });
    await house.ready('alice');
    await house.clock.advance(20 * MINUTE_MS);
    expect([house.service.calls(), house.fake.phone('alice').parties.length]).toEqual([[], 0]);
    await house.service.setAgentStatus('alice', 'not-ready', 'tea');
    await house.clock.advance(11 * MINUTE_MS);
    expect(house.service.calls()).toMatchObject([{ phase: 'promised', queue: 'billing' }]);
    expect(await desk.cancelCallback(id, 'olli')).toMatchObject({ ok: true });
    await house.clock.advance(1);
    expect(house.service.calls()).toEqual([]);
    expect(await desk.cancelCallback(id, 'olli')).toMatchObject({ ok: false, why: 'conflict' });
    expect(await desk.changeCallback(id, { dueBy: later * 2 }, 'olli')).toMatchObject({ ok: false, why: 'conflict' });
    expect(await desk.cancelCallback('none', 'olli')).toMatchObject({ ok: false, why: 'not-found' });
    await house.expectNoLeaks();
    expect(house.eventsOf('callback.cancelled')).toMatchObject([{ subject: `callback/${id}`, data: { by: 'olli' } }]);
    expect(house.eventsOf('callback.changed')).toHaveLength(1);
    expect(await rows(house)).toMatchObject([{ state: 'cancelled', closedBy: 'olli' }]);
  });
});

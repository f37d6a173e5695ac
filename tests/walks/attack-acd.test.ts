import { describe, expect, it } from 'vitest';
import { calendarFile, calendarOf } from '../../src/ivr/calendar.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';
import { queue, TalkHouse } from './talk-house.ts';

const AGENTS = ['alice', 'bob', 'carol'];

/** Three callers wait for billing, and nobody is ready. */
async function crowd() {
  const house = await new WalkHouse({ agents: AGENTS.map((id) => agentProfile(id)) }).start();
  const callers = [];
  for (const from of ['+358501112221', '+358501112222', '+358501112223']) callers.push(await house.callerIn('1', from));
  return { house, callers };
}

describe('reservations that the live store does not take', () => {
  it('cost no more after a minute of its absence than after a second, and all are served when it is back', async () => {
    const { house, callers } = await crowd();
    house.live.away = true;
    for (const id of AGENTS) await house.service.setAgentStatus(id, 'ready', null);
    await house.clock.advance(60_000);
    house.logged.length = 0;
    await house.clock.advance(5_000);
    expect(house.logged.length).toBeLessThan(100);
    house.live.away = false;
    const back = house.clock.now();
    for (const caller of callers) await caller.until('bridged');
    expect(house.clock.now() - back).toBeLessThan(10_000);
    for (const caller of callers) caller.hangUp();
    house.warnings.length = 0;
    await house.expectNoLeaks();
  });

  it('are tried ever more seldom while it takes everything else', async () => {
    const { house, callers } = await crowd();
    const { live } = house.engine.rooms;
    const reserve = live.reserve.bind(live);
    let tries = 0;
    const refuses: typeof reserve = async () => {
      tries += 1;
      throw new Error('this one is not taken');
    };
    Object.assign(live, { reserve: refuses });
    await house.ready('alice');
    await house.clock.advance(60_000);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(100);
    Object.assign(live, { reserve });
    await house.ready('bob', 'carol');
    for (const caller of callers) await caller.until('bridged');
    for (const caller of callers) caller.hangUp();
    house.warnings.length = 0;
    await house.expectNoLeaks();
  });

  it('are said to who asks to be rung for a parked customer or a talk', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob', 'carol');
    const { callId } = house.agent('alice');
    house.live.away = true;
    const wish = { type: 'monitor', mode: 'listen', phone: 'carol' } as const;
    const listen = await house.service.talk.supervise(callId ?? '', 'sue', wish);
    expect(listen).toMatchObject({ ok: false, why: 'conflict', sentence: expect.stringContaining('live store') });
    await house.act('alice', { type: 'park', forMs: 60_000, note: null });
    const fetch = await house.service.talk.pickUp('bob', '701');
    expect(fetch).toMatchObject({ ok: false, why: 'conflict', sentence: expect.stringContaining('live store') });
    house.live.away = false;
    await house.clock.advance(3_000);
    expect(await house.service.talk.pickUp('bob', '701')).toMatchObject({ ok: true });
    await caller.until('bridged');
    house.warnings.length = 0;
    await house.goHome(caller);
  });
});

describe('a queue that is closed', () => {
  /** The walk begins at 09:00 UTC. */
  const closingAt = (time: string) =>
    new TalkHouse({
      queues: new Map([
        ['billing', queueProfile('billing', { escalateTo: 'tech' })],
        [
          'tech',
          queueProfile('tech', { calendar: 'desk', maxWaitMs: 3_600_000, closing: { sweep: true, callback: true } }),
        ],
      ]),
      calendars: new Map([
        ['desk', calendarOf('desk', calendarFile.parse({ timezone: 'UTC', weekly: { 'mon-sun': [`08:00-${time}`] } }))],
      ]),
    });
  const blind = { type: 'transfer', to: queue('tech'), note: null, keepPlace: true } as const;

  it('is nowhere that an agent can send a customer: nobody would serve him there', async () => {
    const house = closingAt('08:30');
    const caller = await house.talking('bob');
    expect(await house.refused('alice', blind)).toContain('closed');
    expect(await house.refused('alice', { type: 'escalate', how: 'queue', note: null })).toContain('closed');
    expect(house.only.talk?.agentId).toBe('alice');
    await house.goHome(caller);
  });

  it('by closing gives a customer back to the agent who sent him there, and promises nothing', async () => {
    const house = closingAt('09:10');
    const caller = await house.talking();
    await house.act('alice', blind);
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is free');
    await house.clock.advance(10 * 60_000 + 15_000);
    expect(caller.heard.join()).not.toContain('queue.closing');
    expect(await house.flows.callbacks({ limit: 10 })).toEqual([]);
    expect(house.only.talk?.agentId).toBe('alice');
    await house.goHome(caller);
  });
});

describe('a supervisor at a phone', () => {
  const listen = async (house: TalkHouse, phone: string) => {
    expect(
      await house.service.talk.supervise(house.only.id, 'sue', { type: 'monitor', mode: 'listen', phone }),
    ).toMatchObject({ ok: true });
    await house.clock.advance(1_500);
  };

  it('where an agent sits who has left his own holds that agent, or the next call would ring there', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const seat = { kind: 'phone', phone: 'desk' } as const;
    expect(await house.service.floor.logIn('carol', { seat, status: 'ready', reason: null })).toMatchObject({
      ok: true,
    });
    await listen(house, 'desk');
    expect(house.fake.phone('desk').party.phase).not.toBe('ended');
    expect(house.agent('carol')).toMatchObject({ state: 'talking', callId: house.only.id });
    await house.goHome(caller);
  });

  it('that its agent has left, or where nobody is logged in, rings there and holds nobody', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const seat = { kind: 'phone', phone: 'desk' } as const;
    expect(await house.service.floor.logIn('carol', { seat, status: 'ready', reason: null })).toMatchObject({
      ok: true,
    });
    await listen(house, 'carol');
    expect(house.fake.phone('carol').parties).toHaveLength(1);
    expect(house.fake.phone('desk').parties).toHaveLength(0);
    expect(house.agent('carol').state).toBe('idle');
    await house.service.talk.supervise(house.only.id, 'sue', { type: 'unmonitor' });
    await listen(house, 'bob');
    expect(house.fake.phone('bob').parties).toHaveLength(1);
    const phone = { kind: 'phone', phone: 'bob' } as const;
    expect(await house.refused('alice', { type: 'consult', to: phone })).toContain('ask for the agent');
    await house.goHome(caller);
  });
});

it('a colleague who is consulted does not let the recording go on while the customer reads his card', async () => {
  const recording = { mode: 'always', keepDays: 1 } as const;
  const house = new TalkHouse({
    queues: new Map(['billing', 'tech'].map((name) => [name, queueProfile(name, { recording })])),
  });
  const caller = await house.talking('bob');
  const { flowDesk } = house.engine.house;
  const ask = (verb: 'pause' | 'resume', agentId: string) =>
    flowDesk.record(house.only.id, verb, { kind: 'agent', agentId });
  await house.act('alice', { type: 'consult', to: { kind: 'agent', agentId: 'bob' } });
  await house.inTalk('bob');
  await house.act('alice', { type: 'side', side: 'customer' });
  expect(await ask('pause', 'alice')).toMatchObject({ ok: true });
  expect(await ask('resume', 'bob')).toMatchObject({ ok: false, why: 'conflict' });
  expect(await ask('resume', 'dave')).toMatchObject({ ok: false, why: 'conflict' });
  expect(house.only.recording?.paused).toBe(true);
  expect(await ask('resume', 'alice')).toMatchObject({ ok: true });
  expect(await ask('pause', 'bob')).toMatchObject({ value: { state: 'paused' } });
  await house.goHome(caller);
});

it('an agent who logs in and out by a line outside uses up his own tries, not those of the house', async () => {
  const house = new TalkHouse();
  const caller = await house.talking();
  const to = { kind: 'number', number: '+358409999999', trunk: 'public' } as const;
  const { floor } = house.service;
  const wish = { seat: { kind: 'line', to }, status: 'ready', reason: null } as const;
  const answers = [];
  for (let tries = 0; tries < 30; tries += 1) {
    answers.push(await floor.logIn('bob', wish));
    await house.clock.advance(100);
    await floor.setStatus('bob', 'logged-out', null);
    await house.clock.advance(5_000);
  }
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  expect(answers.at(-1)).toMatchObject({ why: 'conflict', sentence: expect.stringContaining('within the hour') });
  await house.clock.advance(3_600_000);
  expect(await floor.logIn('bob', wish)).toMatchObject({ ok: true });
  await floor.setStatus('bob', 'logged-out', null);
  await house.goHome(caller);
});

it('callbacks of a queue that a release has renamed are not forgotten in silence', async () => {
  const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
  const now = house.clock.now();
  const about = { callId: 'call-1', queue: 'gone', number: '+358501112223', language: 'en', line: null } as const;
  const place = { requestedAt: now, dueBy: now + 3_600_000, keepPlaceFrom: now, require: [], relax: [], priority: 0 };
  for (const id of ['one', 'two']) await house.flows.requestCallback({ id, ...about, ...place }, 10);
  await house.clock.advance(60_000);
  const told = house.logged.filter((line) => line.includes('queue that is no more'));
  expect(told).toHaveLength(1);
  expect(told.join()).toContain('"queue":"gone"');
  expect(told.join()).not.toContain('+358');
});

it('an offer that an error spoils costs the caller no place, agents no time, and others little', async () => {
  const house = await new WalkHouse({ agents: [agentProfile('alice'), agentProfile('bob')] }).start();
  const caller = await house.callerIn('1');
  const [session] = house.engine.house.board.all();
  if (!session) throw new Error('no call');
  const post = session.post.bind(session);
  let spoiled = 0;
  session.post = (input) => {
    if (input.type !== 'offer') return post(input);
    spoiled += 1;
    // As it would be if a process of another version had said how the agent is reached.
    const agents = input.agents.map((agent) => ({ ...agent, reach: null as unknown as typeof agent.reach }));
    return post({ ...input, agents });
  };
  await house.ready('alice', 'bob');
  await house.clock.advance(60_000);
  expect(spoiled).toBeGreaterThan(5);
  expect(spoiled).toBeLessThan(15);
  session.post = post;
  await house.clock.advance(10_000);
  expect(house.callOf(caller.legId)?.phase).toBe('talking');
  caller.hangUp();
  house.warnings.length = 0;
  await house.expectNoLeaks();
});

import { describe, expect, it } from 'vitest';
import { PLAIN_FLOOR } from '../../src/acd/agent-rules.ts';
import type { LogIn } from '../../src/engine/ports/floor.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy, rings, unregistered } from '../support/fake-party.ts';
import { agentProfile, ENTRY, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const line = (phone?: string): LogIn => ({
  seat: { kind: 'line', to: phone === undefined ? null : { kind: 'phone', phone } },
  status: 'ready',
  reason: null,
});
const at = (phone: string) => ({ seat: { kind: 'phone', phone }, status: 'ready', reason: null }) as const;

/** A house in which Alice sits on her line. */
async function onLine(rules = PLAIN_FLOOR) {
  const house = await new WalkHouse({ floor: rules }).start();
  expect(await house.service.floor.logIn('alice', line())).toMatchObject({
    ok: true,
    value: { status: 'logged-out', seat: { kind: 'line', at: 'alice', phase: 'ringing' } },
  });
  await house.clock.runUntil(() => house.agent('alice').status === 'ready', 'alice on her line');
  const [phone] = house.fake.phone('alice').parties;
  if (!phone) throw new Error('no phone rang');
  return { house, phone };
}

const logOut = (house: WalkHouse) => house.service.floor.setStatus('alice', 'logged-out', null);

describe('a line', () => {
  it('is rung once, hears music, and takes one call after the other with a beep', async () => {
    const { house, phone } = await onLine();
    expect(house.agent('alice').seat).toEqual({ kind: 'line', at: 'alice', phase: 'up' });
    await phone.until('hearing', 'music:default');
    for (const from of ['+358501112221', '+358501112222']) {
      const caller = await house.callerIn('1', from);
      await phone.until('bridged');
      expect(phone.talkingWith).toEqual([caller.legId]);
      expect(phone.heard.at(-1)).toBe('tone:beep');
      expect(house.agent('alice')).toMatchObject({ state: 'talking' });
      caller.hangUp();
      await phone.until('hearing', 'music:default');
      await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'wrap-up over');
    }
    expect(house.fake.phone('alice').parties).toHaveLength(1);
    expect(house.agent('alice').handled).toEqual({ billing: 2 });
    await logOut(house);
    await phone.until('ended');
    await house.expectNoLeaks();
  });

  it('goes on when the flow does after the talk, and to the next call meanwhile', async () => {
    const { house, phone } = await onLine();
    const first = await house.callerIn('1');
    await phone.until('bridged');
    const { id } = house.callOf(first.legId) ?? {};
    house.service.hangupCall(id ?? '');
    await first.until('ended');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'wrap-up over');
    const next = await house.callerIn('2');
    await phone.until('bridged');
    expect(phone.talkingWith).toEqual([next.legId]);
    next.hangUp();
    await phone.until('hearing', 'music:default');
    await logOut(house);
    await house.expectNoLeaks();
  });

  it('hung up in a talk ends the talk, and sets the agent aside', async () => {
    const { house, phone } = await onLine();
    const caller = await house.callerIn('1');
    await phone.until('bridged');
    phone.hangUp();
    await caller.until('hearing', 'goodbye');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'wrap-up over');
    expect(house.agent('alice')).toMatchObject({ status: 'not-ready', reason: 'line-lost', seat: { kind: 'own' } });
    expect(house.eventsOf('agent.line.ended')).toHaveLength(1);
    await house.expectNoLeaks();
  });

  it('hung up between two calls logs out where the house says so', async () => {
    const { house, phone } = await onLine({ ...PLAIN_FLOOR, line: { ...PLAIN_FLOOR.line, onHangUp: 'log-out' } });
    phone.hangUp();
    await house.clock.runUntil(() => house.agent('alice').status === 'logged-out', 'alice out');
    await house.expectNoLeaks();
  });

  it('of an agent who is removed is hung up', async () => {
    const { house } = await onLine();
    await house.service.saveAgent(agentProfile('temp'));
    house.fake.phone('temp', answers(500));
    await house.service.floor.logIn('temp', line());
    await house.clock.runUntil(() => house.agent('temp').status === 'ready', 'temp on a line');
    expect(await house.service.removeAgent('temp')).toMatchObject({ ok: true });
    await house.fake.phone('temp').parties[0]?.until('ended');
    await logOut(house);
    await house.expectNoLeaks();
  });

  it('that nobody answers logs nobody in', async () => {
    const house = await new WalkHouse().start();
    house.fake.phone('alice', rings);
    await house.service.floor.logIn('alice', line());
    await house.clock.runUntil(() => house.eventsOf('agent.line.refused').length > 0, 'the line was given up');
    const refused = { at: 'alice', verdict: 'no-answer', when: house.clock.now() };
    expect(house.agent('alice')).toMatchObject({
      status: 'logged-out',
      seat: { kind: 'own' },
      lineRefused: refused,
    });
    house.fake.phone('alice', answers(1_000));
    await house.service.floor.logIn('alice', line());
    expect(house.agent('alice')).toMatchObject({ seat: { kind: 'line', phase: 'ringing' }, lineRefused: null });
    await house.clock.runUntil(() => house.agent('alice').status === 'ready', 'alice on her line');
    expect(house.agent('alice').lineRefused).toBeNull();
    await logOut(house);
    await house.expectNoLeaks();
  });

  it.each(['idle', 'talking'] as const)('is taken up again after a crash, its agent %s', async (state) => {
    const { house, phone } = await onLine();
    const caller = state === 'talking' ? await house.callerIn('1') : null;
    if (caller) await phone.until('bridged');
    house.kill();
    await house.restart();
    await house.clock.advance(100);
    expect(phone.phase).toBe('up');
    expect(house.agent('alice')).toMatchObject({ status: 'ready', state, seat: { kind: 'line', phase: 'up' } });
    caller?.hangUp();
    await phone.until('hearing', 'music:default');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice idle');
    const next = await house.callerIn('1');
    await phone.until('bridged');
    next.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice idle again');
    await logOut(house);
    await house.expectNoLeaks();
  });

  it('hung up while nobody was there is found lost', async () => {
    const { house, phone } = await onLine();
    house.kill();
    phone.hangUp();
    await house.restart();
    await house.clock.runUntil(() => house.agent('alice').reason === 'line-lost', 'the line is missed');
    await house.expectNoLeaks();
  });

  it('outlives the process whatever that was at when it died', async () => {
    const found: unknown[] = [];
    let point = 1;
    for (let died = true; died; point += 1) {
      const { house, phone } = await onLine();
      house.diesIn = point;
      const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
      for (let turn = 0; turn < 200 && !house.dead; turn += 1) {
        if (turn === 5) caller.press('11');
        if (turn === 100) caller.hangUp();
        await house.clock.advance(100);
      }
      died = house.dead;
      house.kill();
      house.diesIn = 0;
      await house.restart();
      caller.hangUp();
      await house.clock.advance(20_000);
      const alice = house.agent('alice');
      found.push([point, phone.phase, phone.hearing, alice.status, alice.state]);
      await logOut(house);
      await phone.until('ended');
      await house.expectNoLeaks();
    }
    expect(found).toEqual(found.map((_, index) => [index + 1, 'up', 'music:default', 'ready', 'idle']));
    expect(point).toBeGreaterThan(20);
  }, 60_000);
});

describe('a seat', () => {
  it('at another phone is where calls ring', async () => {
    const house = await new WalkHouse().start();
    house.fake.phone('2001', answers(1_000));
    expect(await house.service.floor.logIn('alice', at('2001'))).toMatchObject({ ok: true });
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    expect(house.fake.phone('2001').parties).toHaveLength(1);
    caller.hangUp();
    await house.expectNoLeaks();
    expect(house.eventsOf('agent.seated').map(({ data }) => data)).toEqual([
      { agentId: 'alice', kind: 'phone', at: '2001' },
    ]);
  });

  it('is at no phone that the switch does not know, and may be at one that is not registered yet', async () => {
    const house = await new WalkHouse().start();
    const refused = { ok: false, why: 'invalid', sentence: expect.stringMatching(/^The switch knows no phone 2001;/u) };
    const { floor } = house.service;
    for (const wish of [at('2001'), line('2001')]) expect(await floor.logIn('alice', wish)).toEqual(refused);
    expect(house.agent('alice')).toMatchObject({ status: 'logged-out', seat: { kind: 'own' } });
    house.fake.phone('2001', unregistered);
    expect(await floor.logIn('alice', at('2001'))).toMatchObject({ ok: true });
    // Nobody can say it now: the ring will tell.
    house.fake.disconnect();
    expect(await floor.logIn('bob', at('2002'))).toMatchObject({ ok: true });
  });

  it('is nobody else’s', async () => {
    const house = await new WalkHouse().start();
    house.fake.phone('2001', answers(1_000));
    const { floor } = house.service;
    const [first, second] = await Promise.all([floor.logIn('alice', at('2001')), floor.logIn('bob', at('2001'))]);
    expect([first.ok, second]).toMatchObject([true, { ok: false, sentence: 'Agent alice sits there already.' }]);
    await floor.logIn('bob', at('alice'));
    await floor.setStatus('alice', 'logged-out', null);
    expect(await floor.setStatus('alice', 'ready', null)).toMatchObject({ ok: false, why: 'conflict' });
    expect(await floor.logIn('alice', line('alice'))).toMatchObject({ ok: false, why: 'conflict' });
  });

  it('at a number outside is held against the caps of the house', async () => {
    const caps = { concurrent: 1, perHour: 1, minutesPerDay: 100 };
    const house = await new WalkHouse({ destinations: { numbers: ['+358*'], deny: [], hosts: [], caps } }).start();
    const mobile = '+358407654321';
    house.fake.number(mobile, answers(1_000));
    const outside = (number: string) =>
      ({ seat: { kind: 'number', number, trunk: 'public' }, status: 'ready', reason: null }) as const;
    expect(await house.service.floor.logIn('alice', outside('+46701234567'))).toMatchObject({ ok: false });
    expect(await house.service.floor.logIn('alice', outside(mobile))).toMatchObject({ ok: true });
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    expect(house.fake.number(mobile).parties).toHaveLength(1);
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'wrap-up over');
    // One an hour is enough: the next caller waits on, and she is not rung.
    const next = await house.callerIn('1');
    await house.clock.runUntil(() => house.agent('alice').missed > 0, 'the offer is refused');
    expect(house.fake.number(mobile).parties).toHaveLength(1);
    expect(house.callOf(next.legId)?.phase).toBe('queued');
    next.hangUp();
    await house.expectNoLeaks();
  });
});

describe('a supervisor', () => {
  it('changes skills of who is logged in, and who waits for them is served at once', async () => {
    const house = await new WalkHouse().start();
    await house.service.floor.logIn('alice', { seat: { kind: 'own' }, status: 'ready', reason: null });
    await house.service.floor.change('alice', { skills: { 'lang:en': null }, queues: null });
    const caller = await house.callerIn('1');
    await house.clock.advance(5_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await house.service.floor.change('alice', null);
    await caller.until('bridged');
    expect(house.eventsOf('agent.changed').map(({ data }) => data.skills)).toEqual([{ 'lang:en': null }, {}]);
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('gives no skill that the site does not know, and takes away what the agent has', async () => {
    const skills = new Set(['lang:en', 'topic:tech']);
    const house = await new WalkHouse({ skills }).start();
    const { floor } = house.service;
    await house.ready('alice');
    expect(await floor.change('alice', { skills: { 'topic:teck': 3 }, queues: null })).toEqual({
      ok: false,
      why: 'invalid',
      sentence: 'There is no skill topic:teck in site/skills.yaml. Did you mean `topic:tech`?',
    });
    expect(house.agent('alice').changed).toBeNull();
    expect(await floor.change('alice', { skills: { 'topic:tech': 3, 'lang:sv': null }, queues: null })).toMatchObject({
      ok: true,
    });
    const newcomer = (skill: string) => house.service.saveAgent(agentProfile('temp', { skills: { [skill]: 3 } }));
    expect(await newcomer('german')).toMatchObject({ ok: false, why: 'invalid' });
    expect(await newcomer('lang:en')).toMatchObject({ ok: true });
  });

  it('changes queues until the agent logs out', async () => {
    const house = await new WalkHouse().start();
    await house.ready('alice');
    expect(await house.service.floor.change('alice', { skills: {}, queues: ['nowhere'] })).toMatchObject({ ok: false });
    await house.service.floor.change('alice', { skills: {}, queues: ['tech'] });
    expect(house.service.queues().map(({ profile, agents }) => [profile.name, agents.idle])).toEqual([
      ['billing', 0],
      ['tech', 1],
    ]);
    await logOut(house);
    expect(house.agent('alice').changed).toBeNull();
  });
});

describe('what time does to an agent', () => {
  it('a break too long is told once; wrap-up, back-off and rest end by themselves', async () => {
    const reasons = new Map([['lunch', { title: 'Lunch', maxMs: 60_000 }]]);
    const rest = { occupancyOver: null, maxContinuousMs: 1_000, pauseMs: 30_000 };
    const house = await new WalkHouse({ floor: { ...PLAIN_FLOOR, reasons, rest } }).start();
    const { floor } = house.service;
    await house.ready('alice');
    expect(await floor.setStatus('alice', 'not-ready', 'golf')).toMatchObject({ ok: false });
    await floor.setStatus('alice', 'not-ready', 'lunch');
    await house.clock.advance(200_000);
    expect(house.agent('alice').overran).toBe(true);
    expect(house.eventsOf('agent.status.overran')).toHaveLength(1);
    await house.ready('alice');

    house.fake.phone('alice', busy);
    const caller = await house.callerIn('1');
    await house.clock.runUntil(() => house.agent('alice').missed === 1, 'busy');
    house.fake.phone('alice', answers(1_000));
    await caller.until('bridged');
    const [failed] = house.eventsOf('call.offer.failed');
    const [, offered] = house.eventsOf('call.offered');
    expect((offered?.at ?? 0) - (failed?.at ?? 0)).toBe(15_000);

    await house.clock.advance(2_000);
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').restUntil !== null, 'she rests');
    const next = await house.callerIn('1');
    expect(house.agent('alice').state).toBe('idle');
    await floor.endRest('alice');
    await next.until('bridged');
    next.hangUp();
    await house.expectNoLeaks();
  });
});

describe('who was too busy lately', () => {
  // 45 minutes of talk are 1 − e^(−1.5) = 78 % of the last half hours, 50 minutes 81 %.
  const rest = { occupancyOver: 0.8, maxContinuousMs: null, pauseMs: 60_000 };
  const MINUTE_MS = 60_000;

  async function talk(house: WalkHouse, forMs: number) {
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    await house.clock.advance(forMs);
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'done with');
  }

  it('rests after the call that passes the cap and not before, while callers wait; then they are served', async () => {
    const agents = [agentProfile('alice')];
    const house = await new WalkHouse({ agents, floor: { ...PLAIN_FLOOR, rest } }).start();
    await house.ready('alice');
    await talk(house, 45 * MINUTE_MS);
    expect(house.agent('alice').restUntil).toBeNull();
    await talk(house, 5 * MINUTE_MS);
    const [began] = house.eventsOf('agent.rest.began');
    expect(began?.data).toMatchObject({ agentId: 'alice', until: house.agent('alice').restUntil });
    expect(began?.data.occupancy).toBeCloseTo(0.81, 2);

    const offers = house.eventsOf('call.offered').length;
    const waiting = await house.callerIn('1');
    await waiting.until('bridged');
    const [offered] = house.eventsOf('call.offered').slice(offers);
    expect(offered?.at).toBe(began?.data.until);
    waiting.hangUp();
    await house.expectNoLeaks();
  });

  it('and nobody rests where no cap is set', async () => {
    const agents = [agentProfile('alice')];
    const house = await new WalkHouse({
      agents,
      floor: { ...PLAIN_FLOOR, rest: { ...rest, occupancyOver: null } },
    }).start();
    await house.ready('alice');
    await talk(house, 50 * MINUTE_MS);
    expect(house.eventsOf('agent.rest.began')).toEqual([]);
    await house.expectNoLeaks();
  });
});

describe('a campaign', () => {
  it('dials nobody for an agent who rests', async () => {
    const rest = { occupancyOver: null, maxContinuousMs: 1_000, pauseMs: 60_000 };
    const house = await new WalkHouse({ agents: [agentProfile('alice')], floor: { ...PLAIN_FLOOR, rest } }).start();
    house.fake.number('+358401234500', answers(500, 2_000));
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    await house.clock.advance(2_000);
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').restUntil !== null, 'she rests');
    const made = await house.service.createCampaign(AUTUMN);
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await house.service.importLeads(id, csv(['+358401234500']));
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(50_000);
    expect(house.fake.number('+358401234500').parties).toHaveLength(0);
    await house.clock.runUntil(() => house.eventsOf('call.connected').length === 2, 'dialled when she has rested');
    await house.expectNoLeaks();
  });
});

describe('what an agent says of a call', () => {
  it('is one of the words of the queue, said in the talk, in wrap-up or after', async () => {
    const billing = queueProfile('billing', { dispositions: ['paid', 'promised'], wrapUpExtendMs: 5_000 });
    const house = await new WalkHouse({
      queues: new Map([
        ['billing', billing],
        ['tech', queueProfile('tech')],
      ]),
    }).start();
    const { floor } = house.service;
    await house.ready('alice');
    expect(await floor.dispose('alice', 'paid', null)).toMatchObject({ ok: false });
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    const { id } = house.callOf(caller.legId) ?? {};
    expect(await floor.dispose('alice', 'sold', null)).toMatchObject({ ok: false, why: 'invalid' });
    expect(await floor.dispose('alice', 'promised', id ?? '')).toMatchObject({ ok: true });
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
    expect(await floor.extendWrapUp('alice', 60_000)).toMatchObject({ ok: true });
    await house.clock.advance(9_000);
    expect(house.agent('alice').state).toBe('wrap-up');
    await house.clock.advance(1_001);
    expect(house.agent('alice').state).toBe('idle');
    expect(await floor.dispose('alice', 'paid', null)).toMatchObject({ ok: true });
    expect(house.eventsOf('call.disposed').map(({ data }) => [data.callId, data.disposition])).toEqual([
      [id, 'promised'],
      [id, 'paid'],
    ]);
    await house.expectNoLeaks();
  });
});

import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import { calendarFile, calendarOf } from '../../src/ivr/calendar.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, ENTRY, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const SITE = '+358401234599';
const HALF_A_MINUTE = 30_000;

const queuesOf = (billing: Partial<QueueProfile>) =>
  new Map([
    ['billing', queueProfile('billing', billing)],
    ['tech', queueProfile('tech')],
  ]);

/** Alice serves billing, Bob only the other queue. */
const agents = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['tech'] })];

const houseWith = (billing: Partial<QueueProfile>, other: ConstructorParameters<typeof WalkHouse>[0] = {}) =>
  new WalkHouse({ queues: queuesOf(billing), agents, ...other }).start();

describe('overflow to another queue', () => {
  it('brings its agents when the wait is long, and not before', async () => {
    const house = await houseWith({ overflow: [{ to: { queue: 'tech' }, when: { waitedOverMs: 60_000 } }] });
    await house.ready('bob');
    const caller = await house.callerIn('1');
    const [queued] = house.eventsOf('call.queued');
    await house.clock.advance(55_000);
    expect(caller.phase).not.toBe('ended');
    expect(house.agent('bob').state).toBe('idle');
    await caller.until('bridged');
    const [connected] = house.eventsOf('call.connected');
    expect(connected?.data).toMatchObject({ agentId: 'bob', queue: 'billing' });
    expect((connected?.at ?? 0) - (queued?.at ?? 0)).toBeLessThan(65_000);
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('begins when too few are logged in, keeps the order, and ends in peace half a minute after', async () => {
    const house = await houseWith({ overflow: [{ to: { queue: 'tech' }, when: { staffedUnder: 1 } }] });
    await house.ready('bob');
    const first = await house.callerIn('1', '+358501000001');
    await first.until('bridged');
    expect(house.service.queues().find(({ profile }) => profile.name === 'billing')?.overflowingTo).toEqual(['tech']);
    await house.ready('alice');
    await house.clock.advance(HALF_A_MINUTE + 10_000);
    expect(house.eventsOf('queue.overflowing').map(({ data }) => data)).toEqual([
      { queue: 'billing', to: 'tech', on: true, because: 'staffed' },
      { queue: 'billing', to: 'tech', on: false, because: 'staffed' },
    ]);
    first.hangUp();
    await house.expectNoLeaks();
  });

  it('is found again by the process that takes over', async () => {
    const house = await houseWith({ overflow: [{ to: { queue: 'tech' }, when: { waitedOverMs: 60_000 } }] });
    const caller = await house.callerIn('1');
    await house.clock.advance(50_000);
    house.kill();
    await house.restart();
    await house.ready('bob');
    await caller.until('bridged');
    expect(house.agent('bob').state).toBe('talking');
    caller.hangUp();
    await house.clock.advance(10_000);
  });
});

describe('overflow to another site', () => {
  const overflow = [{ to: { number: SITE, trunk: 'public' }, when: { waitedOverMs: 60_000 } }] as const;

  it('hands the call over, and the flow goes on as after any talk', async () => {
    const house = await houseWith({ overflow });
    house.fake.number(SITE, answers(3_000, 20_000));
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    await caller.until('hearing', 'goodbye');
    await caller.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toEqual(['overflow']);
    await house.expectNoLeaks();
  });

  it('gives the call its place back when nobody answers there', async () => {
    const house = await houseWith({ overflow });
    house.fake.number(SITE, rings);
    const caller = await house.callerIn('1');
    await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'transferring', 'the other site rings');
    await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'queued', 'back in the queue');
    const { visit } = house.callOf(caller.legId) ?? {};
    expect(visit?.enqueuedAt).toBe(house.eventsOf('call.queued')[0]?.at);
    expect(caller.hearing).toBe('music:default');
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('counts one who hangs up meanwhile as lost', async () => {
    const house = await houseWith({ overflow });
    house.fake.number(SITE, rings);
    const caller = await house.callerIn('1');
    await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'transferring', 'the other site rings');
    caller.hangUp();
    await house.expectNoLeaks();
    expect(house.eventsOf('call.abandoned')).toHaveLength(1);
  });

  it('dials nothing that the house does not allow, and the call waits on', async () => {
    const house = await houseWith({ overflow }, { destinations: { numbers: [], deny: [], hosts: [] } });
    const caller = await house.callerIn('1');
    await house.clock.runUntil(() => house.eventsOf('transfer.refused').length > 0, 'refused');
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

/** Open every day from eight to four, in UTC. */
const desk = calendarOf('desk', calendarFile.parse({ timezone: 'UTC', weekly: { 'mon-sun': ['08:00-16:00'] } }));
const HOUR = 3_600_000;

async function closingIn(ms: number, billing: Partial<QueueProfile> = {}) {
  const house = new WalkHouse({
    queues: queuesOf({ calendar: 'desk', maxWaitMs: 4 * HOUR, ...billing }),
    agents,
    calendars: new Map([['desk', desk]]),
  });
  const day = 24 * HOUR;
  const four = Math.floor(house.clock.now() / day) * day + day + 16 * HOUR;
  await house.clock.advance(four - ms - house.clock.now());
  return house.start();
}

describe('hours of a queue', () => {
  it('turn callers away outside them', async () => {
    const house = await closingIn(-HOUR);
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('11');
    await caller.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data)).toEqual([
      { queue: 'billing', outcome: 'closed', waitedMs: 0 },
    ]);
    await house.expectNoLeaks();
  });

  it('at closing time those who wait are told, and promised a callback that keeps their place', async () => {
    const house = await closingIn(5 * 60_000, { closing: { sweep: true, callback: true }, wrapUpMs: 0 });
    const line = house.fake.number('+358501112223', answers(1_000, 5_000));
    const caller = await house.callerIn('1');
    await caller.until('hearing', 'queue.closing.callback');
    await caller.until('ended');
    const [left] = house.eventsOf('call.queue.left');
    expect(left?.data).toMatchObject({ outcome: 'closed' });
    const [callback] = await house.flows.callbacks({ limit: 10 });
    const [queued] = house.eventsOf('call.queued');
    expect(callback).toMatchObject({ queue: 'billing', number: '+358501112223', keepPlaceFrom: queued?.at });
    // The next opening, and four hours more.
    expect(new Date(callback?.dueBy ?? 0).toISOString().slice(11, 16)).toBe('12:00');
    expect(house.eventsOf('callback.requested')).toHaveLength(1);
    await house.ready('alice');
    const opening = (Math.floor(house.clock.now() / (24 * HOUR)) + 1) * 24 * HOUR + 8 * HOUR;
    await house.clock.advance(opening - 60_000 - house.clock.now());
    expect([line.parties, house.fake.phone('alice').parties]).toEqual([[], []]);
    const customer = await line.rung();
    expect(house.clock.now() - opening).toBeGreaterThanOrEqual(0);
    await customer.until('ended');
    await house.expectNoLeaks();
    expect(house.clock.now() - opening).toBeLessThan(60_000);
    expect(await house.flows.callbacks({ limit: 10 })).toMatchObject([{ state: 'done', tries: 1, closedBy: 'alice' }]);
  });

  it('nobody is thrown out for whom a phone rings', async () => {
    const house = await closingIn(60_000, { ringMs: 60_000 });
    house.fake.phone('alice', answers(50_000));
    const caller = await house.callerIn('1');
    await house.clock.advance(30_000);
    await house.ready('alice');
    await caller.until('bridged');
    expect(house.clock.now() % (24 * HOUR)).toBeGreaterThan(16 * HOUR);
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('who hangs up while he is told leaves nothing behind', async () => {
    const house = await closingIn(60_000);
    const caller = await house.callerIn('1');
    await caller.until('hearing', 'queue.closing');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

describe('who waits for nobody', () => {
  it('leaves after the time of the queue, and not while somebody who could take the call is on a break', async () => {
    const house = await houseWith({ leaveWhenNoAgentsMs: 60_000 });
    await house.ready('alice');
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    const caller = await house.callerIn('1');
    await house.clock.advance(5 * 60_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await house.service.setAgentStatus('alice', 'logged-out', null);
    await house.clock.advance(55_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await caller.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toEqual(['noAgents']);
    await house.expectNoLeaks();
  });

  it('stays when somebody logs in in time', async () => {
    const house = await houseWith({ leaveWhenNoAgentsMs: 60_000 });
    const caller = await house.callerIn('1');
    await house.clock.advance(50_000);
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

describe('at the door of a queue', () => {
  it('is turned away whom nobody who is logged in could ever serve; a break is not a log-out', async () => {
    const house = await houseWith({ refuseWhenNoAgents: true });
    await house.ready('bob');
    const refused = house.fake.call({ from: '+358501000001', to: ENTRY });
    await refused.until('hearing', 'language.choose');
    refused.press('11');
    await refused.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data)).toEqual([
      { queue: 'billing', outcome: 'noAgents', waitedMs: 0 },
    ]);
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    const admitted = await house.callerIn('1', '+358501000002');
    await house.clock.advance(60_000);
    expect(house.callOf(admitted.legId)?.phase).toBe('queued');
    await house.ready('alice');
    await admitted.until('bridged');
    admitted.hangUp();
    await house.expectNoLeaks();
  });

  it('who would wait too long is turned away', async () => {
    const house = await houseWith({ refuseWhenEstimateOverMs: 30_000 });
    house.fake.phone('alice', answers(1_000, 60_000));
    await house.ready('alice');
    const first = await house.callerIn('1', '+358501000001');
    await first.until('bridged');
    await first.until('ended');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');
    // Now a talk is known to take a minute.
    const second = await house.callerIn('1', '+358501000002');
    await second.until('bridged');
    const third = house.fake.call({ from: '+358501000003', to: ENTRY });
    await third.until('hearing', 'language.choose');
    third.press('11');
    await third.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toContain('full');
    second.hangUp();
    await house.expectNoLeaks();
  });

  it('a customer whom the site knows goes before one who came earlier', async () => {
    const customers = new Map([['+358400000007', { type: 'vip', priority: 0, owner: null, language: null }]]);
    const house = await houseWith({ priorities: { vip: 300 } }, { customers });
    const plain = await house.callerIn('1', '+358501000001');
    await house.clock.advance(60_000);
    const vip = await house.callerIn('1', '+358400000007');
    await house.ready('alice');
    await vip.until('bridged');
    expect(plain.phase).toBe('up');
    expect(house.eventsOf('call.queued').map(({ data }) => data.priority)).toEqual([0, 300]);
    vip.hangUp();
    await plain.until('bridged');
    plain.hangUp();
    await house.expectNoLeaks();
  });
});

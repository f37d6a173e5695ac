import { describe, expect, it } from 'vitest';
import { answers, busy, rejects, rings, unregistered } from '../support/fake-party.ts';
import { agentProfile, ENTRY, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';
import { WalkHouse } from './house.ts';

describe('a caller and an agent', () => {
  it('keys lead to the queue, the agent rings, both talk, the caller hangs up, wrap-up runs', async () => {
    const house = await new WalkHouse().start();
    house.fake.phone('alice', answers(2_000));
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    expect(house.agent('alice')).toMatchObject({ state: 'talking' });
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up');
    await house.expectNoLeaks();
    const [record] = await house.history.callRecords({ limit: 10, before: null });
    expect(record).toMatchObject({ outcome: 'handled', queue: 'billing', agentId: 'alice', verdict: 'completed' });
    expect(house.story(record?.id ?? '').slice(-8)).toEqual([
      'leg.answered',
      'call.connected',
      'leg.ended',
      'call.disconnected',
      'flow.node.left',
      'flow.finished',
      'leg.ended',
      'call.ended',
    ]);
  });

  it('the agent hangs up: the caller hears goodbye, not silence', async () => {
    const house = await new WalkHouse().start();
    house.fake.phone('alice', answers(1_000, 5_000));
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    await caller.until('hearing', 'goodbye');
    await caller.until('ended');
    await house.expectNoLeaks();
  });

  it('the language chosen travels to the choice of agent', async () => {
    const agents = [
      agentProfile('alice', { skills: { 'lang:en': 5 } }),
      agentProfile('sven', { skills: { 'lang:sv': 5 } }),
    ];
    const house = await new WalkHouse({ agents }).start();
    await house.ready('alice', 'sven');
    const caller = house.fake.call({ from: '+46701112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('21');
    await caller.until('bridged');
    expect(house.agent('sven').state).toBe('talking');
    expect(caller.heard).toContain('file:sv/menu.main');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('longest idle first, and the next caller is offered at once after wrap-up', async () => {
    const house = await new WalkHouse().start();
    await house.ready('bob', 'alice');
    const first = await house.callerIn('1');
    await first.until('bridged');
    expect(house.agent('bob').state).toBe('talking');
    const second = await house.callerIn('1');
    await second.until('bridged');
    const third = await house.callerIn('1');
    first.hangUp();
    await house.clock.runUntil(() => house.agent('bob').state === 'wrap-up');
    const wrapUpEnds = house.clock.now() + 5_000;
    await house.clock.runUntil(() => house.agent('bob').state === 'reserved' || house.agent('bob').state === 'ringing');
    expect(house.clock.now()).toBe(wrapUpEnds);
    await third.until('bridged');
    second.hangUp();
    third.hangUp();
    await house.expectNoLeaks();
  });
});

describe('the menu', () => {
  it('wrong key, then silence: each takes its own path', async () => {
    const house = await new WalkHouse().start();
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('17');
    await caller.until('hearing', 'menu.short');
    caller.press('7');
    await caller.until('ended');
    const silent = house.fake.call({ from: '+358501112223', to: ENTRY });
    await silent.until('hearing', 'language.choose');
    silent.press('1');
    await silent.until('hearing', 'menu.short');
    await silent.until('hearing', 'queue.wait');
    expect(house.callOf(silent.legId)).toMatchObject({ phase: 'queued', visit: { request: { queue: 'billing' } } });
    silent.hangUp();
    await house.expectNoLeaks();
  });

  it('an unknown number is refused with a cause, and recorded', async () => {
    const house = await new WalkHouse().start();
    const caller = house.fake.call({ from: '+358501112223', to: '999' });
    await caller.until('ended');
    expect(caller.cause).toMatchObject({ q850: 1 });
    await house.expectNoLeaks();
    expect((await house.history.callRecords({ limit: 1, before: null }))[0]).toMatchObject({ outcome: 'rejected' });
  });

  it('a transfer rings outside; busy there comes back to the flow', async () => {
    const house = await new WalkHouse().start();
    house.fake.number('+358409999999', busy);
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('13');
    await caller.until('hearing', 'queue.wait');
    caller.hangUp();
    house.fake.number('+358409999999', answers(3_000, 4_000));
    const again = house.fake.call({ from: '+358501112223', to: ENTRY });
    await again.until('hearing', 'language.choose');
    again.press('13');
    await again.until('bridged');
    await again.until('ended');
    await house.expectNoLeaks();
    expect((await house.history.callRecords({ limit: 1, before: null }))[0]).toMatchObject({ outcome: 'transferred' });
  });
});

describe('waiting', () => {
  it('VIP overtakes by his credit, not by being loud', async () => {
    const house = await new WalkHouse().start();
    const early = await house.callerIn('1');
    await house.clock.advance(60_000);
    const vip = await house.callerIn('1', '+358400000001');
    house.fake.phone('alice', answers(1_000, 3_000));
    await house.ready('alice');
    await vip.until('bridged');
    expect(early.talkingWith).toEqual([]);
    await early.until('bridged');
    await house.expectNoLeaks();
  });

  it('a VIP does not overtake a caller who has waited longer than his credit', async () => {
    const queues = new Map([['billing', queueProfile('billing', { maxWaitMs: 3_600_000 })]]);
    const house = await new WalkHouse({ queues }).start();
    const early = await house.callerIn('1');
    await house.clock.advance(301_000);
    const vip = await house.callerIn('1', '+358400000001');
    house.fake.phone('alice', answers(1_000, 3_000));
    await house.ready('alice');
    await early.until('bridged');
    expect(vip.talkingWith).toEqual([]);
    await vip.until('bridged');
    await house.expectNoLeaks();
  });

  it('music, and the position when it is known and when it improves', async () => {
    const house = await new WalkHouse().start();
    const first = await house.callerIn('1');
    const second = await house.callerIn('1');
    await second.until('hearing', 'music:default');
    expect(second.heard.filter((heard) => heard.includes('queue.position'))).toHaveLength(1);
    await house.clock.advance(120_000);
    expect(second.heard.filter((heard) => heard.includes('queue.position'))).toHaveLength(1);
    first.hangUp();
    await house.clock.advance(60_000);
    expect(house.eventsOf('call.position.announced').map(({ data }) => data.position)).toEqual([1, 2, 1]);
    second.hangUp();
    await house.expectNoLeaks();
  });

  it('the longest wait ends in the outcome the flow names', async () => {
    const house = await new WalkHouse().start();
    const caller = await house.callerIn('2');
    await caller.until('ended');
    expect(house.eventsOf('call.queue.left')).toMatchObject([
      { data: { queue: 'tech', outcome: 'timeout', waitedMs: 60_000 } },
    ]);
    await house.expectNoLeaks();
  });

  it('a phone that rings when the longest wait is over may still be answered', async () => {
    const house = await new WalkHouse().start();
    const caller = await house.callerIn('2');
    await house.clock.advance(57_000);
    house.fake.phone('alice', answers(5_000));
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('a full queue sends the next caller on at once', async () => {
    const queues = new Map([['billing', queueProfile('billing', { maxWaiting: 1 })]]);
    const house = await new WalkHouse({ queues }).start();
    const first = await house.callerIn('1');
    const second = house.fake.call({ from: '+358501110000', to: ENTRY });
    await second.until('hearing', 'language.choose');
    second.press('11');
    await second.until('ended');
    expect(house.eventsOf('call.queue.left')).toMatchObject([{ data: { outcome: 'full' } }]);
    first.hangUp();
    await house.expectNoLeaks();
  });

  it('a caller who hangs up in the queue is abandoned', async () => {
    const house = await new WalkHouse().start();
    const caller = await house.callerIn('1');
    await house.clock.advance(12_000);
    caller.hangUp();
    await house.expectNoLeaks();
    expect(house.eventsOf('call.abandoned')).toMatchObject([{ data: { queue: 'billing', while: 'waiting' } }]);
  });

  it('a caller who hangs up while something is said to him never comes to the queue that errors lead to', async () => {
    const house = await new FlowHouse(`
  first: { type: play, prompt: hello, outcomes: { error: desk } }
  desk:
    type: queue
    queue: billing
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }`).start();
    const caller = house.caller();
    await caller.until('hearing', 'en/hello');
    caller.hangUp();
    await house.expectNoLeaks();
    expect(house.left('first')).toEqual(['hangup']);
    expect(house.eventsOf('call.queued')).toEqual([]);
  });

  it('a caller who hangs up while the agent rings stops that ring at once', async () => {
    const house = await new WalkHouse().start();
    const phone = house.fake.phone('alice', rings);
    await house.ready('alice');
    const caller = await house.callerIn('1');
    const ring = await phone.rung();
    await house.clock.advance(1_000);
    caller.hangUp();
    await house.clock.advance(1);
    expect(ring.phase).toBe('ended');
    expect(house.agent('alice')).toMatchObject({ status: 'ready', state: 'idle' });
    expect(house.eventsOf('call.abandoned')).toMatchObject([{ data: { while: 'ringing' } }]);
    await house.expectNoLeaks();
  });
});

describe('an agent who does not answer', () => {
  it.each([
    ['no answer', rings, 'rona'],
    ['busy', busy, 'busy'],
    ['declined', rejects(), 'rejected'],
    ['not registered', unregistered, 'unreachable'],
  ] as const)('%s: the caller keeps his place, the agent is not ready', async (_name, behaviour, reason) => {
    const house = await new WalkHouse().start();
    house.fake.phone('alice', behaviour);
    await house.ready('alice');
    const first = await house.callerIn('1');
    const second = await house.callerIn('1');
    await house.clock.runUntil(() => house.agent('alice').status === 'not-ready');
    expect(house.agent('alice')).toMatchObject({ reason, state: 'idle' });
    house.fake.phone('bob', answers(1_000, 2_000));
    await house.ready('bob');
    await first.until('bridged');
    expect(second.talkingWith).toEqual([]);
    await second.until('bridged');
    await house.expectNoLeaks();
  });
});

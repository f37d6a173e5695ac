import { describe, expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const OTHER = '+358504445556';
const MINUTE_MS = 60_000;
const queue = (more = '') => `
  first:
    type: queue
    queue: billing
    ${more}
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }`;

async function open(nodes = queue(), site = {}): Promise<FlowHouse> {
  const queues = new Map([['billing', queueProfile('billing', { returningMs: 5 * MINUTE_MS })]]);
  const agents = ['alice', 'bob'].map((id) => agentProfile(id, { queues: ['billing'] }));
  const house = await new FlowHouse(nodes, { agents, queues, ...site }).start();
  for (const id of ['alice', 'bob']) house.fake.phone(id, answers(1_000));
  return house;
}

const kept = (house: FlowHouse) => house.eventsOf('call.place.kept').map(({ data }) => data.because);

describe('a caller who hung up while waiting', () => {
  it('has his place again when he rings in time, and is told so', async () => {
    const house = await open();
    const first = house.caller();
    await first.until('hearing', 'queue.wait');
    await house.clock.advance(MINUTE_MS);
    const other = house.caller(OTHER);
    await other.until('hearing', 'queue.wait');
    first.hangUp();
    await house.clock.advance(MINUTE_MS);
    const again = house.caller();
    await again.until('hearing', 'queue.returned');
    expect(kept(house)).toEqual(['abandoned']);
    await house.ready('alice');
    await again.until('bridged');
    expect(other.talkingWith).toEqual([]);
    for (const caller of [again, other]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('is one like any other when he comes too late, with another number or none', async () => {
    const house = await open();
    for (const from of [CALLER, null]) {
      const first = house.caller(from);
      await first.until('hearing', 'queue.wait');
      first.hangUp();
    }
    await house.clock.advance(1_000);
    const strangers = [house.caller(OTHER), house.caller(null)];
    await house.clock.advance(5 * MINUTE_MS);
    const late = house.caller();
    await late.until('hearing', 'music');
    expect(kept(house)).toEqual([]);
    for (const caller of [...strangers, late]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('waits for the agent who was being rung for him', async () => {
    const house = await open();
    house.fake.phone('alice', answers(5_000));
    await house.ready('alice');
    const first = house.caller();
    await house.fake.phone('alice').rung();
    first.hangUp();
    await house.clock.advance(1_000);
    await house.ready('bob');
    await house.service.setAgentStatus('alice', 'not-ready', 'tea');
    await house.clock.advance(60_000);
    await house.ready('alice');
    const again = house.caller();
    await again.until('bridged');
    expect(house.eventsOf('call.connected').at(-1)?.data.agentId).toBe('alice');
    again.hangUp();
    await house.expectNoLeaks();
  });
});

describe('a talk that broke off', () => {
  it('goes on with the same agent', async () => {
    const house = await open();
    await house.ready('alice');
    const first = house.caller();
    await first.until('bridged');
    await house.clock.advance(10_000);
    first.hangUp();
    await house.clock.advance(1_000);
    await house.ready('bob');
    await house.clock.advance(20_000);
    const again = house.caller();
    await again.until('bridged');
    expect(house.eventsOf('call.connected').map(({ data }) => data.agentId)).toEqual(['alice', 'alice']);
    expect(kept(house)).toEqual(['cut-off']);
    again.hangUp();
    await house.expectNoLeaks();
  });

  it.each([
    ['after a minute as people hang up', 60_000, 16, []],
    ['after a minute by the network', 60_000, 41, ['cut-off']],
  ])('%s', async (_title, talkMs, q850, because) => {
    const house = await open();
    await house.ready('alice');
    const first = house.caller();
    await first.until('bridged');
    await house.clock.advance(talkMs);
    first.hangUp({ q850 });
    await house.clock.advance(10_000);
    const again = house.caller();
    await again.until('bridged');
    expect(kept(house)).toEqual(because);
    again.hangUp();
    await house.expectNoLeaks();
  });
});

describe('the agent who talked with a caller last', () => {
  const nodes = queue('prefer: { lastAgent: { within: 7d, waitUpTo: 30s }, owner: { waitUpTo: 20s } }');
  const plain = { queues: new Map([['billing', queueProfile('billing')]]) };

  it('is waited for, and when that lasts too long somebody else takes the call', async () => {
    const house = await open(nodes, plain);
    await house.ready('alice');
    const first = house.caller();
    await first.until('bridged');
    first.hangUp();
    await house.clock.advance(10_000);
    await house.ready('bob');
    const other = house.caller(OTHER);
    await other.until('bridged');
    const busyWith = house.eventsOf('call.connected').at(-1)?.data.agentId;
    expect(busyWith).toBe('alice');
    const began = house.clock.now();
    const again = house.caller();
    await again.until('hearing', 'queue.wait');
    await again.until('bridged');
    expect(house.eventsOf('call.connected').at(-1)?.data.agentId).toBe('bob');
    expect(house.clock.now() - began).toBeGreaterThan(30_000);
    for (const caller of [other, again]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('comes after the owner of the account', async () => {
    const customers = new Map([[CALLER, { type: null, priority: 0, owner: 'bob', language: null }]]);
    const house = await open(nodes, { ...plain, customers });
    await house.ready('alice');
    const first = house.caller();
    await first.until('bridged');
    first.hangUp();
    await house.clock.advance(10_000);
    await house.ready('bob');
    const again = house.caller();
    await again.until('bridged');
    expect(house.eventsOf('call.connected').map(({ data }) => data.agentId)).toEqual(['alice', 'bob']);
    again.hangUp();
    await house.expectNoLeaks();
  });

  it('is nobody when the store is away, and the caller waits no longer for that', async () => {
    const house = await open(nodes, plain);
    await house.ready('alice');
    house.losesAnswerOf = 'lastAgent';
    const caller = house.caller();
    await caller.until('bridged');
    expect(house.eventsOf('call.connected')[0]?.data.waitedMs).toBeLessThan(2_000);
    caller.hangUp();
    await house.clock.runUntil(() => house.service.calls().length === 0, 'over');
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolAgent } from '../../../src/acd/decision.ts';
import { PLAIN_TICKET, type WaitingCall } from '../../../src/acd/queue.ts';
import { PLAIN_QUEUE, type QueueProfile } from '../../../src/call/routing.ts';
import { Pools } from '../../../src/engine/dispatch/pools.ts';
import { RoutingPools } from '../../../src/engine/dispatch/routing-pools.ts';

const queue = (name: string, ...overflow: string[]): [string, QueueProfile] => [
  name,
  { ...PLAIN_QUEUE, name, title: name, overflow: overflow.map((to) => ({ to: { queue: to }, when: {} })) },
];
const serves = (queues: readonly string[], campaigns: readonly string[] = []) => ({ queues, campaigns });
const nobody = () => undefined;

describe('routing pools', () => {
  it.each([
    ['queues that share nobody are pools of their own', [], { a: 'pool:a', b: 'pool:b', c: 'pool:c' }],
    ['an agent of two queues makes them one', [serves(['c', 'b'])], { a: 'pool:a', b: 'pool:b', c: 'pool:b' }],
    ['agents join on and on', [serves(['c', 'b']), serves(['b', 'a'])], { a: 'pool:a', b: 'pool:a', c: 'pool:a' }],
    ['a campaign is a queue', [serves(['b'], ['x'])], { b: 'pool:b', 'campaign:x': 'pool:b' }],
    ['who serves all campaigns joins them', [serves(['b'], ['*']), serves(['a'], ['x'])], { a: 'pool:a', b: 'pool:a' }],
    ['a campaign nobody named is served by him too', [serves(['b'], ['*'])], { 'campaign:new': 'pool:b' }],
    ['a campaign nobody serves is alone', [serves(['b'], ['x'])], { 'campaign:new': 'pool:campaign:new' }],
  ])('%s', (_title, agents, expected) => {
    const pools = new RoutingPools(new Map([queue('a'), queue('b'), queue('c')]), agents);
    for (const [name, pool] of Object.entries(expected)) expect(pools.ofQueue(name)).toBe(pool);
  });

  it('overflow joins queues, to a number outside it does not', () => {
    const outside = {
      ...PLAIN_QUEUE,
      name: 'c',
      title: 'c',
      overflow: [{ to: { number: '+1', trunk: 't' }, when: {} }],
    };
    const pools = new RoutingPools(new Map([queue('a'), queue('b', 'a'), ['c', outside]]), []);
    expect(['a', 'b', 'c'].map((name) => pools.ofQueue(name))).toEqual(['pool:a', 'pool:a', 'pool:c']);
    expect([...pools.names].sort()).toEqual(['pool:a', 'pool:c']);
  });

  it('a ticket for one agent is in his pool, whatever its queue', () => {
    const pools = new RoutingPools(new Map([queue('a'), queue('b')]), [serves(['b'])]);
    const find = (id: string) => (id === 'bob' ? serves(['b']) : undefined);
    expect(pools.ofTicket({ queue: 'a', only: 'bob' }, find)).toBe('pool:b');
    expect(pools.ofTicket({ queue: 'a', only: 'gone' }, find)).toBe('pool:a');
    expect(pools.ofTicket({ queue: 'a', only: null }, nobody)).toBe('pool:a');
    expect(pools.ofAgent(serves([]))).toBe('pool:');
  });

  it('are the same whatever the order, hold all queues of each agent, and are as many as can be', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const agents = fc.array(fc.subarray(names), { maxLength: 8 });
    fc.assert(
      fc.property(agents, fc.subarray(names, { minLength: 6 }), (memberships, order) => {
        const queues = new Map(order.map((name) => queue(name)));
        const pools = new RoutingPools(
          queues,
          memberships.map((each) => serves(each)),
        );
        const turned = new RoutingPools(
          queues,
          memberships.toReversed().map((each) => serves(each.toReversed())),
        );
        for (const name of names) expect(turned.ofQueue(name)).toBe(pools.ofQueue(name));
        // Grown from each queue by the agents it shares, until nothing is added.
        for (const name of names) {
          const grown = new Set([name]);
          for (let size = 0; size < grown.size; ) {
            size = grown.size;
            for (const each of memberships)
              if (each.some((one) => grown.has(one))) for (const one of each) grown.add(one);
          }
          const found = names.filter((other) => pools.ofQueue(other) === pools.ofQueue(name));
          expect(found).toEqual(names.filter((other) => grown.has(other)));
        }
      }),
    );
  });
});

const agent = (id: string, queues: readonly string[], presence: PoolAgent['presence'] = 'free'): PoolAgent => ({
  id,
  profile: { id, name: id, phone: id, skills: {}, queues, campaigns: [] },
  presence,
  idleSince: 0,
  occupancy: 0,
  handled: {},
  offeredAt: 0,
});
const ticket = (callId: string, name: string): WaitingCall => ({
  ...PLAIN_TICKET,
  callId,
  queue: name,
  require: [],
  enqueuedAt: 0,
});

describe('the pools', () => {
  const site = () => new Map([queue('a'), queue('b')]);

  it('pair within each of them', () => {
    const pools = new Pools(site());
    pools.putAgents([agent('alice', ['a']), agent('bob', ['b'])], 0);
    expect(pools.putCall(ticket('c1', 'b'), 0)).toBe('pool:b');
    expect(pools.next('pool:a', 0)).toBeNull();
    expect(pools.next('pool:b', 0)).toMatchObject({ callId: 'c1', agentIds: ['bob'] });
    expect(pools.next('pool:b', 0)).toBeNull();
    expect(pools.nameOfAgent('alice', 0)).toBe('pool:a');
    expect(pools.nameOfAgent('nobody', 0)).toBeNull();
  });

  it('become one when an agent joins them, with all who wait and all who were given', () => {
    const pools = new Pools(site());
    pools.putAgents([agent('alice', ['a']), agent('bob', ['b'])], 0);
    pools.putCall(ticket('c1', 'a'), 0);
    expect(pools.next('pool:a', 0)?.agentIds).toEqual(['alice']);
    pools.putCall(ticket('c2', 'b'), 0);
    pools.putAgent(agent('bob', ['b', 'a'], 'busy'), 0);
    expect(pools.names(0)).toEqual(['pool:a']);
    // Alice was given to the first call and has not been put since.
    expect(pools.next('pool:a', 0)).toBeNull();
    pools.putAgent(agent('bob', ['b', 'a']), 0);
    expect(pools.next('pool:a', 0)).toMatchObject({ callId: 'c2', agentIds: ['bob'] });
  });

  it('fall apart when that agent is gone', () => {
    const pools = new Pools(site());
    pools.putAgents([agent('alice', ['a', 'b'])], 0);
    pools.putCall(ticket('c1', 'b'), 0);
    pools.removeAgent('alice');
    expect([...pools.names(0)].sort()).toEqual(['pool:a', 'pool:b']);
    expect(pools.position('c1', 0)).toBe(1);
    expect(pools.removeCall('c1', 0)).toBe('pool:b');
    expect(pools.removeCall('c1', 0)).toBeNull();
  });

  it('keep an agent for a dial until it is let go', () => {
    const pools = new Pools(site());
    pools.putAgents([agent('alice', ['a'])], 0);
    expect(pools.hold({ ...ticket('dial', 'a'), kind: 'campaign' }, 0)).toBe('pool:a');
    expect(pools.next('pool:a', 0)).toBeNull();
    expect(pools.release('dial', 0)).toBe('pool:a');
    expect(pools.release('dial', 0)).toBeNull();
    pools.putCall(ticket('c1', 'a'), 0);
    expect(pools.next('pool:a', 0)?.callId).toBe('c1');
  });
});

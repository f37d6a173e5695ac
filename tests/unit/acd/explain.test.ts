import { describe, expect, it } from 'vitest';
import { explainAgent, explainCall } from '../../../src/acd/explain.ts';
import type { PoolAgent } from '../../../src/acd/decision.ts';
import type { Scene } from '../../../src/acd/match.ts';
import type { WaitingCall } from '../../../src/acd/queue.ts';
import { queue, T0, waitingCall } from './builders.ts';
import { poolAgent } from './pool-builders.ts';

const tech = (level: number) => [{ skill: 'tech', level }];
const GERMAN = { skill: 'german', level: 3 };

function scene(agents: readonly PoolAgent[], calls: readonly WaitingCall[], change: Partial<Scene> = {}): Scene {
  const queues = new Map([
    ['support', queue()],
    ['billing', queue({ name: 'billing', require: [GERMAN] })],
  ]);
  return { agents, calls, queues, kept: new Set(), ...change };
}

describe('what keeps an agent from a call', () => {
  const call = waitingCall('c', { require: tech(3) });
  const able = { skills: { tech: 3 } };
  it.each<[string, PoolAgent, unknown, Partial<WaitingCall>?]>([
    ['nothing', poolAgent('a', able), null],
    [
      'he serves another queue',
      poolAgent('a', { ...able, queues: ['billing'] }),
      { why: 'queue', queues: ['support'] },
    ],
    ['he serves none', poolAgent('a', { ...able, queues: [] }), { why: 'queue', queues: ['support'] }],
    [
      'he serves none of those who help either',
      poolAgent('a', { ...able, queues: [] }),
      { why: 'queue', queues: ['support', 'billing'] },
      { also: ['billing'] },
    ],
    ['a skill', poolAgent('a'), { why: 'skills', lacks: [{ skill: 'tech', needs: 3, has: 0 }] }],
    [
      'skills of the queue that he helps through, each told once at the level it takes',
      poolAgent('a', { skills: { german: 2, tech: 1 }, queues: ['billing'] }),
      {
        why: 'skills',
        lacks: [
          { skill: 'german', needs: 5, has: 2 },
          { skill: 'tech', needs: 3, has: 1 },
        ],
      },
      { also: ['billing'], require: [...tech(3), { skill: 'german', level: 5 }] },
    ],
    ['he is logged out', poolAgent('a', able, { presence: 'out' }), { why: 'out' }],
    ['he is not ready', poolAgent('a', able, { presence: 'away' }), { why: 'away' }],
    ['he is busy', poolAgent('a', able, { presence: 'busy' }), { why: 'busy' }],
    [
      'a skill, though he is busy too',
      poolAgent('a', {}, { presence: 'busy' }),
      expect.objectContaining({ why: 'skills' }),
    ],
    ['the call is for another', poolAgent('a', able), { why: 'other', agentId: 'boss' }, { only: 'boss' }],
    ['the call is for him, whatever he can do', poolAgent('boss', { queues: [] }), null, { only: 'boss' }],
  ])('%s', (_what, agent, hindrance, change = {}) => {
    const all = scene([agent, poolAgent('other', able)], [{ ...call, ...change }]);
    const waiting = all.calls[0] as WaitingCall;
    expect(explainCall(waiting, all, T0).agents[0]).toMatchObject({ agentId: agent.id, hindrance });
    expect(explainAgent(agent, all, T0).calls[0]).toMatchObject({ hindrance });
  });

  it('a number that is dialled, but not from those who were rung by a campaign', () => {
    const agent = poolAgent('a', { campaigns: ['spring'] });
    const rung = waitingCall('r', { kind: 'campaign', queue: 'campaign:spring', campaignId: 'spring' });
    const all = scene([agent], [rung, waitingCall('c')], { kept: new Set(['a']) });
    expect(explainAgent(agent, all, T0).calls.map(({ call: { callId }, hindrance }) => [callId, hindrance])).toEqual([
      ['r', null],
      ['c', { why: 'kept' }],
    ]);
  });

  it('a preferred agent for whom the call waits, while he is there', () => {
    const prefer = { agentId: 'his', until: T0 + 10_000 };
    const preferring = waitingCall('c', { prefer });
    const other = poolAgent('other');
    const keptBy = (presence: PoolAgent['presence'], now = T0) => {
      const all = scene([other, poolAgent('his', {}, { presence })], [preferring]);
      return explainCall(preferring, all, now).agents[0]?.hindrance;
    };
    expect(keptBy('busy')).toEqual({ why: 'other', agentId: 'his' });
    expect(keptBy('busy', T0 + 10_000)).toBeNull();
    expect(keptBy('out')).toBeNull();
  });
});

describe('how a call stands', () => {
  it('by its place, what it asks now, and when it will ask for less', () => {
    const relax = [{ afterMs: 60_000, require: tech(2) }];
    const call = waitingCall('c', { queue: 'billing', require: tech(5), relax });
    const before = waitingCall('b', { queue: 'billing', enqueuedAt: T0 - 1 });
    const elsewhere = waitingCall('e', { enqueuedAt: T0 - 9 });
    const all = scene(
      [poolAgent('a', { queues: ['billing'], skills: { german: 3, tech: 5 } })],
      [call, elsewhere, before],
    );
    expect(explainCall(call, all, T0 + 10_000)).toMatchObject({
      position: 2,
      step: 0,
      require: tech(5),
      ofQueue: [GERMAN],
      relaxes: { at: T0 + 60_000, require: tech(2) },
      bound: null,
    });
    expect(explainCall(call, all, T0 + 60_000)).toMatchObject({ step: 1, require: tech(2), relaxes: null });
  });

  it('says of whom its queue has had its share', () => {
    const agent = poolAgent('a', { shares: { support: 0.5 } }, { handled: { support: 2, billing: 1 } });
    const call = waitingCall('c');
    const had = { queue: 'support', share: 0.5, calls: 2, ofCalls: 3 };
    expect(explainCall(call, scene([agent], [call]), T0).agents).toEqual([{ agentId: 'a', hindrance: null, had }]);
    expect(explainAgent(agent, scene([agent], [call]), T0).had).toEqual([had]);
  });
});

describe('how an agent stands', () => {
  it('tells each call with its own place, in their turn', () => {
    const calls = [
      waitingCall('late'),
      waitingCall('vip', { priority: 300 }),
      waitingCall('bill', { queue: 'billing' }),
    ];
    const standing = explainAgent(poolAgent('a'), scene([poolAgent('a')], calls), T0);
    expect(standing.calls.map(({ call: { callId }, position }) => [callId, position])).toEqual([
      ['vip', 1],
      ['bill', 1],
      ['late', 2],
    ]);
  });

  it('looks at the next calls of his queues alone when many wait, so that asking holds up nobody', () => {
    const agents = Array.from({ length: 2_000 }, (_, i) => poolAgent(`a${i}`));
    const many = (count: number, name: string) =>
      Array.from({ length: count }, (_, i) =>
        waitingCall(`${name}-${i}`, { queue: name, require: tech(9), enqueuedAt: T0 + i }),
      );
    const calls = [...many(6_000, 'billing'), ...many(4_000, 'support')];
    const agent = agents[0] as PoolAgent;
    const all = scene(agents, calls);
    const began = performance.now();
    const standing = explainAgent(agent, all, T0);
    const tookMs = performance.now() - began;
    expect(standing.more).toBe(3_800);
    expect(standing.calls.filter(({ hindrance }) => hindrance?.why === 'skills')).toHaveLength(200);
    expect(standing.calls.filter(({ hindrance }) => hindrance?.why === 'queue')).toHaveLength(6_000);
    expect(standing.calls.at(-1)?.position).toBe(6_000);
    // Looking at each agent for each of them takes seconds.
    expect(tookMs).toBeLessThan(250);
  });
});

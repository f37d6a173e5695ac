import { describe, expect, it } from 'vitest';
import type { PoolAgent } from '../../../src/acd/decision.ts';
import { Pool } from '../../../src/acd/pool.ts';
import { RESULT_IS_WORTH } from '../../../src/acd/strategy.ts';
import { type QueueProfile, STRATEGIES, type Strategy } from '../../../src/call/routing.ts';
import { queue, T0, waitingCall } from './builders.ts';
import { fill, pairings, poolAgent, poolOf } from './pool-builders.ts';

const MINUTE = 60_000;

/** The order in which agents are given calls who are all free, one call after the other. */
function order(
  profile: Partial<QueueProfile>,
  agents: readonly PoolAgent[],
  require: { skill: string; level: number }[] = [],
) {
  const calls = agents.map((_agent, n) => waitingCall(`c${n}`, { require, enqueuedAt: T0 + n }));
  return pairings(fill(poolOf(profile), agents, calls), T0 + 1_000).map((pairing) => pairing.split('>')[1]);
}

describe('who gets the call', () => {
  const fi = (level: number) => ({ 'lang:fi': level });
  const asks = [{ skill: 'lang:fi', level: 3 }];

  it.each<[Strategy, PoolAgent[], string[]]>([
    [
      'longest-idle',
      [poolAgent('a', {}, { idleSince: T0 - 5 }), poolAgent('b', {}, { idleSince: T0 - 9 }), poolAgent('c')],
      ['b', 'a', 'c'],
    ],
    [
      'least-occupied',
      [
        poolAgent('a', {}, { occupancy: 0.8 }),
        poolAgent('b', {}, { occupancy: 0.81 }),
        poolAgent('c', {}, { occupancy: 0.2 }),
      ],
      ['c', 'a', 'b'],
    ],
    [
      'round-robin',
      [
        poolAgent('a', {}, { offeredAt: T0 - 1 }),
        poolAgent('b', {}, { offeredAt: T0 - 3 }),
        poolAgent('c', {}, { offeredAt: T0 - 2 }),
      ],
      ['b', 'c', 'a'],
    ],
    [
      'most-skilled',
      [
        poolAgent('a', { skills: { ...fi(4), tech: 10 } }),
        poolAgent('b', { skills: fi(9) }),
        poolAgent('c', { skills: fi(5) }),
      ],
      ['b', 'c', 'a'],
    ],
    [
      'least-skilled',
      [
        poolAgent('a', { skills: { ...fi(3), tech: 10 } }),
        poolAgent('b', { skills: fi(9) }),
        poolAgent('c', { skills: fi(5) }),
      ],
      ['c', 'b', 'a'],
    ],
    [
      'fewest-calls',
      [
        poolAgent('a', {}, { handled: { support: 2 } }),
        poolAgent('b', {}, { handled: { support: 0, billing: 3 } }),
        poolAgent('c', {}, { handled: { support: 1 } }),
      ],
      ['c', 'a', 'b'],
    ],
    ['linear', [poolAgent('z'), poolAgent('a', {}, { idleSince: T0 - 9 }), poolAgent('m')], ['z', 'a', 'm']],
  ])('%s', (strategy, agents, expected) => {
    const skilled = agents.map((one) => ({
      ...one,
      profile: { ...one.profile, skills: { ...fi(3), ...one.profile.skills } },
    }));
    expect(order({ strategy }, skilled, asks)).toEqual(expected);
  });

  it.each(STRATEGIES.filter((strategy) => strategy !== 'random' && strategy !== 'linear'))(
    '%s leaves equals to who has been idle longest, then to their ids',
    (strategy) => {
      const agents = [
        poolAgent('z'),
        poolAgent('b', {}, { idleSince: T0 + 1 }),
        poolAgent('a', {}, { idleSince: T0 + 1 }),
      ];
      expect(order({ strategy, ringAtOnce: 1 }, agents)).toEqual(['z', 'a', 'b']);
    },
  );

  it.each(STRATEGIES)('%s asks a higher rank only when none of a lower one is free', (strategy) => {
    const best = { idleSince: T0 - MINUTE, occupancy: 0, offeredAt: 0 };
    const agents = [
      poolAgent('second', { ranks: { support: 2 }, weight: 1_000 }, best),
      poolAgent('first', {}, { occupancy: 1 }),
    ];
    expect(order({ strategy, ringAtOnce: 1 }, agents)).toEqual(['first', 'second']);
  });
});

describe('ring several', () => {
  const three = ['a', 'b', 'c'].map((id, n) => poolAgent(id, {}, { idleSince: T0 + n }));
  const several = { strategy: 'ring-several', ringAtOnce: 2 } as const;

  it('rings as many as the queue says, the longest idle first', () => {
    expect(pairings(fill(poolOf(several), three, [waitingCall('c1')]))).toEqual(['c1>a+b']);
  });

  it('rings nobody besides whom another waiting call could have', () => {
    expect(pairings(fill(poolOf(several), three, [waitingCall('c1'), waitingCall('c2')]))).toEqual(['c1>a', 'c2>b+c']);
  });

  it('rings none of a higher rank besides', () => {
    const agents = [poolAgent('a'), poolAgent('b', { ranks: { support: 2 } })];
    expect(pairings(fill(poolOf(several), agents, [waitingCall('c1')]))).toEqual(['c1>a']);
  });
});

describe('past results', () => {
  const results = { topic: 'sold', weight: 0.5 };
  const sold = { results: { sold: 1 } };
  /** Two agents, the second with the best results: how much worse may he be otherwise, and still be taken? */
  const worse: Partial<Record<Strategy, (by: number) => PoolAgent[]>> = {
    'longest-idle': (by) => [poolAgent('a'), poolAgent('b', sold, { idleSince: T0 + by })],
    'least-occupied': (by) => [poolAgent('a'), poolAgent('b', sold, { occupancy: by })],
    'most-skilled': (by) => [
      poolAgent('a', { skills: { tech: 1 + by } }),
      poolAgent('b', { ...sold, skills: { tech: 1 } }),
    ],
    'least-skilled': (by) => [poolAgent('a'), poolAgent('b', { ...sold, skills: { other: by } })],
    'fewest-calls': (by) => [poolAgent('a'), poolAgent('b', sold, { handled: { support: by } })],
    'ring-several': (by) => [poolAgent('a'), poolAgent('b', sold, { idleSince: T0 + by })],
  };

  it.each(Object.entries(worse))(
    '%s: a best result at half the weight is worth half of what the table says',
    (name, make) => {
      const strategy = name as Strategy;
      const require = strategy === 'most-skilled' ? [{ skill: 'tech', level: 1 }] : [];
      const [half, queued] = [RESULT_IS_WORTH[strategy] / 2, { strategy, results, ringAtOnce: 1 }];
      expect(order(queued, make(half * 0.9), require)[0]).toBe('b');
      expect(order(queued, make(half * 1.1), require)[0]).toBe('a');
      expect(order({ ...queued, results: null }, make(half * 0.9), require)[0]).toBe('a');
    },
  );

  it.each(['round-robin', 'linear'] as const)('%s takes no account of them', (strategy) => {
    const agents = [poolAgent('a', {}, { offeredAt: T0 }), poolAgent('b', sold, { offeredAt: T0 + 1 })];
    expect(order({ strategy, results: { topic: 'sold', weight: 1 } }, agents)).toEqual(['a', 'b']);
  });
});

describe('random', () => {
  const WEIGHTS = { a: 1, b: 2, c: 5 };
  const CALLS = 6_000;

  /** How many calls each got, of whom `free` at a time were free. */
  function tally(
    agents: readonly PoolAgent[],
    profile: Partial<QueueProfile>,
    stays = agents.length,
  ): Map<string, number> {
    const pool = new Pool(new Map([['support', queue({ strategy: 'random', ...profile })]]), 42);
    const counts = new Map<string, number>();
    for (const agent of agents.slice(0, stays)) pool.putAgent(agent, T0);
    for (let n = 0; n < CALLS; n += 1) {
      pool.putCall(waitingCall(`c${n}`), T0);
      const [id = ''] = pool.next(T0)?.agentIds ?? [];
      expect(pool.next(T0)).toBeNull();
      counts.set(id, (counts.get(id) ?? 0) + 1);
      for (const agent of agents) if (agent.id === id) pool.putAgent(agent, T0);
    }
    return counts;
  }

  /** Standard deviations between what was counted and what a chance of `p` gives. */
  const off = (count: number, p: number) => Math.abs(count - CALLS * p) / Math.sqrt(CALLS * p * (1 - p));

  it('gives calls in proportion to weights', () => {
    const agents = Object.entries(WEIGHTS).map(([id, weight]) => poolAgent(id, { weight }));
    const counts = tally(agents, {});
    for (const [id, weight] of Object.entries(WEIGHTS)) expect(off(counts.get(id) ?? 0, weight / 8)).toBeLessThan(4);
  });

  it('doubles the weight for a best result', () => {
    const agents = [poolAgent('a'), poolAgent('b', { results: { sold: 1 } })];
    const counts = tally(agents, { results: { topic: 'sold', weight: 1 } });
    expect(off(counts.get('b') ?? 0, 2 / 3)).toBeLessThan(4);
  });

  it('gives the second call in proportion to the weights of who is left', () => {
    let [first, second] = [0, 0];
    for (let seed = 0; seed < 2_000; seed += 1) {
      const pool = new Pool(new Map([['support', queue({ strategy: 'random' })]]), seed);
      const agents = Object.entries(WEIGHTS).map(([id, weight]) => poolAgent(id, { weight }));
      const got = pairings(fill(pool, agents, [waitingCall('c1'), waitingCall('c2')]));
      if (got[0] !== 'c1>c') continue;
      first += 1;
      if (got[1] === 'c2>b') second += 1;
    }
    const p = 2 / 3;
    expect(Math.abs(second - first * p) / Math.sqrt(first * p * (1 - p))).toBeLessThan(4);
  });

  it('makes the same choices of the same seed', () => {
    const agents = Object.entries(WEIGHTS).map(([id, weight]) => poolAgent(id, { weight }));
    expect(tally(agents, {})).toEqual(tally(agents, {}));
  });
});

/** Four agents who take calls of one minute that come every 20 s, so that one of them is always free. */
describe('a walk through every strategy', () => {
  const skills = [{ tech: 9 }, { tech: 5, law: 5 }, { tech: 5 }, { tech: 7 }];
  const walks: Readonly<Record<Strategy, string>> = {
    'longest-idle': 'abcdabcdabcd',
    'least-occupied': 'abcdabcdabcd',
    'round-robin': 'abcdabcdabcd',
    'most-skilled': 'adbadcadbadc',
    'least-skilled': 'cdacdacdacda',
    'fewest-calls': 'abcdabcdabcd',
    linear: 'abcabcabcabc',
    'ring-several': 'abcdabcdabcd',
    random: '',
  };

  it.each(STRATEGIES)('%s', (strategy) => {
    const pool = poolOf({ strategy, ringAtOnce: 1 });
    const agents = new Map(['a', 'b', 'c', 'd'].map((id, n) => [id, poolAgent(id, { skills: { ...skills[n] } })]));
    for (const agent of agents.values()) pool.putAgent(agent, T0);
    const talks: { readonly id: string; readonly until: number }[] = [];
    let got = '';
    for (let n = 0; n < 12; n += 1) {
      const now = T0 + n * 20_000;
      for (const { id } of talks.filter(({ until }) => until === now)) {
        const agent = agents.get(id);
        if (!agent) continue;
        const calls = (agent.handled['support'] ?? 0) + 1;
        const since = { idleSince: now, occupancy: calls / 10, handled: { support: calls }, offeredAt: now - MINUTE };
        agents.set(id, { ...agent, ...since });
        pool.putAgent({ ...agent, ...since }, now);
      }
      pool.putCall(waitingCall(`c${n}`, { require: [{ skill: 'tech', level: 5 }], enqueuedAt: now }), now);
      const [id = ''] = pool.next(now)?.agentIds ?? [];
      expect(pool.next(now)).toBeNull();
      talks.push({ id, until: now + MINUTE });
      got += id;
    }
    if (strategy === 'random') expect(got).toMatch(/^[abcd]{12}$/);
    else expect(got).toBe(walks[strategy]);
  });
});

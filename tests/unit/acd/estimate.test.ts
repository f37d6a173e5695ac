import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitRange } from '../../../src/acd/estimate.ts';
import { Fluid } from '../../../src/acd/estimate-fluid.ts';
import type { Pace } from '../../../src/acd/estimate-pool.ts';
import { Pool } from '../../../src/acd/pool.ts';
import { PLAIN_TICKET, type WaitingCall } from '../../../src/acd/queue.ts';
import { PLAIN_QUEUE, type QueueProfile } from '../../../src/call/routing.ts';

const MINUTE = 60_000;
const T0 = 1_793_606_400_000;

describe('what is said of an estimate', () => {
  const minutes = (ms: number, ends: number, talks = 1_000) => {
    const range = waitRange({ ms, ends, talks });
    return range && [range.fromMs / MINUTE, range.toMs / MINUTE];
  };

  it.each([
    ['somebody is free', 0, 1, null],
    ['half a minute, after one talk', 0.5, 1, [0, 1]],
    ['four minutes, after one talk', 4, 1, [0, 7]],
    ['four minutes, after twenty talks', 4, 20, [3, 5]],
    ['ten minutes, after ten talks', 10, 10, [7, 13]],
    ['twenty minutes, after twenty talks: steps of five', 20, 20, [15, 25]],
    ['an hour, after a hundred talks', 60, 100, [50, 70]],
    ['twelve minutes, after one talk: anything from three to twenty', 12, 1, null],
  ])('%s', (_title, of, ends, expected) => {
    expect(minutes(of * MINUTE, ends)).toEqual(expected);
  });

  it('is nothing while fewer than five talks are known, and wider while they are few', () => {
    expect(minutes(4 * MINUTE, 20, 4)).toBeNull();
    expect(minutes(4 * MINUTE, 20, 5)).toEqual([2, 6]);
  });

  it('is whole minutes, in steps of five above fifteen, and holds the mean of many talks', () => {
    const lengths = fc.tuple(
      fc.integer({ min: 1, max: 8 * 60 * MINUTE }),
      fc.double({ min: 1, max: 500, noNaN: true }),
    );
    fc.assert(
      fc.property(lengths, ([ms, ends]) => {
        const range = waitRange({ ms, ends, talks: 1_000 });
        if (!range) return;
        for (const end of [range.fromMs, range.toMs]) {
          expect(end % (end > 15 * MINUTE ? 5 * MINUTE : MINUTE)).toBe(0);
        }
        expect(range.fromMs).toBeLessThan(ms);
        expect(range.toMs).toBeGreaterThanOrEqual(ms);
      }),
    );
  });
});

describe('calls poured onto groups of agents', () => {
  it('rise where the level is lowest', () => {
    const fluid = new Fluid(Float64Array.of(1, 1, 2));
    fluid.pour([0], 3);
    expect(fluid.levelAfter([0, 1], 1)).toBe(1);
    fluid.pour([0, 1], 5);
    expect([...fluid.levels]).toEqual([4, 4, 0]);
    expect(fluid.levelAfter([0, 1, 2], 4)).toBe(2);
    expect(fluid.levelAfter([0, 1, 2], 12)).toBe(5);
  });

  it('never sink, lose nothing, and come to the same wherever they begin', () => {
    const pours = fc.array(
      fc.tuple(fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1 }), fc.double({ min: 0.01, max: 9, noNaN: true })),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pours, (all) => {
        const rates = Float64Array.of(1, 0.3, 2, 5, 0.01, 1);
        const fluid = new Fluid(rates);
        let total = 0;
        for (const [groups, calls] of all) {
          const before = fluid.levels.slice();
          const level = fluid.levelAfter(groups, calls);
          fluid.pour(groups, calls);
          total += calls;
          expect(fluid.levels.every((at, group) => at >= (before[group] ?? 0))).toBe(true);
          for (const group of groups) expect(fluid.levels[group]).toBeGreaterThanOrEqual(level * (1 - 1e-9));
        }
        const held = rates.reduce((sum, rate, group) => sum + rate * (fluid.levels[group] ?? 0), 0);
        expect(held).toBeCloseTo(total, 6);
      }),
    );
  });
});

const queues = (change: Partial<QueueProfile> = {}) =>
  new Map(['q', 'other'].map((name) => [name, { ...PLAIN_QUEUE, name, title: name, ...change }]));

/** Every talk takes four minutes, of those agents otherwise of whom it is said. */
const pace = (own: Readonly<Record<string, number>> = {}, givesUp = 0): Pace => ({
  ofQueue: () => ({ talks: 100, totalMs: 400 * MINUTE }),
  ofAgent: (id) => ({ talks: id in own ? 90 : 0, totalMs: 90 * (own[id] ?? 0) }),
  givesUp: () => givesUp,
});

function floor(
  agents: Readonly<Record<string, readonly string[]>>,
  change: Partial<QueueProfile> = {},
  presence: 'busy' | 'away' = 'busy',
): Pool {
  const pool = new Pool(queues(change), 1);
  for (const [id, skills] of Object.entries(agents)) {
    const profile = { id, name: id, phone: id, queues: ['q', 'other'], campaigns: [] };
    const able = Object.fromEntries(skills.map((skill) => [skill, 5]));
    const none = { idleSince: T0, occupancy: 0, handled: {}, offeredAt: T0 };
    pool.putAgent({ id, profile: { ...profile, skills: able }, presence, ...none }, T0);
  }
  return pool;
}

let made = 0;
const call = (skills: readonly string[], change: Partial<WaitingCall> = {}): WaitingCall => {
  const require = skills.map((skill) => ({ skill, level: 1 }));
  return { ...PLAIN_TICKET, callId: `c${(made += 1)}`, queue: 'q', require, enqueuedAt: T0 + made, ...change };
};

describe('the estimate in a pool', () => {
  const put = (pool: Pool, ...calls: readonly WaitingCall[]) => {
    for (const one of calls) pool.putCall(one, T0);
    return calls.at(-1)?.callId ?? '';
  };
  const minutes = (pool: Pool, id: string, by = pace()) => (pool.estimate(id, by, T0)?.ms ?? Number.NaN) / MINUTE;

  it('is the place × the time of a talk ÷ the agents, where all can do the same', () => {
    const pool = floor({ a: [], b: [] });
    const [first, last] = [put(pool, call([])), put(pool, call([]), call([]))];
    expect([minutes(pool, first), minutes(pool, last)]).toEqual([2, 6]);
    expect(pool.estimate(last, pace(), T0)).toEqual({ ms: 6 * MINUTE, ends: 3, talks: 100 });
  });

  it('counts those before him only where they take agents from him', () => {
    const pool = floor({ a: ['fi'], b: ['sv'] });
    const last = put(pool, call(['sv']), call(['sv']), call(['sv']), call(['fi']));
    expect(minutes(pool, last)).toBe(4);
    expect(minutes(pool, put(pool, call([])))).toBe(8);
  });

  it('knows who takes long', () => {
    const pool = floor({ a: ['fi'], b: ['sv'] });
    const [fi, sv] = [put(pool, call(['fi'])), put(pool, call(['sv']))];
    const slow = pace({ a: 12 * MINUTE });
    // Ninety talks of his own, and ten as everybody’s.
    expect([minutes(pool, fi, slow), minutes(pool, sv, slow)]).toEqual([11.2, 4]);
  });

  it('goes by turn: who has credit is before others, and of another queue likewise', () => {
    const pool = floor({ a: [] });
    put(pool, call([]), call([], { queue: 'other' }));
    expect(minutes(pool, put(pool, call([], { priority: 300 })))).toBe(4);
    expect(minutes(pool, put(pool, call([])))).toBe(16);
  });

  it('lets those before give up', () => {
    const pool = floor({ a: [] });
    const last = put(pool, ...Array.from({ length: 10 }, () => call([])));
    const sum = Array.from({ length: 10 }, (_, before) => 1 / (1 / 4 + before / 10)).reduce((all, one) => all + one, 0);
    const found = minutes(pool, last, pace({}, 1 / (10 * MINUTE)));
    expect(found).toBeLessThan(40);
    // Exactly so by Erlang A; the pool takes the mean wait for each of them.
    expect(Math.abs(found / sum - 1)).toBeLessThan(0.06);
  });

  it('is nothing where nobody is ready, nothing is known of talks, or one agent alone is waited for', () => {
    expect(Number.isNaN(minutes(floor({ a: [] }, {}, 'away'), put(floor({}), call([]))))).toBe(true);
    const away = floor({ a: [] }, {}, 'away');
    expect(away.estimate(put(away, call([])), pace(), T0)).toBeNull();
    const pool = floor({ a: [], b: [] });
    const nothing = { ...pace(), ofQueue: () => ({ talks: 0, totalMs: 0 }) };
    expect(pool.estimate(put(pool, call([])), nothing, T0)).toBeNull();
    const only = put(pool, call([], { only: 'a' }));
    expect(pool.estimate(only, pace(), T0)).toBeNull();
    expect(pool.estimate('nobody', pace(), T0)).toBeNull();
  });

  it('sees that less will be asked later', () => {
    const relax = [{ afterMs: 10 * MINUTE, require: [] }];
    const pool = floor({ a: ['fi'], b: [], c: [], d: [] });
    const queue = Array.from({ length: 6 }, () => call(['fi'], { relax }));
    expect(minutes(pool, put(pool, ...queue.slice(0, 2)))).toBe(8);
    // Six talks of one agent are 24 minutes; in ten he will be content with any of four.
    expect(minutes(pool, put(pool, ...queue.slice(2)))).toBeCloseTo(10, 2);
  });

  it('of a new call is what it will be told when it waits, and 0 where somebody is free for it', () => {
    const pool = floor({ a: ['fi'], b: ['sv'] });
    put(pool, call(['fi']), call(['sv']), call(['fi']));
    const next = call(['fi']);
    const before = pool.estimateOfNew(next, pace(), T0);
    expect(before).toMatchObject({ ms: 12 * MINUTE });
    expect(pool.estimate(put(pool, next), pace(), T0)).toEqual(before);
    const free = floor({});
    const profile = { id: 'a', name: 'a', phone: 'a', skills: {}, queues: ['q'], campaigns: [] };
    const since = { idleSince: T0, occupancy: 0, handled: {}, offeredAt: T0 };
    free.putAgent({ id: 'a', profile, presence: 'free', ...since }, T0);
    expect(free.estimateOfNew(call([]), pace(), T0)).toMatchObject({ ms: 0 });
    // Also once the pool has looked for somebody for him.
    expect(free.next(T0)).toBeNull();
    expect(free.estimateOfNew(call([]), pace(), T0)).toMatchObject({ ms: 0 });
    expect(free.estimateOfNew(call(['fi']), pace(), T0)).toBeNull();
  });

  it('hardly differs where not every call is looked at', () => {
    const agents = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a${n}`, n < 25 ? ['fi'] : ['fi', 'sv']]));
    const pool = floor(agents);
    const ids = Array.from({ length: 4_000 }, (_, n) => put(pool, call([n % 4 === 0 ? 'sv' : 'fi'])));
    for (const at of [800, 1_999, 3_999])
      expect(minutes(pool, ids[at] ?? '') / (((at + 1) * 4) / 50)).toBeCloseTo(1, 1);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrived, noArrivals, ratePerMs } from '../../../src/acd/forecast.ts';
import { agentsNeeded, holdBack, type ReserveAgent, type ReserveQueue } from '../../../src/acd/reserve.ts';
import { type EndedWait, serviceLevelOf } from '../../../src/acd/service-level.ts';

const MINUTE = 60_000;
const queue = (change: Partial<ReserveQueue> = {}): ReserveQueue => ({
  profile: { name: 'q', targetMs: 20_000, serviceLevel: 0.8 },
  ratePerMs: 0,
  handleMs: 3 * MINUTE,
  serviceLevel: null,
  ...change,
});
const perHour = (calls: number) => calls / 3_600_000;

describe('agentsNeeded', () => {
  // 100 calls in half an hour of 3 minutes each, 80/20: 14 agents, the textbook case (10 erlangs).
  it.each([
    ['no calls', {}, 0],
    ['nobody knows how long calls take', { ratePerMs: perHour(200), handleMs: null }, 0],
    ['the textbook', { ratePerMs: perHour(200) }, 14],
    ['one more for 5 points missed', { ratePerMs: perHour(200), serviceLevel: 0.75 }, 15],
    ['and three at most', { ratePerMs: perHour(200), serviceLevel: 0 }, 17],
    ['two less when all goes well', { ratePerMs: perHour(200), serviceLevel: 0.9 }, 12],
    ['never less than none', { ratePerMs: perHour(1), serviceLevel: 1 }, 0],
    ['a call an hour', { ratePerMs: perHour(1) }, 1],
  ])('%s', (_case, change, agents) => expect(agentsNeeded(queue(change))).toBe(agents));

  it('grows with the load, and is more than the load', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 300, noNaN: true }),
        fc.double({ min: 1, max: 2, noNaN: true }),
        (load, more) => {
          const rate = load / (3 * MINUTE);
          const needed = agentsNeeded(queue({ ratePerMs: rate }));
          expect(needed).toBeGreaterThan(load);
          expect(agentsNeeded(queue({ ratePerMs: rate * more }))).toBeGreaterThanOrEqual(needed);
        },
      ),
    );
  });
});

describe('holdBack', () => {
  const agent = (id: string, doing: ReserveAgent['doing'], blended = true): ReserveAgent => ({
    id,
    queues: ['q'],
    blended,
    doing,
  });
  const textbook = { queue: 'q', needed: 14 };
  const many = (count: number, doing: ReserveAgent['doing'], blended = true) =>
    Array.from({ length: count }, (_, i) => agent(`${doing}${blended ? '' : '-own'}-${i}`, doing, blended));
  const heldOf = (agents: readonly ReserveAgent[], before = new Set<string>()) =>
    holdBack([textbook], agents, before)[0]?.agents ?? [];

  it.each([
    ['enough are on calls already', [...many(14, 'inbound'), ...many(5, 'free')], 0],
    ['three are missing', [...many(11, 'inbound'), ...many(5, 'free')], 3],
    [
      'those who serve no campaign come first',
      [...many(11, 'inbound'), ...many(2, 'free', false), ...many(5, 'free')],
      1,
    ],
    ['talks of campaigns help no caller', [...many(11, 'inbound'), ...many(9, 'campaign'), ...many(1, 'free')], 1],
    ['nobody is free', many(5, 'inbound'), 0],
  ])('%s', (_case, agents, held) => expect(heldOf(agents)).toHaveLength(held));

  it('holds again whom it held before', () => {
    const agents = [...many(12, 'inbound'), ...many(6, 'free')];
    expect([...heldOf(agents, new Set(['free-3', 'free-5']))].toSorted()).toEqual(['free-3', 'free-5']);
  });

  it('holds each agent for one queue, and only who is free and serves campaigns', () => {
    const doing = fc.constantFrom('free', 'inbound', 'campaign');
    const some = fc.record({ doing, blended: fc.boolean(), queues: fc.subarray(['q', 'r']) });
    const queues = [textbook, { queue: 'r', needed: 5 }];
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), (seen) => {
        const agents = seen.map((one, i): ReserveAgent => ({ ...one, id: `a${i}` }));
        const held = holdBack(queues, agents, new Set()).flatMap(({ queue: name, agents: ids }) =>
          ids.map((id) => ({ name, id })),
        );
        expect(new Set(held.map(({ id }) => id)).size).toBe(held.length);
        for (const { name, id } of held) {
          const one = agents.find((each) => each.id === id);
          expect(one).toMatchObject({ doing: 'free', blended: true });
          expect(one?.queues).toContain(name);
        }
      }),
    );
  });
});

describe('the forecast', () => {
  it('comes near a steady rate, and forgets one that is over', () => {
    let arrivals = noArrivals(0);
    for (let at = 0; at < 60 * MINUTE; at += 30_000) arrivals = arrived(arrivals, at);
    expect(ratePerMs(arrivals, 60 * MINUTE) * MINUTE).toBeCloseTo(2, 0);
    expect(ratePerMs(arrivals, 120 * MINUTE) * MINUTE).toBeLessThan(0.05);
  });

  it('is right from the first minutes on', () => {
    let arrivals = noArrivals(0);
    for (let at = 0; at < 5 * MINUTE; at += 10_000) arrivals = arrived(arrivals, at);
    expect(ratePerMs(arrivals, 5 * MINUTE) * MINUTE).toBeGreaterThan(5);
    expect(ratePerMs(arrivals, 5 * MINUTE) * MINUTE).toBeLessThan(7);
    expect(ratePerMs(noArrivals(0), 0)).toBe(0);
  });
});

describe('serviceLevelOf', () => {
  const waits = (how: EndedWait['how'], count: number, waitedMs: number): readonly EndedWait[] =>
    Array.from({ length: count }, () => ({ at: 0, how, waitedMs }));

  it('leaves early abandons out: 70 in time, 10 given up in time, 20 late are 77.8 %', () => {
    const all = [...waits('answered', 70, 5_000), ...waits('abandoned', 10, 5_000), ...waits('answered', 20, 60_000)];
    expect(serviceLevelOf(all, 20_000, 0)).toBeCloseTo(0.778, 3);
  });

  it.each([
    ['too few to tell', waits('answered', 4, 0), 0, null],
    ['too long ago', waits('answered', 9, 0), 30 * MINUTE, null],
    ['left unserved', [...waits('answered', 5, 0), ...waits('unserved', 5, 0)], 0, 0.5],
    ['given up late', [...waits('answered', 5, 0), ...waits('abandoned', 5, 20_001)], 0, 0.5],
    ['the last hundred', [...waits('unserved', 50, 0), ...waits('answered', 100, 0)], 0, 1],
  ])('%s', (_case, all, now, share) => expect(serviceLevelOf(all, 20_000, now)).toBe(share));
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KpiReport } from '../../../src/acd/kpi/words.ts';
import type { Fact } from '../../../src/call/journal.ts';
import { T0 } from './builders.ts';
import {
  abandoned,
  answered,
  came,
  connected,
  left,
  type Line,
  over,
  promised,
  queued,
  ready,
  report,
  state,
  states,
  talked,
  told,
  words,
} from './kpi-lines.ts';

const many = (count: number, line: (id: string) => readonly Line[], prefix: string): Line[] =>
  Array.from({ length: count }, (_, i) => line(`${prefix}${i}`)).flat();

describe('key figures', () => {
  it('tells the three service levels of 70 in time, 10 given up in time, 20 late', () => {
    const { serviceLevel } = report([
      ...many(70, (id) => [came(id, 0), queued(id, 0), connected(id, 10, 10)], 'in'),
      ...many(10, (id) => [came(id, 0), queued(id, 0), abandoned(id, 10, 10)], 'up'),
      ...many(20, (id) => [came(id, 0), queued(id, 0), connected(id, 60, 60)], 'late'),
    ]).queues['support'] as KpiReport['all'];
    expect(serviceLevel).toEqual({ ignore: 70 / 90, negative: 0.7, positive: 0.8 });
  });

  it('leaves short abandons out of abandonment, and a callback taken is none', () => {
    const { all } = report([
      ...many(2, (id) => [came(id, 0), queued(id, 0), abandoned(id, 3, 3)], 'short'),
      ...many(1, (id) => [came(id, 0), queued(id, 0), abandoned(id, 60, 60)], 'long'),
      ...many(1, (id) => [came(id, 0), queued(id, 0), promised(id, 59), left(id, 60, 'callbackTaken')], 'back'),
      ...many(6, (id) => [came(id, 0), queued(id, 0), connected(id, 60, 60)], 'good'),
    ]);
    expect(all).toMatchObject({ offered: 10, abandoned: 3, abandonedShort: 2, callbacksTaken: 1, abandonment: 1 / 8 });
  });

  it('counts every callback that was promised, by key, by the flow or at closing time, and leaves nobody who has one unserved', () => {
    const { all, queues } = report([
      ...many(1, (id) => [came(id, 0), queued(id, 0), promised(id, 59), left(id, 60, 'callbackTaken')], 'key'),
      ...many(2, (id) => [came(id, 0), answered(id, 0), promised(id, 20), over(id, 21, 21)], 'flow'),
      ...many(1, (id) => [came(id, 0), queued(id, 0), promised(id, 60), left(id, 60, 'closed')], 'closing'),
      ...many(1, (id) => [came(id, 0), queued(id, 0), left(id, 60, 'closed')], 'sent away'),
    ]);
    expect(all).toMatchObject({ offered: 3, callbacksTaken: 4, unserved: 1 });
    expect(queues['support']).toMatchObject({ callbacksTaken: 4, unserved: 1 });
  });

  it('does not call contained who is to be rung back, or left a message', () => {
    const { all } = report([
      ...many(3, (id) => [came(id, 0), answered(id, 0), over(id, 20, 20)], 'served'),
      ...many(2, (id) => [came(id, 0), answered(id, 0), promised(id, 20), over(id, 21, 21)], 'back'),
      ...many(2, (id) => [came(id, 0), answered(id, 0), words(id, 20), over(id, 21, 21)], 'words'),
    ]);
    expect(all).toMatchObject({ arrived: 7, contained: 3, callbacksTaken: 2 });
  });

  it('counts talk and wrap-up as work of the queue they came from', () => {
    const { all, queues } = report([
      ready(0),
      came('a', 0),
      queued('a', 2),
      state(2, 'idle', 'reserved', 2),
      state(3, 'reserved', 'ringing', 1),
      state(6, 'ringing', 'talking', 3),
      connected('a', 6, 4),
      talked('a', 66, 60),
      state(66, 'talking', 'wrap-up', 60),
      state(76, 'wrap-up', 'idle', 10),
      state(86, 'idle', 'reserved', 10),
      over('a', 66, 66),
    ]);
    expect(all).toMatchObject({ handled: 1, asa: 4_000, aht: 70_000, arrived: 1, contained: 0 });
    expect(queues['support']).toMatchObject({ handled: 1, aht: 70_000, firstResponse: { count: 1, p50: 6_000 } });
    // 2 s and 10 s idle, 74 s from reservation to the end of wrap-up.
    expect(all.occupancy).toBeCloseTo(74 / 86, 10);
  });

  it('counts what agents are at as far as the events reach, as if it ended there', () => {
    const still = [ready(0), state(10, 'idle', 'talking', 10), came('a', 40)];
    expect(report(still).all.occupancy).toBeCloseTo(30 / 40, 10);
    expect(report(still).agents).toEqual({ alice: { handled: 0, outbound: 0, occupancy: 30 / 40 } });
    expect(report([ready(0), came('a', 40)]).all.occupancy).toBe(0);
    const at = fc.integer({ min: 0, max: 600 });
    const line = fc.oneof(
      at.map(ready),
      fc.tuple(at, fc.constantFrom(...states), fc.constantFrom(...states)).map(([when, a, b]) => state(when, a, b, 1)),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const ordered = lines.toSorted((a, b) => a[1] - b[1]);
        const until = ordered.at(-1)?.[1] ?? 0;
        const told = [...ordered, came('last', until + 60)];
        expect(report([...told, ready(until + 60)]).all.occupancy).toEqual(report(told).all.occupancy);
      }),
    );
  });

  it('tells contained, refused, redialled and repeated calls apart', () => {
    const { all } = report([
      came('ivr', 0, '+1'),
      answered('ivr', 0),
      over('ivr', 30, 30),
      came('again', 100, '+1'),
      answered('again', 100),
      queued('again', 101),
      connected('again', 102, 1),
      over('again', 160, 60),
      came('hidden', 161),
      queued('hidden', 161),
      connected('hidden', 162, 1),
      over('hidden', 170, 9),
      came('third', 900, '+1'),
      queued('third', 901),
      connected('third', 902, 1),
      over('third', 950, 50),
      came('full', 951, '+2'),
      left('full', 951, 'full'),
      over('full', 952, 1),
    ]);
    expect(all).toMatchObject({ arrived: 5, contained: 1, redials: 1, blocked: 1 / 5, handled: 3 });
    expect(all).toMatchObject({ repeats: 1 / 2, fcr: 1 / 2 });
  });

  it('tells transfers by kind and way, and counts a call with two as one', () => {
    const moved = (at: number, data: Extract<Fact, { type: 'call.transferred' }>['data']): Line => [
      'call/a',
      at,
      { type: 'call.transferred', data },
    ];
    const { all, transfers } = report([
      came('a', 0),
      queued('a', 0),
      connected('a', 0, 0),
      moved(10, { to: 'billing', outcome: 'answered', kind: 'blind', from: 'alice', toKind: 'queue' }),
      queued('a', 10, 'billing'),
      connected('a', 20, 10, 'billing', 'bob'),
      moved(30, { to: '+358', outcome: 'answered', kind: 'attended', from: 'bob', toKind: 'number' }),
      came('b', 40),
      queued('b', 40),
      connected('b', 40, 0),
    ]);
    expect(all).toMatchObject({ offered: 2, handled: 2, transferRate: 1 / 2 });
    expect(transfers).toEqual({
      kinds: { 'blind, inside': 1, 'attended, outside': 1 },
      matrix: { 'alice → billing': 1, 'bob → +358': 1 },
    });
  });

  it('prices a call by its minutes and by the time of agents', () => {
    const lines = [
      ready(0),
      came('a', 0),
      queued('a', 0),
      connected('a', 0, 0),
      state(0, 'idle', 'talking', 0),
      state(60, 'talking', 'idle', 60),
      over('a', 120, 120),
    ];
    expect(report(lines, { perMinute: 0.5, perAgentSecond: 0.01 }).all.cost).toBeCloseTo(2 * 0.5 + 60 * 0.01, 10);
  });

  const answersTo = (question: string, answers: readonly number[]) =>
    answers.flatMap((answer, i): Line[] => {
      const data = { flow: 'survey', node: 'ask', question, answer };
      return [came(`${question}-${i}`, i), [`call/${question}-${i}`, i, { type: 'survey.answered', data }]];
    });

  it.each([
    // Two of 4 or 5 among five.
    ['csat', [5, 4, 3, 2, 1], 2 / 5],
    // Two promoters, one passive, one detractor: 10 is one answer of two digits.
    ['nps', [10, 9, 8, 3], 25],
    // Nobody is left out of the mean.
    ['ces', [7, 1, 2, 2], 3],
  ] as const)('reads the answers to %s, and takes none for another', (question, answers, value) => {
    const others = ['csat', 'nps', 'ces'].filter((other) => other !== question);
    const { all } = report([...answersTo(question, answers), ...others.flatMap((other) => answersTo(other, [1]))]);
    expect(all[question]).toMatchObject({ value, answers: answers.length });
  });

  it('tells how many of those who were asked answered, of the surveys that ask it', () => {
    const survey = (id: string, node: string, answers: Readonly<Record<string, number>>, outcome = 'done'): Line[] => {
      const data = { flow: 'survey', node };
      const given = Object.entries(answers).map(([question, answer]): Line => {
        return [`call/${id}`, 0, { type: 'survey.answered', data: { ...data, question, answer } }];
      });
      const finished = { ...data, outcome, answered: given.length };
      return [...given, [`call/${id}`, 0, { type: 'survey.finished', data: finished }]];
    };
    const told = [
      ...['both', 'one', 'none', 'no', 'other', 'inside'].map((id) => came(id, 0)),
      ...survey('both', 'after', { csat: 5, nps: 9 }),
      ...survey('one', 'after', { csat: 1 }, 'partial'),
      ...survey('none', 'after', {}, 'partial'),
      ...survey('no', 'after', {}, 'declined'),
      ...survey('other', 'else', { ces: 4 }),
      // Twice in one call, and not finished yet.
      ...survey('both', 'after', { csat: 4 }),
      ...survey('inside', 'after', { csat: 4 }).slice(0, 1),
    ];
    expect(report(told).all).toMatchObject({
      csat: { answers: 4, response: 4 / 6 },
      nps: { answers: 1, response: 1 / 6 },
      ces: { answers: 1, response: 1 },
    });
    expect(report([]).all.csat).toEqual({ value: null, answers: 0, response: null });
  });

  it('finds the busiest minute and the quarters of an hour', () => {
    const { all, arrivals } = report([came('a', 0), came('b', 61), came('c', 70), came('d', 1_000)]);
    expect(all.peakMinute).toEqual({ at: T0 + 60_000, calls: 2 });
    expect(arrivals).toEqual([
      { at: T0, calls: 3 },
      { at: T0 + 900_000, calls: 1 },
    ]);
  });

  it('tells no AHT while nobody has hung up yet', () => {
    const { all } = report([came('a', 0), queued('a', 2), connected('a', 6, 4)]);
    expect(all).toMatchObject({ handled: 1, aht: null });
  });

  it('has no figure where there is nothing to divide by', () => {
    const { all } = report([]);
    expect(all).toMatchObject({ asa: null, aht: null, abandonment: null, blocked: null, occupancy: null, cost: null });
  });

  it('has no share below nothing or above all, whatever the journal holds', () => {
    const at = fc.integer({ min: 0, max: 5_000 });
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const line = fc.oneof(
      fc.tuple(id, at, fc.constantFrom('+1', '+2', null)).map(([call, when, ani]) => came(call, when, ani)),
      fc.tuple(id, at).map(([call, when]) => queued(call, when)),
      fc.tuple(id, at, at).map(([call, when, waited]) => connected(call, when, waited)),
      fc.tuple(id, at, at).map(([call, when, waited]) => abandoned(call, when, waited)),
      fc.tuple(id, at, at).map(([call, when, ms]) => talked(call, when, ms)),
      fc.tuple(at, fc.constantFrom(...states), fc.constantFrom(...states)).map(([when, a, b]) => state(when, a, b, 1)),
      fc.tuple(id, at, at).map(([call, when, ms]) => over(call, when, ms)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), (lines) => {
        const ordered = lines.toSorted((a, b) => a[1] - b[1]);
        const { abandonment, occupancy, serviceLevel } = report(ordered).all;
        for (const share of [occupancy, serviceLevel.negative, serviceLevel.positive]) {
          if (share !== null) expect(share).toSatisfy((value: number) => value >= 0 && value <= 1);
        }
        if (abandonment !== null) expect(abandonment).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

it('holds the first estimate that a caller heard against what he waited', () => {
  const figures = report([
    came('a', 0),
    queued('a', 0),
    told('a', 5, 100, 5),
    told('a', 60, 30, 60),
    connected('a', 85, 85),
    came('b', 0),
    queued('b', 0),
    told('b', 5, 60, 5),
    connected('b', 165, 165),
    came('c', 0),
    queued('c', 0),
    connected('c', 9, 9),
    came('d', 0),
    queued('d', 0),
    told('d', 5, 60, 5),
    left('d', 600, 'timeout'),
    queued('d', 601),
    connected('d', 700, 99),
  ]);
  expect(figures.queues['support']?.ewtError).toEqual({ count: 2, mean: 60_000, p50: 20_000, p90: 100_000 });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallerIdPool,
  type CallerIdState,
  callerIdHeard,
  chooseCallerId,
  PLAIN_REST,
} from '../../../src/dialer/caller-ids.ts';

const HELSINKI = '+358912345';
const all = () => null;
const poolOf = (rows: Readonly<Record<string, readonly string[]>>): CallerIdPool => ({
  numbers: Object.entries(rows).map(([number, areas]) => ({ number, areas })),
  rest: PLAIN_REST,
});
const MIXED = poolOf({ '+1': [], '+2': [], '+3': ['+358'], '+4': ['+3589'], '+5': ['+3589', '+3588'] });

function choices(pool: CallerIdPool, called: string, count: number, refusal: (id: string) => string | null = all) {
  let state: CallerIdState = {};
  return Array.from({ length: count }, () => {
    const choice = chooseCallerId(pool, state, called, refusal, 0);
    if (!choice.ok) return choice.because;
    state = choice.state;
    return choice.callerId;
  });
}

describe('the number to show', () => {
  it('is of the area that fits best, in rotation', () => {
    expect(choices(MIXED, HELSINKI, 5)).toEqual(['+4', '+5', '+4', '+5', '+4']);
    expect(choices(MIXED, '+358401', 3)).toEqual(['+3', '+3', '+3']);
    expect(choices(MIXED, '+46701', 3)).toEqual(['+1', '+2', '+1']);
  });

  it('says whether it is of the area', () => {
    expect(chooseCallerId(MIXED, {}, HELSINKI, all, 0)).toMatchObject({ why: 'A number of the area +3589, in turn.' });
    expect(chooseCallerId(MIXED, {}, '+467', all, 0)).toMatchObject({ why: 'A number of the whole pool, in turn.' });
  });

  it('is never one that the rules forbid, and none rather than that', () => {
    const onlyWide = (id: string) => (['+4', '+5', '+3'].includes(id) ? 'It cannot be rung back.' : null);
    expect(choices(MIXED, HELSINKI, 3, onlyWide)).toEqual(['+1', '+2', '+1']);
    expect(choices(MIXED, HELSINKI, 1, () => 'It cannot be rung back.')).toEqual(['It cannot be rung back.']);
    expect(choices(poolOf({ '+3': ['+358'] }), '+46', 1)).toEqual([
      'The pool has no number for the area that is called.',
    ]);
  });

  it('turns evenly, however the calls are mixed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 }), (size, calls) => {
        const pool = poolOf(Object.fromEntries(Array.from({ length: size }, (_, i) => [`+${i + 1}`, []])));
        const counts = new Map<string, number>();
        for (const id of choices(pool, '+358', calls)) counts.set(id, (counts.get(id) ?? 0) + 1);
        const each = pool.numbers.map(({ number }) => counts.get(number) ?? 0);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

/** Rings a pool in rotation; a number answers each n-th of its calls. */
function ring(
  pool: CallerIdPool,
  every: Readonly<Record<string, number>>,
  calls: number,
  from = 0,
  known: CallerIdState = {},
) {
  let state = known;
  const count = new Map<string, number>();
  for (let i = 0; i < calls; i += 1) {
    const now = from + i * 1_000;
    const choice = chooseCallerId(pool, state, HELSINKI, all, now);
    if (!choice.ok) throw new Error(choice.because);
    const { callerId } = choice;
    const nth = (count.get(callerId) ?? 0) + 1;
    count.set(callerId, nth);
    const answered = nth % (every[callerId] ?? 4) === 0;
    state = callerIdHeard(pool, choice.state, { callerId, answered }, now);
  }
  return { state, count };
}

describe('a number that fewer people answer', () => {
  const pool = poolOf({ '+1': [], '+2': [], '+3': [] });
  const rested = (state: CallerIdState) =>
    Object.entries(state)
      .filter(([, seen]) => seen.restedUntil !== null)
      .map(([number]) => number);

  it('is rested for a day, then takes its turn again and nothing more', () => {
    const { state, count } = ring(pool, { '+2': 40 }, 900);
    expect(rested(state)).toEqual(['+2']);
    expect(count.get('+2')).toBeLessThan(120);
    const until = state['+2']?.restedUntil ?? 0;
    expect(until).toBeGreaterThan(PLAIN_REST.restMs);
    const back = ring(pool, {}, 60, until, state);
    expect([...back.count.values()]).toEqual([20, 20, 20]);
    expect(rested(back.state)).toEqual([]);
  });

  it('is left in use when it is a little worse, or hardly known', () => {
    expect(rested(ring(pool, { '+2': 5 }, 3_000).state)).toEqual([]);
    expect(rested(ring(pool, { '+2': 1_000 }, 3 * (PLAIN_REST.minDials - 1)).state)).toEqual([]);
  });

  it('is measured by the numbers of its own areas alone', () => {
    const apart = poolOf({ '+1': [], '+2': [], '+3': ['+3589'] });
    expect(rested(ring(apart, { '+3': 1_000 }, 500).state)).toEqual([]);
  });

  it('leaves at least half of the numbers in use, whatever is measured', () => {
    const heard = fc.array(fc.tuple(fc.nat(4), fc.boolean()), { minLength: 200, maxLength: 600 });
    const harsh = { ...poolOf({ '+1': [], '+2': [], '+3': [], '+4': [], '+5': [] }) };
    const quick = { ...harsh, rest: { ...PLAIN_REST, minDials: 2, below: 1 } };
    fc.assert(
      fc.property(heard, (calls) => {
        let state: CallerIdState = {};
        for (const [i, answered] of calls) {
          const good = i < 2 && answered;
          state = callerIdHeard(quick, state, { callerId: `+${i + 1}`, answered: good }, 1_000);
        }
        expect(rested(state).length).toBeLessThanOrEqual(2);
        expect(chooseCallerId(quick, state, HELSINKI, all, 1_000).ok).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

it('forgets what was long ago, and what is said of numbers that it does not have', () => {
  const pool = poolOf({ '+1': [], '+2': [] });
  const { state } = ring(pool, {}, 400);
  const later = 400_000 + 10 * PLAIN_REST.halfLifeMs;
  const next = callerIdHeard(pool, state, { callerId: '+1', answered: false }, later);
  expect(next['+1']?.dials).toBeLessThan(1.5);
  expect(callerIdHeard(pool, state, { callerId: '+9', answered: true }, 0)).toBe(state);
});

it('is plain data: written down and read again it decides the same', () => {
  const { state } = ring(MIXED, { '+4': 30 }, 500);
  const copy = JSON.parse(JSON.stringify(state)) as CallerIdState;
  expect(chooseCallerId(MIXED, copy, HELSINKI, all, 9_999)).toEqual(chooseCallerId(MIXED, state, HELSINKI, all, 9_999));
});

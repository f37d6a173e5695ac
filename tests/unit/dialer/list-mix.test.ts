import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MixState, mixOf, nextList } from '../../../src/dialer/list-mix.ts';
import { quotaCheck } from '../../../src/dialer/list-terms.ts';

const NONE: ReadonlySet<string> = new Set();
const list = (id: string, share: number, priority = 0, active = true) => ({ id, share, priority, active });

const dials = (lists: Parameters<typeof nextList>[1], count: number, dry = NONE, from: MixState = {}): string[] => {
  let state = from;
  return Array.from({ length: count }, () => {
    const next = nextList(state, lists, dry);
    ({ state } = next);
    return next.list ?? '-';
  });
};

describe('the mix of lists', () => {
  it('keeps every list within one dial of its share, after any number of dials', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (shares, count) => {
          const lists = shares.map((share, nth) => list(`l${nth}`, share));
          const total = shares.reduce((sum, share) => sum + share, 0);
          const had = new Map<string, number>();
          dials(lists, count).forEach((id, nth) => {
            had.set(id, (had.get(id) ?? 0) + 1);
            for (const { id: each, share } of lists) {
              expect(Math.abs((had.get(each) ?? 0) - ((nth + 1) * share) / total)).toBeLessThan(1 + 1e-6);
            }
          });
        },
      ),
    );
  });

  it.each([
    ['by share', [list('a', 75), list('b', 25)], 'aaba'],
    ['by priority first', [list('a', 90), list('b', 10, 5)], 'bbbb'],
    ['never one that is not active', [list('a', 50, 0, false), list('b', 50)], 'bbbb'],
    ['one without a share only when it is alone', [list('a', 0), list('b', 1)], 'bbbb'],
    ['evenly when none has a share', [list('a', 0), list('b', 0)], 'abab'],
    ['nothing of no lists', [], '----'],
  ])('dials %s', (_, lists, expected) => {
    expect(dials(lists, 4).toSorted().join('')).toBe(Array.from(expected).toSorted().join(''));
  });

  it('passes by a list that is dry, which then has no arrears to collect', () => {
    const lists = [list('a', 50), list('b', 50)];
    let state: MixState = {};
    for (let nth = 0; nth < 100; nth += 1) ({ state } = nextList(state, lists, new Set(['a'])));
    expect(dials(lists, 10, NONE, state).filter((id) => id === 'a').length).toBeLessThanOrEqual(6);
    expect(dials(lists, 3, new Set(['a', 'b']))).toEqual(['-', '-', '-']);
  });

  it('says of a number of dials what each dial alone would have said', () => {
    const lists = [list('a', 60), list('b', 30), list('c', 10)];
    const { counts } = mixOf({}, lists, NONE, 50);
    expect(Object.fromEntries(counts)).toEqual({ a: 30, b: 15, c: 5 });
  });
});

describe('quotas', () => {
  const quotas = [
    { outcome: 'sold', field: 'city', most: 2 },
    { outcome: 'connected', field: null, most: 10 },
  ];
  const count = (outcome: string, field: string | null, value: string, counted: number) => ({
    outcome,
    field,
    value,
    count: counted,
  });

  it.each([
    ['Turku', [count('sold', 'city', 'Turku', 2)], 'sold'],
    ['Oulu', [count('sold', 'city', 'Turku', 2)], null],
    ['Turku', [count('sold', 'city', 'Turku', 1)], null],
    ['Turku', [count('connected', null, '', 10)], 'connected'],
    [undefined, [count('sold', 'city', '', 2)], 'sold'],
  ])('of %s', (city, counts, full) => {
    expect(quotaCheck(quotas, counts)(city === undefined ? {} : { city })?.outcome ?? null).toBe(full);
  });
});

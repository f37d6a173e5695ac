import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atomsOf, SAY_LANGUAGES, type Sayable, say } from '../../../src/call/say/index.ts';
import { spoken } from './say-table.ts';

const CURRENCIES = ['EUR', 'SEK', 'PLN', 'HUF', 'CNY', 'USD', 'GBP'];
const LIMIT = 1e12;
const whole = fc.oneof(fc.nat(2000), fc.integer({ min: 1 - LIMIT, max: LIMIT - 1 }));
const day = fc
  .record({ year: fc.integer({ min: 1, max: 9999 }), days: fc.nat(365) })
  .map(({ year, days }) =>
    new Date(Date.UTC(2000, 0, 1 + days)).toISOString().replace('2000', `${year}`.padStart(4, '0')),
  )
  .map((text) => text.slice(0, 10))
  .filter((text) => !text.endsWith('02-29'));
const anything: fc.Arbitrary<Sayable> = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), value: whole }),
  fc.record({ kind: fc.constant('money' as const), minor: whole, currency: fc.constantFrom(...CURRENCIES) }),
  fc.record({ kind: fc.constant('date' as const), value: day }),
  fc.record({ kind: fc.constant('digits' as const), value: fc.stringMatching(/^[0-9*#+]{1,20}$/) }),
  fc.record({ kind: fc.constantFrom('hours' as const, 'minutes' as const), value: fc.nat(100_000) }),
  fc.record({ kind: fc.constant('ordinal' as const), value: fc.integer({ min: 1, max: 100_000 }) }),
);

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
const padded = (value: number, length: number) => `${value}`.padStart(length, '0');

/** Enough to need every atom: small numbers in every use, thousands and scales, each day and each year. */
const EVERYTHING: readonly Sayable[] = [
  ...[0, ...upTo(1000)].flatMap((value): Sayable[] => [
    { kind: 'number', value: -value },
    { kind: 'ordinal', value },
    { kind: 'hours', value },
    { kind: 'minutes', value },
    ...CURRENCIES.flatMap((currency): Sayable[] => [
      { kind: 'money', minor: value, currency },
      { kind: 'money', minor: value * 100 + 1, currency },
    ]),
  ]),
  ...[...upTo(9), 12, 122, 2210, 12_222]
    .flatMap((count) => [1, 1e3, 1e4, 1e6, 1e7, 1e9].map((unit) => count * unit))
    .flatMap((value): Sayable[] => [
      { kind: 'number', value },
      { kind: 'number', value: value + 1e11 },
    ]),
  ...upTo(12).flatMap((month) =>
    upTo(31).map((date): Sayable => ({ kind: 'date', value: `2026-${padded(month, 2)}-${padded(date, 2)}` })),
  ),
  ...upTo(9999).map((year): Sayable => ({ kind: 'date', value: `${padded(year, 4)}-01-01` })),
  { kind: 'digits', value: '0123456789*#+' },
];

describe.each(SAY_LANGUAGES)('in %s', (language) => {
  const speak = spoken(language);

  it('whatever can be said is said in atoms of the language', () => {
    const atoms = new Set(atomsOf(language));
    fc.assert(
      fc.property(anything, (what) => {
        const said = say(language, what);
        expect(said?.length).toBeGreaterThan(0);
        expect(said?.filter((atom) => !atoms.has(atom))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('no atom is idle', () => {
    const used = new Set(EVERYTHING.flatMap((what) => say(language, what) ?? []));
    expect(atomsOf(language).filter((atom) => !used.has(atom))).toEqual([]);
    expect(new Set(atomsOf(language)).size).toBe(atomsOf(language).length);
  });

  it('two numbers never sound the same', () => {
    const heard = new Set<string | null>();
    for (let value = 0; value < 20_000; value += 1) heard.add(speak({ kind: 'number', value }));
    expect(heard.size).toBe(20_000);
    fc.assert(
      fc.property(whole, whole, (one, other) => {
        fc.pre(one !== other);
        expect(speak({ kind: 'number', value: one })).not.toBe(speak({ kind: 'number', value: other }));
      }),
    );
  });

  it.each<Sayable>([
    { kind: 'number', value: 1.5 },
    { kind: 'number', value: LIMIT },
    { kind: 'number', value: -LIMIT },
    { kind: 'number', value: Number.NaN },
    { kind: 'number', value: Infinity },
    { kind: 'digits', value: '' },
    { kind: 'digits', value: '12a' },
    { kind: 'digits', value: '٣' },
    { kind: 'date', value: '2026-02-29' },
    { kind: 'date', value: '1900-02-29' },
    { kind: 'date', value: '2026-04-31' },
    { kind: 'date', value: '2026-13-01' },
    { kind: 'date', value: '2026-00-10' },
    { kind: 'date', value: '0000-01-01' },
    { kind: 'date', value: '2026-1-1' },
    { kind: 'date', value: '2026-01-01T00:00:00Z' },
    { kind: 'money', minor: 100, currency: 'JPY' },
    { kind: 'money', minor: 100, currency: 'eur' },
    { kind: 'money', minor: 0.5, currency: 'EUR' },
    { kind: 'money', minor: LIMIT, currency: 'EUR' },
    { kind: 'ordinal', value: 0 },
    { kind: 'ordinal', value: -1 },
    { kind: 'hours', value: -1 },
    { kind: 'minutes', value: 0.5 },
  ])('%j cannot be said', (what) => expect(say(language, what)).toBeNull());

  it('knows leap years, and nothing below zero where there is nothing', () => {
    expect(say(language, { kind: 'date', value: '2000-02-29' })).not.toBeNull();
    expect(say(language, { kind: 'number', value: -0 })).toEqual(['say.n.0']);
    expect(say(language, { kind: 'money', minor: -49, currency: 'HUF' })).toEqual(
      say(language, { kind: 'money', minor: 0, currency: 'HUF' }),
    );
  });
});

it.each(['de', 'en-GB', '', '__proto__'])('the language %j is not known', (language) => {
  expect(say(language, { kind: 'number', value: 1 })).toBeNull();
  expect(atomsOf(language)).toEqual([]);
});

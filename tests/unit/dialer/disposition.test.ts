import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callbackTurn } from '../../../src/dialer/callback.ts';
import {
  applyDisposition,
  type DisposedLead,
  type Disposition,
  fieldsOf,
  type Meaning,
} from '../../../src/dialer/disposition.ts';
import { type FieldRule, readFields } from '../../../src/dialer/disposition-fields.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Temporal.Instant.from('2026-11-23T10:00:00+02:00').epochMilliseconds;
const disposition = (meaning: Meaning, change: Partial<Disposition> = {}): Disposition => ({
  name: 'said',
  labels: { en: 'Said' },
  meaning,
  fields: [],
  counts: [],
  ...change,
});
const LEAD: DisposedLead = {
  attempts: 1,
  maxAttempts: 3,
  zone: 'Europe/Helsinki',
  agentId: 'alice',
  nextAllowed: (at) => at,
};
const CALLBACK: Meaning = { kind: 'callback', waitMs: 15 * 60_000, withinMs: 30 * DAY };
const PAYMENT: Meaning = { kind: 'payment', currency: 'EUR', withinMs: 60 * DAY };
const apply = (meaning: Meaning, values = {}, lead: Partial<DisposedLead> = {}) =>
  applyDisposition(disposition(meaning), values, { ...LEAD, ...lead }, NOW);

describe('what an agent says', () => {
  it.each<[string, Meaning, Readonly<Record<string, unknown>>, object, readonly object[]]>([
    ['a sale', { kind: 'success' }, {}, { status: 'done', why: 'The agent said “said”.' }, []],
    ['a refusal', { kind: 'refusal' }, {}, { status: 'done' }, []],
    [
      'later',
      { kind: 'retry', afterMs: 4 * HOUR, number: 'next' },
      {},
      { status: 'pending', notBefore: NOW + 4 * HOUR, number: 'next' },
      [],
    ],
    [
      'never again',
      { kind: 'dnc', scope: 'all', numbers: 'called' },
      {},
      { status: 'done' },
      [{ type: 'dnc', scope: 'all', numbers: 'called' }],
    ],
    [
      'a machine',
      { kind: 'machine', afterMs: HOUR, number: 'same' },
      {},
      { status: 'pending', notBefore: NOW + HOUR, number: 'same' },
      [{ type: 'missed-machine' }],
    ],
    [
      'a payment',
      PAYMENT,
      { amount: '120.50', due: '2026-12-01' },
      { status: 'done' },
      [{ type: 'payment', amount: 12_050, currency: 'EUR', due: '2026-12-01' }],
    ],
    [
      'a callback to himself',
      CALLBACK,
      { at: '2026-11-24T14:30:00+02:00' },
      { status: 'pending', notBefore: NOW + 28.5 * HOUR, number: 'same' },
      [{ type: 'callback', at: NOW + 28.5 * HOUR, agentId: 'alice', waitMs: 15 * 60_000 }],
    ],
    [
      'a callback to the team',
      CALLBACK,
      { at: '2026-11-23T12:00:00Z', for: 'team' },
      { status: 'pending', notBefore: NOW + 4 * HOUR },
      [{ type: 'callback', at: NOW + 4 * HOUR, agentId: null, waitMs: 15 * 60_000 }],
    ],
  ])('%s', (_name, meaning, values, lead, follow) => {
    expect(apply(meaning, values)).toMatchObject({ ok: true, lead, follow });
  });

  it('counts for the quotas, and keeps the values of its own fields', () => {
    const fields: readonly FieldRule[] = [
      { name: 'plan', type: 'choice', labels: {}, required: true, choices: ['small', 'large'] },
      { name: 'note', type: 'text', labels: {}, required: false },
    ];
    const sold = disposition({ kind: 'success' }, { fields, counts: ['sales', 'autumn'] });
    expect(applyDisposition(sold, { plan: 'large' }, LEAD, NOW)).toEqual({
      ok: true,
      lead: { status: 'done', why: 'The agent said “said”.' },
      follow: [
        { type: 'count', quota: 'sales' },
        { type: 'count', quota: 'autumn' },
      ],
      values: { plan: 'large' },
    });
  });

  it('ends the lead with its last attempt, or when no hour is left; a machine is charged all the same', () => {
    const retry: Meaning = { kind: 'retry', afterMs: HOUR, number: 'same' };
    expect(apply(retry, {}, { attempts: 3 })).toMatchObject({
      lead: { status: 'done', why: 'The agent said “said”, and it was dialled 3 times.' },
    });
    expect(apply(retry, {}, { nextAllowed: () => null })).toMatchObject({ lead: { status: 'done' } });
    expect(apply({ ...retry, kind: 'machine' }, {}, { attempts: 3 })).toMatchObject({
      lead: { status: 'done' },
      follow: [{ type: 'missed-machine' }],
    });
  });

  it('keeps a promise beyond the last attempt, and makes none for a closed hour', () => {
    const at = { at: '2026-11-23T21:30:00+02:00' };
    expect(apply(CALLBACK, at, { attempts: 9 })).toMatchObject({ lead: { status: 'pending' } });
    const opens = Temporal.Instant.from('2026-11-24T09:00:00+02:00').epochMilliseconds;
    expect(apply(CALLBACK, at, { nextAllowed: () => opens })).toEqual({
      ok: false,
      faults: [
        {
          field: 'at',
          sentence: 'at is an hour at which the lead may not be dialled; the next is 2026-11-24T09:00+02:00.',
        },
      ],
    });
    expect(apply(CALLBACK, at, { nextAllowed: () => null })).toMatchObject({ ok: false });
  });

  it('does nothing by halves: every fault is told, and nothing follows', () => {
    expect(apply(PAYMENT, { amount: '0', due: '2026-11-22', extra: 1 })).toEqual({
      ok: false,
      faults: [
        { field: 'extra', sentence: 'The disposition has no field extra.' },
        { field: 'amount', sentence: 'amount is a sum of EUR above nothing, like 120.50.' },
        { field: 'due', sentence: 'due is a day that has passed; today is 2026-11-23.' },
      ],
    });
    expect(apply(CALLBACK)).toEqual({
      ok: false,
      faults: [{ field: 'at', sentence: 'Say at: this disposition needs it.' }],
    });
  });
});

describe('a value', () => {
  const rules: Readonly<Record<string, FieldRule>> = Object.fromEntries(
    [
      ...fieldsOf(PAYMENT),
      ...fieldsOf(CALLBACK),
      { name: 'yen', type: 'money', currency: 'JPY', labels: {}, required: false } as const,
      { name: 'count', type: 'number', labels: {}, required: false } as const,
      { name: 'note', type: 'text', labels: {}, required: false } as const,
    ].map((rule) => [rule.name, rule]),
  );
  const read = (field: string, value: unknown, zone = 'Europe/Helsinki') => {
    const rule = rules[field];
    const result = readFields(rule ? [rule] : [], { [field]: value }, { now: NOW, zone });
    return result.ok ? result.values[field] : result.faults[0]?.sentence;
  };

  it.each<[string, unknown, string | number]>([
    ['amount', '120', 12_000],
    ['amount', 0.07, 7],
    ['amount', '1.1', 110],
    ['amount', '999999999999.99', 99_999_999_999_999],
    ['amount', '1.005', 'amount is a sum of EUR above nothing, like 120.50.'],
    ['amount', '-5', 'amount is a sum of EUR above nothing, like 120.50.'],
    ['amount', '1e3', 'amount is a sum of EUR above nothing, like 120.50.'],
    ['yen', '120', 120],
    ['yen', '120.5', 'yen is a sum of JPY above nothing, like 120.'],
    ['due', '2026-11-23', '2026-11-23'],
    ['due', '2027-02-30', 'due is a day, like 2026-12-24.'],
    ['due', '2027-11-23', 'due is more than 60 days ahead.'],
    ['at', '2026-11-23T08:00:00Z', NOW],
    ['at', '2026-11-23T07:59:59Z', 'at is a moment that has passed.'],
    ['at', '2026-11-23 12:00', 'at is a moment with its offset, like 2026-12-24T14:30:00+02:00.'],
    ['at', '2027-11-23T12:00:00Z', 'at is more than 30 days ahead.'],
    ['for', 'boss', 'for is one of agent, team.'],
    ['count', Number.NaN, 'count is a number, like 3.'],
    ['note', 'x'.repeat(1_001), 'note is longer than 1000 characters.'],
    ['note', 7, 'note is a text.'],
    ['constructor', 1, 'The disposition has no field constructor.'],
  ])('%s: %s', (field, value, result) => expect(read(field, value)).toBe(result));

  it('is a day of the lead, not of the server', () => {
    const late = { now: Temporal.Instant.from('2026-11-23T02:00:00Z').epochMilliseconds };
    const due = fieldsOf(PAYMENT).filter(({ name }) => name === 'due');
    expect(readFields(due, { due: '2026-11-22' }, { ...late, zone: 'America/New_York' }).ok).toBe(true);
    expect(readFields(due, { due: '2026-11-22' }, { ...late, zone: 'Europe/Helsinki' }).ok).toBe(false);
  });

  it('keeps every cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (cents) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        expect(read('amount', text)).toBe(cents);
      }),
    );
  });
});

describe('a callback whose time has come', () => {
  type Args = Parameters<typeof callbackTurn>;
  const promise = { at: NOW, agentId: 'alice', waitMs: 15 * 60_000 };
  const turn = (agent: Args[1], now = NOW, change: Partial<Args[0]> = {}) =>
    callbackTurn({ ...promise, ...change }, agent, now);

  it('waits for its time, then for its agent, then is the team’s', () => {
    expect(turn('ready', NOW - 1)).toEqual({ to: 'wait', until: NOW, why: 'Its time has not come.' });
    expect(turn('ready')).toEqual({ to: 'agent', agentId: 'alice' });
    expect(turn('busy')).toEqual({ to: 'wait', until: NOW + 900_000, why: 'The agent talks.' });
    expect(turn('away', NOW + 899_999)).toEqual({ to: 'wait', until: NOW + 900_000, why: 'The agent is away.' });
    expect(turn('ready', NOW + 899_999)).toEqual({ to: 'agent', agentId: 'alice' });
    expect(turn('away', NOW + 900_000)).toEqual({
      to: 'team',
      why: 'The agent was not free within 15 min of its time.',
    });
    expect(turn('away', NOW, { agentId: null })).toMatchObject({ to: 'team' });
  });

  it('is given to somebody in the end, whatever the agent does', () => {
    const states = fc.infiniteStream(fc.constantFrom('busy' as const, 'away' as const, 'ready' as const));
    fc.assert(
      fc.property(states, fc.nat(4 * HOUR), fc.nat(DAY), (agents, waitMs, before) => {
        let now = NOW - before;
        for (let asked = 0; ; asked += 1) {
          const given = turn(agents.next().value, now, { waitMs });
          if (given.to !== 'wait') break;
          expect(given.until).toBeGreaterThan(now);
          expect(asked).toBeLessThan(3);
          now = given.until;
        }
        expect(now).toBeGreaterThanOrEqual(NOW);
        expect(now).toBeLessThanOrEqual(NOW + waitMs);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abandonmentAt,
  falsePositiveShare,
  type LedgerView,
  rateOf,
  windowOf,
} from '../../../../src/dialer/compliance/abandonment.ts';
import {
  type AnswerTimes,
  answerOf,
  count,
  type DayCounts,
  deadlineOf,
  emptyLedger,
  type Ledger,
  type LedgerFact,
  merged,
  total,
} from '../../../../src/dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../../../../src/dialer/compliance/profile.ts';
import { at, DAY, local, profileNamed } from './facts.ts';

type Abandonment = ComplianceProfile['abandonment'];

const rulesOf = (name: string) => profileNamed(name).abandonment;
const ofcom = rulesOf('uk-ofcom');
const ftc = rulesOf('us-ftc');

const NONE = total([], '', '');
const counts = (some: Partial<DayCounts>): DayCounts => ({ ...NONE, ...some });
const NOT_HEARD = { heard: 1_000, persons: 0 };

/** So many facts of a kind at a time. */
const repeated = (type: 'connected' | 'abandoned', times: number, when: number): LedgerFact[] =>
  Array.from({ length: times }, () => ({ type, at: when, screened: true }));
const ledgerOf = (zone: string, startedAt: number, facts: readonly LedgerFact[]): Ledger =>
  facts.reduce(count, emptyLedger(zone, startedAt));
const viewOf = (own: Ledger, others: readonly Ledger[] = [], heard = NOT_HEARD): LedgerView => ({ own, others, heard });

describe('the rate by the formulas of the texts', () => {
  it.each<[string, Abandonment, Partial<DayCounts>, number, number, number]>([
    // 16 CFR 310.4(b)(4)(i): no more than 3 % of all calls answered by a person.
    ['FTC: 30 of 1,000 answered', ftc, { connected: 970, abandoned: 30 }, 0, 30, 1_000],
    ['FTC: 31 of 1,000 answered', ftc, { connected: 969, abandoned: 31 }, 0, 31, 1_000],
    // A machine that an agent was put to was not answered by a person.
    ['FTC: machines that agents met', ftc, { connected: 970, connectedToMachine: 70, abandoned: 30 }, 0, 30, 930],
    // Ofcom: abandoned ÷ (abandoned + put to a live operator).
    [
      'Ofcom: no AMD, no machines met',
      ofcom,
      { connected: 97, abandoned: 3, unscreenedConnected: 97, unscreenedAbandoned: 3 },
      0,
      3,
      100,
    ],
    // Of 200 calls put to agents without AMD 50 were machines: a quarter of the 8 abandoned were too.
    [
      'Ofcom: no AMD, less the machines among the abandoned',
      ofcom,
      {
        connected: 200,
        connectedToMachine: 50,
        abandoned: 8,
        unscreenedConnected: 200,
        unscreenedToMachine: 50,
        unscreenedAbandoned: 8,
      },
      0,
      6,
      156,
    ],
    // A word of an agent can come for a call that its day does not have: never more machines than calls.
    [
      'Ofcom: no AMD, more machines told of than there were calls',
      ofcom,
      { connected: 5, abandoned: 4, unscreenedConnected: 2, unscreenedToMachine: 3, unscreenedAbandoned: 4 },
      0,
      0,
      5,
    ],
    // 400 calls that AMD took for machines, 1 % of them persons: 4 abandoned calls, above and below the line.
    ['Ofcom: AMD with false positives', ofcom, { connected: 196, takenForMachine: 400 }, 0.01, 4, 200],
    [
      'Ofcom: AMD, with calls abandoned besides',
      ofcom,
      { connected: 194, abandoned: 2, takenForMachine: 400 },
      0.01,
      6,
      200,
    ],
    [
      'Ofcom: AMD had listened, so nothing is taken off',
      ofcom,
      { connected: 90, connectedToMachine: 10, abandoned: 2 },
      0,
      2,
      82,
    ],
    ['nobody has answered', ofcom, {}, 0.05, 0, 0],
  ])('%s', (_name, rules, some, falsePositives, abandoned, of) => {
    const rate = rateOf(rules, counts(some), falsePositives);
    expect(rate.abandoned).toBeCloseTo(abandoned, 9);
    expect(rate.of).toBeCloseTo(of, 9);
    expect(rate.rate).toBeCloseTo(of > 0 ? abandoned / of : 0, 9);
  });

  it('a person who hung up in time is abandoned, or answered, or neither, as the profile says', () => {
    const some = counts({ connected: 90, abandoned: 2, leftInTime: 8 });
    const answered = { ...ftc, leftInTime: { value: 'answered', cite: 'a test' } } as const;
    expect(rateOf(ftc, some, 0)).toMatchObject({ abandoned: 10, of: 100 });
    expect(rateOf(answered, some, 0)).toMatchObject({ abandoned: 2, of: 100 });
    expect(rateOf({ ...answered, denominator: ofcom.denominator }, some, 0)).toMatchObject({ abandoned: 2, of: 92 });
  });

  it.each([
    [{ heard: 0, persons: 0 }, 0.03],
    [{ heard: 50, persons: 0 }, 0.03],
    [{ heard: 50, persons: 5 }, 0.1],
    [{ heard: 1_000, persons: 5 }, 0.005],
  ])('of %o it takes %d of the machines for persons', (heard, share) => {
    expect(falsePositiveShare(ofcom, heard)).toBe(share);
  });
});

describe('what an answered call counts as', () => {
  const times: AnswerTimes = {
    pickedUpAt: 10_000,
    greetingStartedAt: 10_400,
    greetingEndedAt: 11_500,
    connectedAt: null,
    endedAt: null,
  };

  it.each([
    ['pick-up', 12_000],
    ['greeting-start', 12_400],
    ['greeting-end', 13_500],
  ] as const)('two seconds from the %s', (value, deadline) => {
    const rules = { ...ftc, countsFrom: { value, cite: 'a test' } };
    expect(deadlineOf(rules, times)).toBe(deadline);
    expect(deadlineOf(rules, { ...times, greetingStartedAt: null, greetingEndedAt: null })).toBe(12_000);
    expect(answerOf(rules, { ...times, connectedAt: deadline })).toBe('connected');
    expect(answerOf(rules, { ...times, connectedAt: deadline + 1 })).toBe('abandoned');
    expect(answerOf(rules, { ...times, endedAt: deadline })).toBe('left-in-time');
    expect(answerOf(rules, { ...times, endedAt: deadline + 1 })).toBe('abandoned');
    expect(answerOf(rules, times)).toBe('abandoned');
  });
});

describe('windows', () => {
  it.each([
    ['day', '2026-11-01', '2026-11-22', '2026-11-22', '2026-11-23'],
    ['calendar-month', '2026-11-05', '2026-12-31', '2026-12-01', '2027-01-01'],
    ['calendar-month', '2028-01-01', '2028-02-29', '2028-02-01', '2028-03-01'],
    ['rolling-30-days', '2026-01-01', '2026-03-01', '2026-01-31', '2026-03-02'],
    ['campaign-30-days', '2026-11-01', '2026-11-30', '2026-11-01', '2026-12-01'],
    ['campaign-30-days', '2026-11-01', '2026-12-01', '2026-12-01', '2026-12-31'],
    ['campaign-30-days', '2026-11-01', '2026-12-31', '2026-12-31', '2027-01-30'],
    ['campaign', '2026-11-01', '2026-12-31', '2026-11-01', '2027-01-01'],
    ['campaign-30-days', '2026-12-24', '2026-11-22', '2026-11-22', '2026-12-22'],
    ['campaign', '2026-12-24', '2026-11-22', '2026-11-22', '2026-11-23'],
  ] as const)('%s of a campaign from %s on %s', (kind, started, today, from, until) => {
    expect(windowOf(kind, started, today)).toEqual({ from, until });
  });

  const days = fc.integer({ min: 0, max: 800 }).map((n) => Temporal.PlainDate.from('2026-01-01').add({ days: n }));
  const kinds = fc.constantFrom('day', 'calendar-month', 'campaign-30-days' as const);

  const PERIOD = { value: [{ cap: 0.03, window: 'campaign-30-days', scope: 'all' }], cite: 'a test' } as const;
  const startOf = (own: Ledger, ...others: readonly Ledger[]) =>
    abandonmentAt({ ...ftc, limits: PERIOD }, viewOf(own, others), at('2026-11-23T12:00Z')).limits[0]?.from;

  it('of a campaign that lay ready run from its first dial on, and of several from the first of theirs', () => {
    const ready = emptyLedger('UTC', at('2026-11-02T09:00Z'), false);
    expect(startOf(ready)).toBe('2026-11-02');
    const begun = count(ready, { type: 'connected', at: at('2026-11-20T09:00Z'), screened: true });
    expect(begun).toMatchObject({ startedOn: '2026-11-20', dialled: true });
    expect(startOf(begun)).toBe('2026-11-20');
    const other = emptyLedger('UTC', at('2026-11-21T09:00Z'));
    expect([startOf(ready, other), startOf(other, ready), startOf(begun, other), startOf(other, begun)]).toEqual([
      '2026-11-21',
      '2026-11-21',
      '2026-11-20',
      '2026-11-20',
    ]);
    expect(merged(ready, [other, begun])).toMatchObject({ startedOn: '2026-11-20', dialled: true });
    expect(merged(ready, [])).toEqual(ready);
  });

  it('that follow one another cover each day once', () => {
    fc.assert(
      fc.property(kinds, days, fc.integer({ min: 0, max: 400 }), (kind, start, later) => {
        const today = start.add({ days: later });
        const here = windowOf(kind, start.toString(), today.toString());
        expect(here.from <= today.toString() && today.toString() < here.until).toBe(true);
        expect(windowOf(kind, start.toString(), here.until).from).toBe(here.until);
        const last = Temporal.PlainDate.from(here.until).subtract({ days: 1 }).toString();
        expect(windowOf(kind, start.toString(), last)).toEqual(here);
      }),
    );
  });

  it('FTC: each 30 days stand for themselves, and a bad period is not made good by the next', () => {
    const start = local('2026-11-01T09:00-05:00[America/New_York]');
    const ledger = ledgerOf(ftc.zone.value, start, [
      ...repeated('connected', 95, start),
      ...repeated('abandoned', 5, start + 29 * DAY),
      ...repeated('connected', 100, start + 30 * DAY),
    ]);
    expect(abandonmentAt(ftc, viewOf(ledger), start + 29 * DAY).limits[0]).toMatchObject({ rate: 0.05, budget: 0 });
    const next = abandonmentAt(ftc, viewOf(ledger), start + 30 * DAY).limits[0];
    expect(next).toMatchObject({ rate: 0, of: 100, budget: 3, from: '2026-12-01', to: '2026-12-30' });
    expect(next?.endsAt).toBe(local('2026-12-31T00:00-05:00[America/New_York]'));
  });

  it('CRTC: 5 % in each calendar month, by the days of Toronto', () => {
    const crtc = rulesOf('ca-crtc');
    const lateOnMonday = local('2026-11-30T21:00-05:00[America/Toronto]'); // it is December in UTC
    const ledger = ledgerOf(crtc.zone.value, lateOnMonday - 10 * DAY, [
      ...repeated('connected', 95, lateOnMonday),
      ...repeated('abandoned', 5, lateOnMonday),
    ]);
    expect(abandonmentAt(crtc, viewOf(ledger), lateOnMonday).limits[0]).toMatchObject({ rate: 0.05, budget: 0 });
    expect(abandonmentAt(crtc, viewOf(ledger), lateOnMonday + 4 * 3_600_000).limits[0]).toMatchObject({
      rate: 0,
      of: 0,
    });
  });

  it('several limits: the tightest is the one that holds, and pooled ones count all campaigns', () => {
    const eu = rulesOf('eu-default');
    const now = at('2026-11-23T12:00Z');
    const own = ledgerOf(eu.zone.value, now - DAY, repeated('connected', 1_000, now));
    const other = ledgerOf(eu.zone.value, now - 9 * DAY, [
      ...repeated('connected', 60, now - 5 * DAY),
      ...repeated('abandoned', 40, now - 5 * DAY),
    ]);
    expect(abandonmentAt(eu, viewOf(own), now).budget).toBe(30);
    const { limits, tightest, budget } = abandonmentAt(eu, viewOf(own, [other]), now);
    expect(limits.map((limit) => limit.abandoned)).toEqual([0, 40]);
    expect(tightest).toBe(limits[1]);
    expect(budget).toBe(0);
    expect(tightest?.definition).toContain(
      'of all campaigns of this profile, in the last 30 days (2026-10-25 to 2026-11-23',
    );
  });
});

const NAMES = ['us-ftc', 'us-fcc', 'uk-ofcom', 'ca-crtc', 'eu-default'] as const;
const YEAR = at('2026-01-01T00:00Z');
/** A year with both changes of the clocks in it. */
const anyTime = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => YEAR + minutes * 60_000);
const fact: fc.Arbitrary<LedgerFact> = fc.oneof(
  fc.record({
    type: fc.constantFrom('connected' as const, 'abandoned' as const, 'met-machine' as const),
    at: anyTime,
    screened: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom('left-in-time' as const, 'taken-for-machine' as const), at: anyTime }),
);

describe('the ledger', () => {
  it('does not mind in which order facts arrive, nor a walk through JSON', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), fc.array(fc.nat(), { minLength: 40 }), (facts, order) => {
        const shuffled = facts
          .map((each, i) => ({ each, rank: order[i] ?? 0 }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ each }) => each);
        const ledger = ledgerOf('Europe/London', YEAR, facts);
        expect(ledgerOf('Europe/London', YEAR, shuffled)).toEqual(ledger);
        expect(JSON.parse(JSON.stringify(ledger))).toEqual(ledger);
      }),
    );
  });

  it('months add up to the whole: no fact is lost or counted twice where clocks or months change', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 60 }),
        fc.constantFrom('Europe/London', 'America/Toronto', 'Asia/Kathmandu', 'Pacific/Apia'),
        (facts, zone) => {
          const ledger = ledgerOf(zone, YEAR, facts);
          const months = Array.from({ length: 14 }, (_, i) => Temporal.PlainDate.from('2025-12-01').add({ months: i }));
          const parts = months.map((month) => total([ledger], month.toString(), month.add({ months: 1 }).toString()));
          const whole = total([ledger], '2025-12-01', '2027-02-01');
          for (const key of ['connected', 'abandoned', 'takenForMachine', 'leftInTime'] as const) {
            expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(whole[key]);
          }
          expect(whole.connected + whole.abandoned).toBe(
            facts.filter(({ type }) => type === 'connected' || type === 'abandoned').length,
          );
        },
      ),
    );
  });

  it('has a budget that may be spent to the last call and not beyond', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.nat({ max: 3_000 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 500 }),
        (name, connected, abandoned, takenForMachine) => {
          const rules = rulesOf(name);
          const now = at('2026-11-23T12:00Z');
          const day = counts({ connected, abandoned, takenForMachine });
          const startedOn = '2026-11-23';
          const own: Ledger = { zone: rules.zone.value, startedOn, dialled: true, days: { [startedOn]: day } };
          const { budget, tightest } = abandonmentAt(rules, viewOf(own, [], { heard: 0, persons: 0 }), now);
          const cap = tightest?.limit.cap ?? 0;
          const rateWith = (more: number) => rateOf(rules, counts({ ...day, abandoned: abandoned + more }), 0.03);
          if (budget > 0) expect(rateWith(budget).rate).toBeLessThanOrEqual(cap + 1e-9);
          expect(rateWith(budget + 1).rate).toBeGreaterThan(cap - 1e-9);
        },
      ),
    );
  });

  it('has a budget that can be written down also when a profile caps nothing', () => {
    const limit = { cap: 1, window: 'campaign', scope: 'campaign' } as const;
    const rules = { ...ofcom, limits: { value: [limit], cite: 'a test' } };
    const [all] = abandonmentAt(rules, viewOf(emptyLedger('UTC', YEAR)), YEAR).limits;
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    expect(all?.budget).toBeGreaterThan(1e9);
  });

  it('says with each number what is counted', () => {
    const now = at('2026-11-23T12:00Z');
    const { limits } = abandonmentAt(ofcom, viewOf(emptyLedger(ofcom.zone.value, now)), now);
    expect(limits.map(({ definition }) => definition)).toEqual([
      'Abandoned (calls that a person answered and no agent took within 2 s of the pick-up, or who hung up before, ' +
        'with an estimate of persons whom AMD took for machines, less an estimate of machines where no AMD listened) ÷ ' +
        'the same and calls put to an agent, of this campaign, on the day (2026-11-23 to 2026-11-23, Europe/London); at most 3 %.',
    ]);
    const limit = { cap: 0.07, window: 'campaign', scope: 'all' } as const;
    const [seven] = abandonmentAt(
      { ...ofcom, limits: { value: [limit], cite: 'a test' } },
      viewOf(emptyLedger('UTC', now)),
      now,
    ).limits;
    expect(seven?.definition).toMatch(/since the campaign first dialled \(.*\); at most 7 %\.$/);
  });
});

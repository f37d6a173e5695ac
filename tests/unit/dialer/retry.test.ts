import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_PARTS, leastTried, partOf } from '../../../src/dialer/day-parts.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../../src/dialer/outcome.ts';
import {
  afterAttempt,
  type LeadHistory,
  retryRule,
  type RetryRule,
  type RetryStep,
  type RetryWhen,
  USUAL_RETRY,
} from '../../../src/dialer/retry.ts';

const ZONE = 'Europe/Helsinki';
const HOUR = 3_600_000;
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[${ZONE}]`).epochMilliseconds;
const local = (ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE).toPlainDateTime().toString().slice(0, 16);

/** 9:00 to 21:00 at the lead's place, every day. */
const nextAllowed = (from: number): number => {
  const there = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(ZONE);
  if (there.hour >= 9 && there.hour < 21) return from;
  const day = there.hour < 9 ? there.toPlainDate() : there.toPlainDate().add({ days: 1 });
  return day.toZonedDateTime({ timeZone: ZONE, plainTime: { hour: 9 } }).epochMilliseconds;
};
const whenIt = (now: number): RetryWhen => ({ now, zone: ZONE, nextAllowed });
const mobileAndHome = [{ kind: 'mobile' }, { kind: 'home' }];
const tried = (...tries: readonly (readonly [number, number, AttemptOutcome])[]): LeadHistory => ({
  numbers: mobileAndHome,
  tries: tries.map(([number, began, outcome]) => ({ number, at: began, outcome })),
});

describe('the rule of a campaign with one delay', () => {
  const RETRIED: Record<AttemptOutcome, boolean> = {
    connected: false,
    abandoned: false,
    machine: true,
    'message-left': false,
    fax: false,
    silent: true,
    busy: true,
    'no-answer': true,
    rejected: false,
    'invalid-number': false,
    unreachable: true,
    congestion: true,
    cancelled: true,
    failed: false,
  };
  const always = { now: 5_000, zone: null, nextAllowed: (ms: number) => ms };
  const after = (attempts: number, outcome: AttemptOutcome, maxAttempts = 3) =>
    afterAttempt(
      retryRule({ maxAttempts, retryAfterMs: 60_000 }),
      { numbers: [{ kind: null }], tries: Array.from({ length: attempts }, () => ({ number: 0, at: 0, outcome })) },
      always,
    );

  it.each(Object.entries(RETRIED))('after %s, dial again: %s', (outcome, again) => {
    const next = after(1, outcome as AttemptOutcome);
    expect(next).toMatchObject(again ? { status: 'pending', notBefore: 65_000, numberIndex: 0 } : { status: 'done' });
  });

  it('ends with the last attempt', () => {
    expect(after(2, 'busy')).toMatchObject({ status: 'pending' });
    expect(after(3, 'busy')).toMatchObject({ status: 'done', why: 'It was dialled 3 of 3 times.' });
    expect(after(1, 'busy', 1)).toMatchObject({ status: 'done' });
  });

  it('of several numbers, the next follows one that is wrong at once, and one that rang out later', () => {
    const rule = retryRule({ maxAttempts: 3, retryAfterMs: 60_000 });
    const next = (outcome: AttemptOutcome) => afterAttempt(rule, tried([0, 0, outcome]), always);
    expect(next('invalid-number')).toMatchObject({ notBefore: 5_000, numberIndex: 1 });
    expect(next('no-answer')).toMatchObject({ notBefore: 65_000, numberIndex: 1 });
    for (const ours of ['busy', 'congestion', 'cancelled'] as const) {
      expect(next(ours)).toMatchObject({ notBefore: 65_000, numberIndex: 0 });
    }
    expect(afterAttempt(rule, tried([0, 0, 'invalid-number'], [1, 0, 'fax']), always)).toMatchObject({
      status: 'done',
    });
  });
});

describe("a campaign's own rule", () => {
  const plain = { maxAttempts: 5, retryAfterMs: 1_000 };

  it('that says nothing is the usual one, within the dials of the campaign', () => {
    expect(retryRule({ ...plain, retry: {} })).toEqual({ ...USUAL_RETRY, maxAttempts: 5 });
  });

  it('changes the steps that it names, and null takes one away', () => {
    const busy = { delayMs: 7_000, max: 2, next: 'next', spread: false } as const;
    const rule = retryRule({ ...plain, retry: { maxPerNumber: 2, steps: { busy, silent: null } } });
    expect(rule).toMatchObject({ maxPerNumber: 2, steps: { busy, machine: USUAL_RETRY.steps.machine } });
    expect(rule.steps).not.toHaveProperty('silent');
  });
});

describe('the usual rule', () => {
  const began = at('2026-11-23T10:00');
  const after = (history: LeadHistory, now: number) => afterAttempt(USUAL_RETRY, history, whenIt(now));

  it('asks a busy number again soon', () => {
    expect(after(tried([0, began, 'busy']), began)).toEqual({
      status: 'pending',
      notBefore: began + 15 * 60_000,
      numberIndex: 0,
      why: 'After “busy”, 15 min later at the earliest.',
    });
  });

  it('goes to the next number when the first is none, at once', () => {
    expect(after(tried([0, began, 'invalid-number']), began)).toMatchObject({ notBefore: began, numberIndex: 1 });
    const both = tried([0, began, 'invalid-number'], [1, began, 'fax']);
    expect(after(both, began)).toEqual({
      status: 'done',
      why: 'Each of its numbers was dialled as often as the rule for “fax” allows.',
    });
  });

  it('asks at another time of the day who was not at home', () => {
    const next = after(tried([0, began, 'no-answer']), began);
    expect(next).toMatchObject({ status: 'pending', numberIndex: 1, notBefore: at('2026-11-23T14:00') });
    const [second, third] = [at('2026-11-23T14:00'), at('2026-11-23T18:00')];
    const evening = after(tried([0, began, 'no-answer'], [1, second, 'no-answer']), second);
    expect(evening).toMatchObject({ numberIndex: 0, notBefore: third });
    const late = after(tried([0, began, 'no-answer'], [1, second, 'no-answer'], [0, third, 'no-answer']), third);
    // Each part once: the earliest that the hours allow.
    expect(late).toMatchObject({ numberIndex: 1, notBefore: at('2026-11-24T09:00') });
  });

  it('waits for a part of the day that was not tried, and says so', () => {
    const [morning, second] = [at('2026-11-23T09:00'), at('2026-11-23T13:00')];
    const next = after(
      tried([0, morning, 'machine'], [1, second, 'busy'], [1, second + HOUR, 'machine']),
      second + HOUR,
    );
    if (next.status !== 'pending') throw new Error(next.why);
    expect(local(next.notBefore)).toBe('2026-11-23T18:00');
    const earlier = after(tried([0, morning, 'machine'], [1, morning + HOUR, 'no-answer']), at('2026-11-23T06:30'));
    expect(earlier).toMatchObject({
      notBefore: at('2026-11-23T12:00'),
      why: 'After “no-answer”, 4 h later at the earliest; in the afternoon, when it was dialled least.',
    });
  });

  it('waits for the opening of a better part, and not for one that stays closed all through', () => {
    const [noon, evening] = [at('2026-11-23T12:30'), at('2026-11-23T17:00')];
    const history = tried([0, noon, 'no-answer'], [1, evening, 'no-answer']);
    expect(after(history, at('2026-11-23T16:30'))).toMatchObject({ notBefore: at('2026-11-24T09:00') });
    const fromNoon = (from: number): number => {
      const there = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(ZONE);
      return there.hour >= 12 ? from : there.with({ hour: 12, minute: 0, second: 0 }).epochMilliseconds;
    };
    const when = { ...whenIt(at('2026-11-23T16:30')), nextAllowed: fromNoon };
    expect(afterAttempt(USUAL_RETRY, history, when)).toMatchObject({ notBefore: at('2026-11-23T20:30') });
  });

  it('leaves alone who was reached or declined', () => {
    for (const outcome of ['connected', 'abandoned', 'rejected', 'message-left'] as const) {
      expect(after(tried([0, began, outcome]), began)).toEqual({
        status: 'done',
        why: `“${outcome}” is not dialled again.`,
      });
    }
  });

  it('begins with the first number that may be dialled, in the hours', () => {
    const numbers = [{ kind: 'mobile', out: true }, { kind: 'home' }];
    expect(after({ numbers, tries: [] }, at('2026-11-23T22:00'))).toMatchObject({
      notBefore: at('2026-11-24T09:00'),
      numberIndex: 1,
    });
    expect(after({ numbers: [], tries: [] }, began)).toMatchObject({ status: 'done' });
    const never = { ...whenIt(began), nextAllowed: () => null };
    expect(afterAttempt(USUAL_RETRY, tried([0, began, 'busy']), never)).toMatchObject({ status: 'done' });
  });
});

it('takes the next number of a kind, and any other when that kind has none left', () => {
  const numbers = [{ kind: 'work' }, { kind: 'home' }, { kind: 'mobile' }];
  const rule: RetryRule = {
    ...USUAL_RETRY,
    steps: { 'no-answer': { delayMs: 0, max: 1, next: { kind: 'mobile' }, spread: false } },
  };
  const when = whenIt(at('2026-11-23T10:00'));
  const one = { number: 0, at: 0, outcome: 'no-answer' } as const;
  expect(afterAttempt(rule, { numbers, tries: [one] }, when)).toMatchObject({ numberIndex: 2 });
  expect(afterAttempt(rule, { numbers, tries: [one, { ...one, number: 2 }] }, when)).toMatchObject({ numberIndex: 1 });
});

describe('a number that is given up', () => {
  const began = at('2026-11-23T10:00');
  const same: RetryStep = { delayMs: 0, max: 9, next: 'same', spread: false };
  const rule: RetryRule = { ...USUAL_RETRY, maxAttempts: 9, steps: { busy: same, congestion: same } };
  const after = (history: LeadHistory, given = rule) => afterAttempt(given, history, whenIt(began));

  it('had its dials, whatever each of them came to', () => {
    const three = [[0, began, 'busy'] as const, [0, began, 'congestion'] as const, [0, began, 'busy'] as const];
    const most = { ...rule, maxPerNumber: 3 };
    expect(after(tried(...three.slice(1)), most)).toMatchObject({ numberIndex: 0 });
    expect(after(tried(...three), most)).toMatchObject({ numberIndex: 1 });
    expect(after({ ...tried(...three), numbers: [{ kind: 'mobile' }] }, most)).toMatchObject({ status: 'done' });
  });

  it('is not to be dialled any more, be it the one that was dialled or the next', () => {
    const one = tried([0, began, 'busy']);
    const [wrong, good] = [{ kind: 'mobile', out: true }, { kind: 'home' }];
    expect(after({ ...one, numbers: [wrong, good] })).toMatchObject({ numberIndex: 1 });
    expect(after({ ...one, numbers: [wrong, wrong] })).toMatchObject({ status: 'done' });
    const next = { ...rule, steps: { busy: { ...same, next: 'next' } } } as const;
    expect(after({ ...one, numbers: [good, wrong, good] }, next)).toMatchObject({ numberIndex: 2 });
  });

  it('came to something once that nobody dials again for', () => {
    const next = { ...rule, steps: { busy: { ...same, next: 'next' } } } as const;
    expect(after(tried([0, began, 'rejected'], [1, began, 'busy']), next)).toMatchObject({ numberIndex: 1 });
  });
});

it('waits for a better part of the day no longer than it may, though that part opens late', () => {
  const began = at('2026-11-23T10:00');
  const opens = at('2026-11-23T14:00');
  const nextAfternoon = (from: number) => (from > began && from < opens ? opens : from);
  const steps = { busy: { delayMs: 0, max: 3, next: 'same', spread: true } } as const;
  const next = (spreadWithinMs: number) =>
    afterAttempt({ ...USUAL_RETRY, steps, spreadWithinMs }, tried([0, began, 'busy']), {
      ...whenIt(began),
      nextAllowed: nextAfternoon,
    });
  expect(next(4 * HOUR)).toMatchObject({ notBefore: opens });
  expect(next(4 * HOUR - 1)).toMatchObject({ notBefore: began });
});

it('waits over the night for a better part of the day', () => {
  const began = at('2026-11-23T18:00');
  const steps = { busy: { delayMs: 0, max: 3, next: 'same', spread: true } } as const;
  const next = afterAttempt(
    { ...USUAL_RETRY, steps, spreadWithinMs: 15 * HOUR },
    tried([0, began, 'busy']),
    whenIt(began),
  );
  expect(next).toMatchObject({ notBefore: at('2026-11-24T09:00') });
});

it('counts the parts of the day by the clock of the lead, also on the day it is put forward', () => {
  expect(partOf(at('2026-03-29T06:00'), ZONE)).toBe('morning');
  expect(partOf(at('2026-03-29T05:59'), ZONE)).toBe('evening');
  expect(partOf(at('2026-03-29T12:00'), 'America/New_York')).toBe('evening');
  expect([...leastTried(['morning', 'morning', 'evening'])]).toEqual(['afternoon']);
  expect(leastTried([]).size).toBe(DAY_PARTS.length);
});

describe('for every rule, and whatever happens to a lead', () => {
  const step: fc.Arbitrary<RetryStep> = fc.record({
    delayMs: fc.integer({ min: 0, max: 3 * 24 * HOUR }),
    max: fc.integer({ min: 1, max: 4 }),
    next: fc.oneof(fc.constantFrom('same' as const, 'next' as const), fc.constant({ kind: 'home' })),
    spread: fc.boolean(),
  });
  const rules: fc.Arbitrary<RetryRule> = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 12 }),
    maxPerNumber: fc.integer({ min: 1, max: 5 }),
    spreadWithinMs: fc.integer({ min: 0, max: 72 * HOUR }),
    steps: fc
      .array(fc.tuple(fc.constantFrom(...ATTEMPT_OUTCOMES), step), { maxLength: 10 })
      .map((rows) => Object.fromEntries(rows)),
  });
  const outcomes = fc.infiniteStream(fc.constantFrom(...ATTEMPT_OUTCOMES));
  const start = fc.integer({ min: at('2026-03-20T00:00'), max: at('2026-11-20T00:00') });

  it('never dials more often, earlier, or in closed hours than it may', () => {
    fc.assert(
      fc.property(rules, outcomes, start, fc.integer({ min: 1, max: 10 }), (rule, ends, begin, count) => {
        const numbers = Array.from({ length: count }, (_, i) => ({ kind: i % 2 === 0 ? 'mobile' : 'home' }));
        const tries: LeadHistory['tries'][number][] = [];
        let now = begin;
        for (;;) {
          const next = afterAttempt(rule, { numbers, tries }, whenIt(now));
          if (next.status === 'done') break;
          const last = tries.at(-1);
          const delayMs = last ? (rule.steps[last.outcome]?.delayMs ?? Number.NaN) : 0;
          expect(next.notBefore).toBeGreaterThanOrEqual(now + delayMs);
          expect(nextAllowed(next.notBefore)).toBe(next.notBefore);
          expect(next.notBefore).toBeLessThanOrEqual(nextAllowed(now + delayMs) + rule.spreadWithinMs);
          now = next.notBefore;
          tries.push({ number: next.numberIndex, at: now, outcome: ends.next().value });
        }
        expect(tries.length).toBeLessThanOrEqual(rule.maxAttempts);
        for (const index of numbers.keys()) {
          const own = tries.filter(({ number }) => number === index);
          expect(own.length).toBeLessThanOrEqual(rule.maxPerNumber);
          for (const outcome of ATTEMPT_OUTCOMES) {
            const most = rule.steps[outcome]?.max ?? 1;
            expect(own.filter((one) => one.outcome === outcome).length).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });

  it('is monotone: a later end or a longer delay never brings an earlier dial', () => {
    fc.assert(
      fc.property(rules, start, fc.nat(48 * HOUR), fc.constantFrom(...ATTEMPT_OUTCOMES), (rule, now, more, outcome) => {
        const history = { numbers: mobileAndHome, tries: [{ number: 0, at: now, outcome }] };
        const plain = { ...rule, spreadWithinMs: 0 };
        const first = afterAttempt(plain, history, whenIt(now));
        const later = afterAttempt(plain, history, whenIt(now + more));
        expect(later.status).toBe(first.status);
        if (first.status === 'done' || later.status === 'done') return;
        expect(later.notBefore).toBeGreaterThanOrEqual(first.notBefore);
      }),
    );
  });
});

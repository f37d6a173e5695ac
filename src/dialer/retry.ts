import type { EpochMs } from '../call/ids.ts';
import { DAY_PARTS, type DayPart, leastTried, partOf } from './day-parts.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from './outcome.ts';

/** What to do with a lead whose attempt ended in a certain way. */
export interface RetryStep {
  /** Least time before the lead is dialled again, whichever number. */
  readonly delayMs: number;
  /** Dials of one number that may end like this; with the last of them the number is given up. At least 1. */
  readonly max: number;
  /** Which number comes next: the same, the next of the list in turn, or the next of a kind (`mobile`). */
  readonly next: 'same' | 'next' | { readonly kind: string };
  /** Prefer the parts of the day in which the lead was dialled least. */
  readonly spread: boolean;
}

/** A campaign's rule. An outcome without a step ends the lead. */
export interface RetryRule {
  /** Dials of one lead at most, over all its numbers, the first one included. */
  readonly maxAttempts: number;
  /** Dials of one number at most. */
  readonly maxPerNumber: number;
  readonly steps: Readonly<Partial<Record<AttemptOutcome, RetryStep>>>;
  /** A better part of the day is waited for this long at most, counted from the end of the delay. */
  readonly spreadWithinMs: number;
}

/** One dial of a lead: `number` is the place in its list of numbers, `at` when the dial began. */
interface Try {
  readonly number: number;
  readonly at: EpochMs;
  readonly outcome: AttemptOutcome;
}

export interface LeadHistory {
  /** In the order of the list. `out`: not to be dialled any more (found wrong by an agent, on a do-not-call list). */
  readonly numbers: readonly { readonly kind: string | null; readonly out?: boolean }[];
  /** Every dial, the one that has just ended last. */
  readonly tries: readonly Try[];
}

export interface RetryWhen {
  readonly now: EpochMs;
  /** IANA zone of the lead, for the parts of its day; null: unknown, and dials are not spread. */
  readonly zone: string | null;
  /** The first moment from this one on at which the lead may be dialled; null: there will be none. */
  readonly nextAllowed: (at: EpochMs) => EpochMs | null;
}

export type Next =
  | { readonly status: 'done'; readonly why: string }
  | { readonly status: 'pending'; readonly notBefore: EpochMs; readonly numberIndex: number; readonly why: string };

const DAY_MS = 86_400_000;

/**
 * What becomes of a lead after an attempt: done, or dialled again not before a time and by which of its numbers. Never more
 * dials than the rule allows, never before the delay of the outcome, never at an hour that `nextAllowed` has closed.
 */
export function afterAttempt(rule: RetryRule, history: LeadHistory, when: RetryWhen): Next {
  const { tries } = history;
  const last = tries.at(-1);
  if (!last) return firstDial(history, when);
  const step = rule.steps[last.outcome];
  if (!step) return done(`“${last.outcome}” is not dialled again.`);
  if (tries.length >= rule.maxAttempts) return done(`It was dialled ${tries.length} of ${rule.maxAttempts} times.`);
  const number = numberAfter(rule, step, history, last);
  if (number === null)
    return done(`Each of its numbers was dialled as often as the rule for “${last.outcome}” allows.`);
  const earliest = when.nextAllowed(when.now + step.delayMs);
  if (earliest === null) return done('There is no hour at which it may be dialled.');
  const better = step.spread ? betterTime(rule, history, when, earliest) : null;
  const told = `After “${last.outcome}”, ${said(step.delayMs)} later at the earliest`;
  if (better) return again(better.at, number, `${told}; in the ${better.part}, when it was dialled least.`);
  return again(earliest, number, `${told}.`);
}

function firstDial({ numbers }: LeadHistory, { now, nextAllowed }: RetryWhen): Next {
  const number = numbers.findIndex(({ out }) => out !== true);
  const at = nextAllowed(now);
  if (number < 0) return done('It has no number that may be dialled.');
  return at === null
    ? done('There is no hour at which it may be dialled.')
    : again(at, number, 'It was not dialled yet.');
}

const done = (why: string): Next => ({ status: 'done', why });

const again = (notBefore: EpochMs, numberIndex: number, why: string): Next => ({
  status: 'pending',
  notBefore,
  numberIndex,
  why,
});

/** The number that comes next, or null when none of them may be dialled any more. */
function numberAfter(rule: RetryRule, step: RetryStep, history: LeadHistory, last: Try): number | null {
  const count = history.numbers.length;
  const inTurn = Array.from({ length: count }, (_, i) => (last.number + 1 + i) % count);
  const open = inTurn.filter((index) => isOpen(rule, history, index));
  const { next } = step;
  if (next === 'same') return open.includes(last.number) ? last.number : (open[0] ?? null);
  if (next === 'next') return open[0] ?? null;
  return open.find((index) => history.numbers[index]?.kind === next.kind) ?? open[0] ?? null;
}

/** A number is given up when it had its dials, or so many of one outcome as that outcome's step allows. */
function isOpen({ maxPerNumber, steps }: RetryRule, { numbers, tries }: LeadHistory, index: number): boolean {
  const own = tries.filter(({ number }) => number === index);
  if (numbers[index]?.out === true || own.length >= maxPerNumber) return false;
  return own.every(
    ({ outcome }) => own.filter((other) => other.outcome === outcome).length < (steps[outcome]?.max ?? 1),
  );
}

/** The first allowed moment in a part of the day in which the lead was dialled least; null: the earliest will do. */
function betterTime(
  { spreadWithinMs }: RetryRule,
  { tries }: LeadHistory,
  { zone, nextAllowed }: RetryWhen,
  earliest: EpochMs,
): { readonly at: EpochMs; readonly part: DayPart } | null {
  if (zone === null) return null;
  const wanted = leastTried(tries.map(({ at }) => partOf(at, zone)));
  if (wanted.has(partOf(earliest, zone))) return null;
  for (const start of startsAfter(earliest, zone, spreadWithinMs)) {
    const at = nextAllowed(start);
    if (at === null || at - earliest > spreadWithinMs) continue;
    const part = partOf(at, zone);
    if (wanted.has(part)) return { at, part };
  }
  return null;
}

/** When the parts of the coming days begin, in order. */
function startsAfter(at: EpochMs, zone: string, withinMs: number): readonly EpochMs[] {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const days = Array.from({ length: Math.ceil(withinMs / DAY_MS) + 1 }, (_, i) => today.add({ days: i }));
  return days
    .flatMap((day) =>
      DAY_PARTS.map(({ from }) => {
        const begin = day.toZonedDateTime({ timeZone: zone, plainTime: { hour: from } });
        return begin.epochMilliseconds;
      }),
    )
    .filter((start) => start > at && start - at <= withinMs);
}

const said = (ms: number): string => {
  if (ms % 3_600_000 === 0 && ms > 0) return `${ms / 3_600_000} h`;
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const step = (delayMs: number, max: number, next: RetryStep['next'], spread = false): RetryStep => ({
  delayMs,
  max,
  next,
  spread,
});

/**
 * What a campaign does that says nothing of its own. A busy line is soon free, nobody at home is asked at another time of the
 * day, a number that is none gives way to the next at once. Who was reached, declined, or was abandoned is left alone:
 * the compliance profile and the agent's disposition say more of them.
 */
export const USUAL_RETRY: RetryRule = {
  maxAttempts: 6,
  maxPerNumber: 4,
  spreadWithinMs: 2 * DAY_MS,
  steps: {
    busy: step(15 * MINUTE_MS, 3, 'same'),
    'no-answer': step(4 * HOUR_MS, 3, 'next', true),
    machine: step(4 * HOUR_MS, 3, 'next', true),
    silent: step(24 * HOUR_MS, 2, 'next', true),
    unreachable: step(2 * HOUR_MS, 3, 'next', true),
    congestion: step(5 * MINUTE_MS, 4, 'same'),
    'invalid-number': step(0, 1, 'next'),
    fax: step(0, 1, 'next'),
    cancelled: step(30 * MINUTE_MS, 3, 'same'),
    failed: step(15 * MINUTE_MS, 2, 'same'),
  },
};

/** What a campaign says of its own; what it leaves out is as usual, and a step that is null ends the lead. */
export interface RetryWish {
  readonly maxPerNumber?: number;
  readonly spreadWithinMs?: number;
  readonly steps?: Readonly<Partial<Record<AttemptOutcome, RetryStep | null>>>;
}

interface RetrySettings {
  readonly maxAttempts: number;
  /** For campaigns that say nothing else. */
  readonly retryAfterMs: number;
  readonly retry?: RetryWish;
}

/** The rule of a campaign: one delay for all outcomes, or a step for each of them. */
export function retryRule({ retry, ...plain }: RetrySettings): RetryRule {
  if (retry === undefined) return plainRetry(plain);
  const { maxPerNumber = USUAL_RETRY.maxPerNumber, spreadWithinMs = USUAL_RETRY.spreadWithinMs } = retry;
  const steps = Object.entries({ ...USUAL_RETRY.steps, ...retry.steps }).filter(([, said]) => said !== null);
  return { maxAttempts: plain.maxAttempts, maxPerNumber, spreadWithinMs, steps: Object.fromEntries(steps) };
}

/** Outcomes of which it is the number that will not do: the lead's next one is dialled, and none when there is no other. */
const NUMBER_WRONG: readonly AttemptOutcome[] = ['invalid-number', 'fax'];

/** Outcomes that say "try again later", and the dials that we took back; the others are an answer or a refusal. */
const WORTH_A_RETRY: readonly AttemptOutcome[] = [
  'busy',
  'no-answer',
  'machine',
  'silent',
  'congestion',
  'unreachable',
  'cancelled',
];

/** Who has several numbers is tried on the next of them, unless the network or the line was at fault. */
const SAME_NUMBER: readonly AttemptOutcome[] = ['busy', 'congestion', 'cancelled'];

/** The rule of a campaign that has one delay and one limit. */
function plainRetry({ maxAttempts, retryAfterMs }: Omit<RetrySettings, 'retry'>): RetryRule {
  const steps = ATTEMPT_OUTCOMES.flatMap((outcome): readonly (readonly [AttemptOutcome, RetryStep])[] => {
    if (NUMBER_WRONG.includes(outcome)) return [[outcome, step(0, 1, 'next')]];
    const next = SAME_NUMBER.includes(outcome) ? 'same' : 'next';
    return WORTH_A_RETRY.includes(outcome) ? [[outcome, step(retryAfterMs, maxAttempts, next)]] : [];
  });
  return { maxAttempts, maxPerNumber: maxAttempts, spreadWithinMs: 0, steps: Object.fromEntries(steps) };
}

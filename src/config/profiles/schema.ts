import { z } from 'zod';
import { AFTER_OPT_OUT, type ComplianceProfile, CONSENT_LEVELS, MESSAGE_PARTS } from '../../engine/site.ts';
import { week, weekOf } from '../../ivr/calendar.ts';
import { date, duration, fault, shape, title, zone } from '../../ivr/words.ts';
import { share } from '../site/words.ts';

const cite = z.string().trim().min(8).max(400);

/** Where and when the very words of the rule were read. A value without it was taken from what others say of the rule. */
const read = cite.exactOptional();

/** A value and the rule it is taken from; no value goes without. */
const cited = <T extends z.ZodType>(value: T) => shape({ value, cite, read });

const rest = duration('0s', '365d');
const level = z.enum(CONSENT_LEVELS);

const limit = shape({
  cap: share,
  window: z.enum(['day', 'calendar-month', 'rolling-30-days', 'campaign-30-days', 'campaign']),
  scope: z.enum(['campaign', 'all']).default('campaign'),
});

/** Sections of a profile → their values. */
const SECTIONS = {
  abandonment: {
    connectWithin: cited(duration('500ms', '30s')),
    countsFrom: cited(z.enum(['pick-up', 'greeting-start', 'greeting-end'])),
    denominator: cited(z.enum(['answered-by-person', 'abandoned-plus-connected'])),
    leftInTime: cited(z.enum(['abandoned', 'answered'])),
    falsePositives: cited(z.enum(['both-sides', 'none'])),
    assumedFalsePositives: cited(share),
    machines: cited(z.enum(['deduct-unscreened', 'keep'])),
    limits: cited(z.array(limit).min(1).max(10)),
    zone: cited(zone),
  },
  ring: { minimum: cited(duration('0s', '2m')) },
  message: {
    startsWithin: cited(duration('500ms', '30s')),
    says: cited(z.array(z.enum(MESSAGE_PARTS)).max(MESSAGE_PARTS.length)),
    optOutKey: cited(z.boolean()),
    afterOptOut: cited(z.enum(AFTER_OPT_OUT)),
    marketing: cited(z.enum(['allowed', 'forbidden'])),
  },
  lockOut: { afterAbandoned: cited(rest), afterMachine: cited(rest), unlessAgentGuaranteed: cited(z.boolean()) },
  hours: {
    week: cited(week),
    holidays: cited(z.enum(['closed', 'as-sunday', 'as-any-day'])),
    holidayDates: cited(z.array(date).max(1_000)),
  },
  attempts: {
    caps: cited(z.array(shape({ most: z.int().min(1).max(1_000), within: duration('1m', '365d') })).max(10)),
  },
  consent: { toAgent: cited(level), mobileToAgent: cited(level), agentless: cited(level) },
  dnc: {
    register: cited(z.boolean()),
    registerMaxAge: cited(rest),
    consentLifts: cited(z.enum([...CONSENT_LEVELS, 'never'])),
  },
  callerId: { presented: cited(z.boolean()), answered: cited(z.boolean()), noPremium: cited(z.boolean()) },
  records: { keep: cited(duration('0s', '36500d')) },
} as const;

const CONFIRMED = {
  value: 'confirm',
  cite: 'House: where a profile says nothing of it, he hears that it was taken',
} as const;

const head = {
  version: z.int().min(1).max(1_000_000),
  title,
  /** When somebody last went through its values. */
  checked: date,
};

/** A profile that says everything itself. */
export const wholeProfile = shape({
  ...head,
  abandonment: shape(SECTIONS.abandonment),
  ring: shape(SECTIONS.ring),
  // Profiles of before there was a choice go on as they did.
  message: shape({ ...SECTIONS.message, afterOptOut: SECTIONS.message.afterOptOut.default(CONFIRMED) }),
  lockOut: shape(SECTIONS.lockOut),
  hours: shape(SECTIONS.hours),
  attempts: shape(SECTIONS.attempts),
  consent: shape(SECTIONS.consent),
  dnc: shape(SECTIONS.dnc),
  callerId: shape(SECTIONS.callerId),
  records: shape(SECTIONS.records),
});

export type WholeProfile = z.output<typeof wholeProfile>;

const soft = <S extends Record<string, z.ZodType>>(values: S) =>
  shape(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.exactOptional()])) as {
      [K in keyof S]: z.ZodExactOptional<S[K]>;
    },
  ).exactOptional();

/** A profile that differs from one of `bases` in what it says, value by value. */
export const changedProfile = (bases: readonly string[]) =>
  shape({
    ...head,
    extends: z.enum(bases, {
      error: fault('A profile extends one that comes with Callwright.', `Write one of ${bases.join(', ')}.`),
    }),
    abandonment: soft(SECTIONS.abandonment),
    ring: soft(SECTIONS.ring),
    message: soft(SECTIONS.message),
    lockOut: soft(SECTIONS.lockOut),
    hours: soft(SECTIONS.hours),
    attempts: soft(SECTIONS.attempts),
    consent: soft(SECTIONS.consent),
    dnc: soft(SECTIONS.dnc),
    callerId: soft(SECTIONS.callerId),
    records: soft(SECTIONS.records),
  });

export type ChangedProfile = z.output<ReturnType<typeof changedProfile>>;

/** The base with what the other says in its place. */
export const overlaid = (base: WholeProfile, changed: ChangedProfile): WholeProfile => ({
  version: changed.version,
  title: changed.title,
  checked: changed.checked,
  abandonment: { ...base.abandonment, ...changed.abandonment },
  ring: { ...base.ring, ...changed.ring },
  message: { ...base.message, ...changed.message },
  lockOut: { ...base.lockOut, ...changed.lockOut },
  hours: { ...base.hours, ...changed.hours },
  attempts: { ...base.attempts, ...changed.attempts },
  consent: { ...base.consent, ...changed.consent },
  dnc: { ...base.dnc, ...changed.dnc },
  callerId: { ...base.callerId, ...changed.callerId },
  records: { ...base.records, ...changed.records },
});

const DAY_MS = 86_400_000;

/** The profile as the dialer reads it, frozen. `id` goes into the record of each call. */
export function profileOf(name: string, id: string, file: WholeProfile): ComplianceProfile {
  const { version, title, checked: checkedOn, attempts, consent, dnc, callerId, hours, lockOut, message } = file;
  const { connectWithin: connectWithinMs, ...abandonment } = file.abandonment;
  const { startsWithin: startsWithinMs, ...said } = message;
  const { registerMaxAge: registerMaxAgeMs, ...lists } = dnc;
  const days = weekOf(hours.week.value);
  const caps = attempts.caps.value.map(({ most, within }) => ({ most, withinMs: within }));
  return deepFrozen({
    name,
    version,
    id,
    title,
    checkedOn,
    abandonment: { ...abandonment, connectWithinMs },
    ring: { minimumMs: file.ring.minimum },
    message: { ...said, startsWithinMs },
    lockOut: {
      afterAbandonedMs: lockOut.afterAbandoned,
      afterMachineMs: lockOut.afterMachine,
      unlessAgentGuaranteed: lockOut.unlessAgentGuaranteed,
    },
    hours: {
      ...hours,
      week: { ...hours.week, value: [1, 2, 3, 4, 5, 6, 7].map((day) => days.get(day) ?? []) },
    },
    attempts: { caps: { ...attempts.caps, value: caps } },
    consent,
    dnc: { ...lists, registerMaxAgeMs },
    callerId,
    records: {
      keepDays: { ...file.records.keep, value: Math.ceil(file.records.keep.value / DAY_MS) },
    },
  });
}

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFrozen(inner);
  return Object.freeze(value);
}

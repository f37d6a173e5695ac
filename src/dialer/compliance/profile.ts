/**
 * What a regulator, or the house, demands of dialling. Every value carries the rule that it is taken from, so that a number
 * on a screen or in an evidence pack can be traced to a text. Not legal advice.
 */
export interface Cited<T> {
  readonly value: T;
  /** The rule and its place, as `16 CFR 310.4(b)(4)(i)`, or `House: …` where no rule says so. */
  readonly cite: string;
  /** Where and when the words of the rule were read. Without it the value is the house's, or from what others say of the rule. */
  readonly read?: string;
}

/** Minutes after local midnight; `to` beyond 1440 reaches into the next day. `to` itself is outside. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** From when the seconds to an agent count. A greeting that was not heard counts from the pick-up, which is stricter. */
type CountsFrom = 'pick-up' | 'greeting-start' | 'greeting-end';

/** Days of a window are calendar days in the profile's zone. `campaign-30-days`: successive ones from the campaign's first dial. */
export type WindowKind = 'day' | 'calendar-month' | 'rolling-30-days' | 'campaign-30-days' | 'campaign';

export interface AbandonmentLimit {
  /** 0–1: abandoned ÷ what the profile divides by. */
  readonly cap: number;
  readonly window: WindowKind;
  /** Whether each campaign is held to it, or all together. */
  readonly scope: 'campaign' | 'all';
}

export interface AttemptCap {
  readonly most: number;
  readonly withinMs: number;
}

/** Consent to be called, in rising order. */
export const CONSENT_LEVELS = ['none', 'express', 'written'] as const;
export type ConsentLevel = (typeof CONSENT_LEVELS)[number];

/** What the message to an abandoned person must say. */
export const MESSAGE_PARTS = ['name', 'number', 'purpose'] as const;
export type MessagePart = (typeof MESSAGE_PARTS)[number];

/** What follows on the key that opts out: the line ends at once, or first he hears that it was taken (about 2 s). */
export const AFTER_OPT_OUT = ['confirm', 'hang-up'] as const;

export interface ComplianceProfile {
  readonly name: string;
  /** Rises with each change of the file, and goes into the record of each call. */
  readonly version: number;
  /** `name@version`; of the site's own `name@version#digest of what it says`, with `+base@version` when it extends one. */
  readonly id: string;
  readonly title: string;
  /** The date on which somebody last went through its values, as 2026-11-22. */
  readonly checkedOn: string;
  readonly abandonment: {
    readonly connectWithinMs: Cited<number>;
    readonly countsFrom: Cited<CountsFrom>;
    /** Whether the abandoned are divided by all calls a person answered, or by themselves and those put to an agent. */
    readonly denominator: Cited<'answered-by-person' | 'abandoned-plus-connected'>;
    /** A person who hangs up while the seconds still run: an abandoned call, or one that was only answered. */
    readonly leftInTime: Cited<'abandoned' | 'answered'>;
    /** Persons whom AMD took for machines: left out, or estimated and added both above and below the line. */
    readonly falsePositives: Cited<'both-sides' | 'none'>;
    /** 0–1 of AMD's machines that are taken to be persons until enough recordings have been heard. */
    readonly assumedFalsePositives: Cited<number>;
    /** Without AMD some abandoned calls were answered by machines: an estimate of these is taken off, or not. */
    readonly machines: Cited<'deduct-unscreened' | 'keep'>;
    readonly limits: Cited<readonly AbandonmentLimit[]>;
    /** IANA zone whose days are counted. */
    readonly zone: Cited<string>;
  };
  readonly ring: { readonly minimumMs: Cited<number> };
  readonly message: {
    readonly startsWithinMs: Cited<number>;
    readonly says: Cited<readonly MessagePart[]>;
    /** Whether a key must opt out at once. */
    readonly optOutKey: Cited<boolean>;
    readonly afterOptOut: Cited<(typeof AFTER_OPT_OUT)[number]>;
    readonly marketing: Cited<'allowed' | 'forbidden'>;
  };
  /** How long a number rests; 0: not at all. An agent who is guaranteed for the call ends it where the rule says so. */
  readonly lockOut: {
    readonly afterAbandonedMs: Cited<number>;
    readonly afterMachineMs: Cited<number>;
    readonly unlessAgentGuaranteed: Cited<boolean>;
  };
  readonly hours: {
    /** Monday first. */
    readonly week: Cited<readonly (readonly Interval[])[]>;
    /** What holidays are like. */
    readonly holidays: Cited<'closed' | 'as-sunday' | 'as-any-day'>;
    /** Local dates, as 2026-12-25. */
    readonly holidayDates: Cited<readonly string[]>;
  };
  /** Dials of one number over all campaigns. */
  readonly attempts: { readonly caps: Cited<readonly AttemptCap[]> };
  readonly consent: {
    readonly toAgent: Cited<ConsentLevel>;
    readonly mobileToAgent: Cited<ConsentLevel>;
    readonly agentless: Cited<ConsentLevel>;
  };
  readonly dnc: {
    /** Whether a national register must have been imported. */
    readonly register: Cited<boolean>;
    /** How old its newest import may be; 0: any age. */
    readonly registerMaxAgeMs: Cited<number>;
    /** The consent that stands above an entry in the register; `never`: none does. Internal lists always forbid. */
    readonly consentLifts: Cited<ConsentLevel | 'never'>;
  };
  readonly callerId: {
    readonly presented: Cited<boolean>;
    /** Whether who calls it back must reach somebody. */
    readonly answered: Cited<boolean>;
    readonly noPremium: Cited<boolean>;
  };
  readonly records: { readonly keepDays: Cited<number> };
}

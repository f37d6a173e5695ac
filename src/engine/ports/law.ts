import type { AttemptId, CampaignId, EpochMs, LeadId } from '../../call/ids.ts';
import { ASKED_ANEW, DIAL_RULES, type DialRule } from '../../dialer/compliance/may-dial.ts';
import type { AttemptOutcome } from '../../dialer/attempt.ts';

export { ASKED_ANEW };
export { MESSAGE_PARTS } from '../../dialer/compliance/profile.ts';

/**
 * Why a lead was not dialled: a rule of the law, or that no trunk leads to its number now, or no number may be shown to it, or,
 * for a single call, that site/destinations.yaml does not let it.
 */
export type KeepRule = DialRule | 'no-trunk' | 'destinations';

export const KEEP_RULES: readonly KeepRule[] = [...DIAL_RULES, 'no-trunk', 'destinations'];

/** One dial of a number by whatever campaign, as the law counts it. */
export interface PastDial {
  readonly number: string;
  readonly startedAt: EpochMs;
  /** Null: it is out, or being talked on. */
  readonly endedAt: EpochMs | null;
  readonly outcome: AttemptOutcome | null;
}

/** On which dials of a number the law has judged: so many, begun since that time or still out. */
export interface DialsSeen {
  readonly since: EpochMs;
  readonly dials: number;
}

/** A leased lead that is kept from being dialled. */
export interface Refusal {
  readonly leadId: LeadId;
  readonly rule: KeepRule;
  /** When it is asked again; null: never, the lead is done. */
  readonly until: EpochMs | null;
  /** Which of its numbers is asked then; left out: the same. */
  readonly numberIndex?: number;
  /** Id of the profile by which it was judged; left out: by none, as where no trunk takes the call. */
  readonly profile?: string;
}

/** Who waits for a rule of a profile by which the campaign does not dial any more. */
interface AskAnew {
  readonly campaignId: CampaignId;
  /** Id of the profile that it dials by now. */
  readonly profile: string;
  readonly now: EpochMs;
  readonly limit: number;
}

interface AnsweredQuery {
  readonly campaignIds: readonly CampaignId[];
  /** Attempts begun since. */
  readonly since: EpochMs;
  /** IANA zone whose days are counted. */
  readonly zone: string;
  /** What ended from then on is told one by one, the rest by the day. */
  readonly singleFrom: EpochMs;
}

/** Calls that somebody or something picked up, as the ledger of abandonment counts them. */
export interface Answered {
  readonly days: readonly {
    readonly campaignId: CampaignId;
    /** Local date of the pick-up, as 2026-11-22. */
    readonly day: string;
    readonly outcome: AttemptOutcome;
    readonly count: number;
  }[];
  readonly single: readonly {
    readonly attemptId: AttemptId;
    readonly campaignId: CampaignId;
    readonly outcome: AttemptOutcome;
    /** When it was picked up. */
    readonly at: EpochMs;
  }[];
}

/** What the law needs of the books. */
export interface LawBook {
  /** Dials of these numbers by all campaigns, begun since, and those that are still out. */
  pastDials(numbers: readonly string[], since: EpochMs): Promise<readonly PastDial[]>;
  /** Puts leads that are leased to `owner` back, their attempt not counted. Answers how many. */
  refuseLeads(refusals: readonly Refusal[], owner: string): Promise<number>;
  /**
   * Pending leads that another profile put off by a rule of `ASKED_ANEW` are due now, `limit` of them at most: whether they may be
   * dialled is asked then. Callbacks keep their time, and retries, which had come due before the lead was refused. Answers how many.
   */
  askAnew(ask: AskAnew): Promise<number>;
  /** How many leads each rule keeps back now, or has for good. */
  refusedLeads(id: CampaignId): Promise<Readonly<Partial<Record<KeepRule, number>>>>;
  answered(query: AnsweredQuery): Promise<Answered>;
}

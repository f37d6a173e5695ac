import type { AgentId, AttemptId, CallId, EpochMs, LeadId } from '../../call/ids.ts';
import type { AttemptOutcome } from '../../dialer/attempt.ts';
import type { Disposition } from '../../dialer/disposition.ts';
import type { FieldFault, FieldRule, FieldValue } from '../../dialer/disposition-fields.ts';
import type { ChainWish } from './chain.ts';
import type { Attempt } from './history.ts';
import type { Callback } from './leads.ts';
import type { Answer } from './service.ts';

/** A dial of a lead that has ended. */
export interface EndedDial {
  readonly number: string;
  readonly startedAt: EpochMs;
  readonly outcome: AttemptOutcome;
}

interface PromisedPayment {
  /** Minor units of the currency: cents. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** `2026-12-24` */
  readonly due: string;
}

/** What an agent said of an attempt, and what it makes of the lead. */
export interface AttemptWord {
  readonly disposition: string;
  readonly kind: Disposition['meaning']['kind'];
  readonly at: EpochMs;
  readonly agentId: AgentId;
  /** Who said it: the agent himself, or a supervisor by his token's name. */
  readonly by: string;
  /** As they were understood: sums in minor units, moments in ms since 1970. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Counters of quotas that go up by one. */
  readonly counts: readonly string[];
  /** What he promised to pay. */
  readonly payment?: PromisedPayment;
  readonly lead:
    | { readonly status: 'done' }
    | {
        readonly status: 'pending';
        readonly notBefore: EpochMs;
        readonly numberIndex: number;
        readonly callback?: Callback;
      };
}

/** What is kept of dispositions. */
export interface DispositionBook {
  /** Oldest first. */
  endedDials(id: LeadId): Promise<readonly EndedDial[]>;
  /** The attempt whose call this is, with what was said of it. */
  attemptOf(callId: CallId): Promise<{ readonly attempt: Attempt; readonly word: AttemptWord | null } | null>;
  /**
   * Writes what was said of an attempt, and moves its lead on, at once when the attempt has ended, else when it ends: in
   * one transaction either way. The first word stands: false when there was one, and then nothing has changed. `chain`: where
   * a lead goes that the word makes done at once.
   */
  disposeAttempt(id: AttemptId, word: AttemptWord, chain?: ChainWish): Promise<boolean>;
}

/** A call of a campaign as its agent is to say something of it. */
export interface DispositionForm {
  readonly callId: CallId;
  readonly campaignId: string;
  readonly lead: {
    readonly id: LeadId;
    readonly externalId: string | null;
    readonly name: string | null;
    readonly fields: Readonly<Record<string, string>>;
  };
  /** Null: it is open. */
  readonly said: AttemptWord | null;
  readonly dispositions: readonly {
    readonly name: string;
    readonly kind: AttemptWord['kind'];
    readonly labels: Readonly<Record<string, string>>;
    readonly fields: readonly FieldRule[];
  }[];
}

/** Whom a campaign's call is with, as its agent sees him. */
export interface AgentLead {
  readonly callId: CallId;
  readonly campaign: { readonly id: string; readonly name: string; readonly script: string | null };
  readonly lead: {
    readonly id: LeadId;
    readonly externalId: string | null;
    readonly name: string | null;
    /** The one that was dialled. */
    readonly number: string;
    readonly fields: Readonly<Record<string, string>>;
  };
}

/** What agents say became of the calls of campaigns. */
export interface DispositionDesk {
  /** `asker`: the agent who asks; null: a supervisor. */
  /** Whom the agent is offered, talks with, or has talked with and is in wrap-up. */
  leadOf(agentId: AgentId): Promise<Answer<AgentLead>>;
  form(callId: CallId, asker: AgentId | null): Promise<Answer<DispositionForm>>;
  dispose(
    callId: CallId,
    said: { readonly disposition: string; readonly values: Readonly<Record<string, unknown>> },
    asker: { readonly agentId: AgentId | null; readonly name: string },
  ): Promise<DisposeAnswer>;
}

export type DisposeAnswer =
  | Answer<AttemptWord>
  /** Nothing was done: so much is missing or wrong. */
  | { readonly ok: false; readonly why: 'faults'; readonly sentence: string; readonly faults: readonly FieldFault[] };

import type { CallId, CampaignId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AttemptOutcome } from '../../dialer/attempt.ts';
import type { AnsweredDial } from '../../dialer/compliance/answered.ts';
import type { LedgerFact } from '../../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../../dialer/compliance/profile.ts';
import type { Answer } from './service.ts';

/** A fact about a campaign that is kept when the journal has long forgotten it. */
export interface KeptFact {
  readonly campaignId: CampaignId;
  /** When its call was dialled; of what is no call, when it happened. */
  readonly startedAt: EpochMs;
  readonly event: JournalEvent;
}

interface EvidenceQuery {
  readonly campaignId: CampaignId;
  /** `calls`: facts of its calls; `campaign`: all others. */
  readonly of: 'calls' | 'campaign';
  /** Those with `startedAt` at or after `from` and before `until`. */
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** The last fact of the page before; null: from the first. */
  readonly after: Pick<JournalEvent, 'subject' | 'seq'> | null;
  readonly limit: number;
}

/** A dial that was picked up, as it stands after that fact of its call. */
export interface AnsweredRow {
  readonly campaignId: CampaignId;
  readonly callId: CallId;
  /** Number of that fact within the call. */
  readonly seq: number;
  readonly dial: AnsweredDial;
}

/** What an agent said of whom he met. */
export interface AnsweredWord {
  readonly callId: CallId;
  readonly metMachine: boolean;
  readonly at: EpochMs;
}

interface AnsweredQuery {
  readonly campaignIds: readonly CampaignId[];
  /** The rules by which they are counted. */
  readonly rules: ComplianceProfile['abandonment'];
  /** Those picked up at or after `from` and before `until`. */
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** So many dials of a campaign count as this on that day. */
export interface AnsweredDay {
  readonly campaignId: CampaignId;
  /** Date of the pick-up in the zone of the rules, as 2026-11-22. */
  readonly day: string;
  readonly type: LedgerFact['type'];
  readonly screened: boolean;
  readonly count: number;
}

/** What the books keep for whoever must show one day how a campaign was dialled. Nothing is ever taken away from it. */
export interface EvidenceBook {
  /** A fact that is there already stays as it is. */
  keepEvidence(facts: readonly KeptFact[]): Promise<void>;
  /** By subject, and by number within it: the facts of a call come together. */
  evidence(query: EvidenceQuery): Promise<readonly KeptFact[]>;
  lastEvidenceAt(): Promise<EpochMs | null>;
  /** Each dial as its latest fact has it, also when an older one is written later. The words are about dials that are there. */
  keepAnswered(rows: readonly AnsweredRow[], words: readonly AnsweredWord[]): Promise<void>;
  /** What the dials count as, as `ledgerFactsOf` has it, by the day. */
  answeredDays(query: AnsweredQuery): Promise<readonly AnsweredDay[]>;
  /** When each of these campaigns dialled first; one that has not is left out. */
  firstDials(ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, EpochMs>>;
  /** Attempts of the attempts' own table that began in that time: the other book, for comparison. */
  attemptTotals(
    id: CampaignId,
    from: EpochMs,
    until: EpochMs,
  ): Promise<Readonly<Partial<Record<AttemptOutcome | 'open', number>>>>;
}

/** Signs what goes out, so that a change is seen. */
export interface EvidenceSigner {
  /** SPKI in PEM. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032), in base64. */
  sign(text: string): string;
}

export interface PackQuery {
  readonly campaignId: CampaignId;
  /** Calls dialled from then on; 0: from the first. */
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** Telephone numbers whole, and not their last three digits alone. */
  readonly withNumbers: boolean;
  /** Name of the token that asks. */
  readonly by: string;
}

/** A piece of a file of the pack; the pieces of a file come together and in order. */
export interface PackPiece {
  readonly name: string;
  readonly text: string;
}

export interface EvidenceDesk {
  /** The whole pack as it is made, its manifest and signature last. */
  pack(query: PackQuery): Promise<Answer<AsyncIterable<PackPiece>>>;
}

import type { CampaignId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AttemptOutcome } from '../../dialer/attempt.ts';
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

/** What the books keep for whoever must show one day how a campaign was dialled. Nothing is ever taken away from it. */
export interface EvidenceBook {
  /** A fact that is there already stays as it is. */
  keepEvidence(facts: readonly KeptFact[]): Promise<void>;
  /** By subject, and by number within it: the facts of a call come together. */
  evidence(query: EvidenceQuery): Promise<readonly KeptFact[]>;
  lastEvidenceAt(): Promise<EpochMs | null>;
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

import type { AgentId, CallId, CampaignId, EpochMs, LeadId } from '../../call/ids.ts';
import { PREVIEW_AFTER } from '../../dialer/preview.ts';
import type { Answer } from './service.ts';

export { PREVIEW_AFTER };

/** What an agent sees of a lead before he is dialled. */
export interface PreviewView {
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly leadId: LeadId;
  readonly externalId: string | null;
  /** The call that it would be. */
  readonly callId: CallId;
  readonly number: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** A call was promised to the lead at that time; null: none was. */
  readonly callbackAt: EpochMs | null;
  readonly attempts: number;
  readonly shownAt: EpochMs;
  /** When it ends by time alone, and how: dialled for him, or taken away. */
  readonly until: EpochMs;
  readonly atEnd: 'dial' | 'lapse';
  /** `calling`: his phone is rung, or the lead's. */
  readonly state: 'reading' | 'calling';
}

/** Leads that are shown to agents before they are dialled; only the process that dials a campaign knows them. */
export interface PreviewDesk {
  /** Null: he is shown none. */
  of(id: AgentId): PreviewView | null;
  /** His phone rings, and when he is on the line the lead's does. Why not: no line is free, or he is shown none. */
  dial(id: AgentId): Promise<Answer<PreviewView>>;
  /** The lead is due again after the campaign's `retryAfterMs`, its attempt not counted. */
  skip(id: AgentId, reason: string): Promise<Answer>;
}

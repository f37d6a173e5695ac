import type { AgentId, AttemptId, CallId, CampaignId, EpochMs } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Reach } from '../call/reach.ts';
import { previewEnd } from '../dialer/preview.ts';
import type { CallSession } from './call-session.ts';
import type { Campaign, Lead } from './ports/history.ts';
import type { PreviewView } from './ports/preview.ts';

/** A lead that an agent looks at. */
export interface Shown {
  readonly agentId: AgentId;
  readonly lead: Lead;
  readonly callId: CallId;
  readonly fence: number;
  readonly reach: Reach;
  readonly shownAt: EpochMs;
  /** The law lets it be dialled still. */
  readonly holds: () => boolean;
  renewedAt: EpochMs;
  /** The call in which he takes his seat; null: he reads. */
  session: CallSession | null;
  /** It is in the books, and about to be dialled. */
  attemptId: AttemptId | null;
}

type Offered = Extract<Fact, { type: 'campaign.preview.offered' }>;
type Ended = Extract<Fact, { type: 'campaign.preview.ended' }>;
export type How = Ended['data']['how'];

/** What the agent sees. The claim has counted the attempt that there may be. */
export function viewOf({ lead, callId, shownAt, session }: Shown, campaign: Campaign): PreviewView {
  const { at: until, atEnd } = previewEnd(campaign, shownAt);
  const { id: leadId, externalId = null, number, name, fields, callbackAt = null, attempts } = lead;
  const about = { campaignId: campaign.id, campaign: campaign.name, leadId, externalId, callId, number, name, fields };
  const times = { callbackAt, attempts: Math.max(0, attempts - 1), shownAt, until, atEnd };
  return { ...about, ...times, state: session ? 'calling' : 'reading' };
}

export function offered({ agentId, callId, lead, shownAt }: Shown, campaign: Campaign): Offered {
  const { at: until, atEnd } = previewEnd(campaign, shownAt);
  const { id: leadId, number, fields, callbackAt = null } = lead;
  const about = { campaignId: campaign.id, leadId, agentId, callId, number, fields: { ...fields } };
  return { type: 'campaign.preview.offered', data: { ...about, callbackAt, until, atEnd } };
}

export function ended(shown: Shown, campaignId: CampaignId, how: How, why: string | null, now: EpochMs): Ended {
  const { agentId, callId, lead, shownAt } = shown;
  const about = { campaignId, leadId: lead.id, agentId, callId };
  return { type: 'campaign.preview.ended', data: { ...about, how, why, readMs: Math.max(0, now - shownAt) } };
}

/** What a round came to: how many agents were shown a lead, and why not more. */
export interface Round {
  readonly shown: number;
  readonly because: string | null;
  /** No lead is due. */
  readonly dry: boolean;
}

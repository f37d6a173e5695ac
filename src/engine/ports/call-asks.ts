import type { CallId, CampaignId, EpochMs } from '../../call/ids.ts';
import type { KeepRule } from './law.ts';
import type { GivenLead } from './leads.ts';
import type { Answer } from './service.ts';

/** One call to one person, in which the flow of an agentless campaign talks. */
export interface CallWish extends Pick<GivenLead, 'name' | 'consent' | 'zone' | 'country'> {
  readonly campaignId: CampaignId;
  readonly number: string;
  /** What the flow is told, by names that it takes. */
  readonly data: Readonly<Record<string, string>>;
  /** Why he is called, for the journal. */
  readonly reason: string;
  /** Whoever asks knows the call by it; the same again is the same call. */
  readonly reference: string;
  /** Not refused when only the time or a cap forbids it: it is made as soon as it may. */
  readonly wait: boolean;
}

interface AskedCall {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly reference: string;
  /** Not before that time, by the rule that `because` tells; null: as soon as a line is free. */
  readonly until: EpochMs | null;
  readonly because: string | null;
}

type AskAnswer =
  | Answer<AskedCall>
  | { readonly ok: false; readonly why: 'rule'; readonly rule: KeepRule; readonly sentence: string };

/** Single calls that somebody asks for, dialled by a campaign like its leads: by the same law, caps, books and evidence. */
export interface CallAsks {
  ask(wish: CallWish, by: string): Promise<AskAnswer>;
}

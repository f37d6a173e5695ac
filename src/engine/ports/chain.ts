import { z } from 'zod';
import { ATTEMPT_OUTCOMES } from '../../dialer/attempt.ts';
import type { ChainRule } from '../../dialer/chain.ts';
import type { AttemptId, CallId, CampaignId, EpochMs, LeadId } from '../../call/ids.ts';
import type { AttemptOutcome } from './history.ts';
import type { AttemptWord } from './dispositions.ts';

const DAY_MS = 86_400_000;
const names = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(50).readonly();

const rule: z.ZodType<ChainRule> = z.strictObject({
  outcomes: names(z.enum(ATTEMPT_OUTCOMES)).exactOptional().meta({ description: 'How its last dial ended.' }),
  dispositions: names(z.string().min(1).max(100)).exactOptional().meta({ description: 'What its agent said.' }),
  to: z.string().min(1).max(100).meta({ description: 'Id or name of the next campaign; kept and shown as its id.' }),
  afterMs: z
    .int()
    .min(0)
    .max(365 * DAY_MS)
    .meta({ description: 'It is not dialled there before so much time has passed.' }),
});

/** Where leads go when the campaign is done with them, as it is given, shown and kept. */
export const chainRules = z.array(rule).max(20).readonly().meta({
  description: 'Where a lead goes that is done here; the first rule that fits decides. See docs/campaigns.md.',
});

export interface ChainMove {
  readonly to: CampaignId;
  readonly notBefore: EpochMs;
  /** Campaigns that it was in, `to` being the last. */
  readonly trail: readonly CampaignId[];
}

/** Where a lead goes if its end makes it done: asked in the middle of the write, with what is true there. */
export interface ChainWish {
  /** Id of the lead in its next campaign. */
  readonly newId: LeadId;
  readonly next: (end: { readonly outcome: AttemptOutcome; readonly word: AttemptWord | null }) => ChainMove | null;
}

/** A talk that an agent may still say something of. */
export interface UnsaidTalk {
  readonly attemptId: AttemptId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly callId: CallId;
  readonly agentId: string;
}

/** Leads that go on to another campaign, and talks of which nothing was said. */
export interface ChainBook {
  /**
   * Nothing was said of the talk in its time: written once, and its lead goes on by `chain`, in one transaction. False: it has
   * not ended, something was said, or it was written before; nothing has changed then.
   */
  missWord(id: AttemptId, at: EpochMs, chain?: ChainWish): Promise<boolean>;
  /** Ended talks of these campaigns of which nothing was said and which `missWord` has not had, since; 1,000 at most. */
  unsaidTalks(ids: readonly CampaignId[], since: EpochMs): Promise<readonly UnsaidTalk[]>;
  /** Talks that `missWord` has had, and of which nothing was said since either. */
  wordsMissing(id: CampaignId): Promise<number>;
  /** Campaigns that have finished and have leads to dial all the same. */
  owingCampaigns(): Promise<readonly CampaignId[]>;
}

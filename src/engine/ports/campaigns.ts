import type { CallId, CampaignId, EpochMs, LeadId } from '../../call/ids.ts';
import type { CampaignGate } from '../../dialer/campaign-gates.ts';
import type { Finish } from '../../dialer/finish.ts';
import type { LeadGate } from '../../dialer/lead-gates.ts';
import { type ListQuality, QUALITY_WORDS } from '../../dialer/list-quality.ts';
import type { Answer } from './service.ts';

export { QUALITY_WORDS };

/** The compliance profile of a campaign that names none. */
export const DEFAULT_PROFILE = 'eu-default';

/** A dial that was out when a campaign was stopped: it is let ring. */
export interface StillOut {
  readonly campaignId: CampaignId;
  readonly callId: CallId;
  /** Its last three digits; the others are dots. */
  readonly number: string;
  /** `waiting`: a person has answered and has no agent yet. */
  readonly state: 'ringing' | 'waiting';
  readonly ageMs: number;
}

export interface Killed {
  readonly at: EpochMs;
  /** Campaigns that were running and are paused now. */
  readonly campaigns: readonly { readonly id: CampaignId; readonly name: string }[];
  readonly stillOut: readonly StillOut[];
}

export interface CampaignWhy {
  readonly at: EpochMs;
  /** The first gate that fails, or what pacing says. */
  readonly headline: string;
  readonly gates: readonly CampaignGate[];
}

/** Why one lead is not dialled. */
export interface LeadWhy {
  readonly at: EpochMs;
  /** The first gate that fails, or that it is next. */
  readonly headline: string;
  readonly lead: {
    readonly id: LeadId;
    readonly externalId: string | null;
    readonly name: string | null;
    /** Other leads of the campaign that have the number by which this one was asked for. */
    readonly others: readonly LeadId[];
  };
  /** First what is about the lead, then its numbers together, then its campaign, its turn last. */
  readonly gates: readonly LeadGate[];
  /** The one whose turn it is first. */
  readonly numbers: readonly {
    readonly number: string;
    readonly kind: string;
    readonly gates: readonly LeadGate[];
  }[];
}

/** How good its lists are. The shares are defined by `QUALITY_WORDS`. */
export interface CampaignQuality {
  /** When it was counted: some seconds ago, at most. */
  readonly at: EpochMs;
  readonly all: ListQuality;
  readonly lists: readonly (ListQuality & { readonly name: string })[];
}

/** One decision of pacing: how many dials, and why. */
export interface Paced {
  readonly at: EpochMs;
  readonly launch: number;
  readonly because: string;
  /** What the policy reckoned with, as it names it: price, bank, guard. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** When a campaign will be done. */
export interface CampaignFinish extends Finish {
  /** From its own pace, or from the preflight while it has none yet. */
  readonly from: 'pace' | 'preflight';
}

/** A campaign as it runs at this moment; only the process that dials it knows. */
export interface CampaignLive {
  readonly agents: { readonly idle: number; readonly talk: number; readonly wrap: number };
  /** What agents idled before a talk on average, ms; null: nobody has talked yet. */
  readonly idleMs: number | null;
  readonly callsMade: number;
  /** The rate of abandonment, %, by the formula of the profile in its tightest window; null: nobody has answered. */
  readonly dropsPercent: number | null;
  /** What that is; null: the campaign has no profile. */
  readonly dropsDefinition: string | null;
  /** Dials out for each agent who is not in wrap-up or talk; null: nobody is free. */
  readonly dialLevel: number | null;
  readonly lines: { readonly inUse: number; readonly max: number };
  /** When the last lead is done; null: too little to tell. */
  readonly finishAt: CampaignFinish | null;
}

/** A campaign that this process dials, by what is in memory: cheap enough to be asked for every few seconds. */
export interface RunningCampaign extends Pick<CampaignLive, 'agents' | 'callsMade' | 'dialLevel' | 'lines'> {
  readonly id: CampaignId;
  readonly name: string;
  /** In the window with the least left; null: its profile has no limit, or nobody knows yet. Shares are 0–1. */
  readonly abandonment: { readonly rate: number; readonly cap: number; readonly budget: number } | null;
}

/** What a manager asks of the dialer while it runs. */
export interface CampaignDesk {
  running(): readonly RunningCampaign[];
  /** No new dial from now on, in any process; what rings is let ring, and told. Also of a campaign that does not run. */
  kill(id: CampaignId, by: string): Promise<Answer<Killed>>;
  killAll(by: string): Promise<Killed>;
  why(id: CampaignId): Promise<CampaignWhy | null>;
  /** `lead`: its external id, its id here, or one of its numbers. */
  whyLead(id: CampaignId, lead: string): Promise<Answer<LeadWhy>>;
  /** Null: there is no such campaign. */
  quality(id: CampaignId): Promise<CampaignQuality | null>;
  /** Latest first, at most 100, since this process dials the campaign; null: there is no such campaign. */
  decisions(id: CampaignId): Promise<readonly Paced[] | null>;
}

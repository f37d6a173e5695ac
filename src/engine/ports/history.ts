import type { DetectionPlan } from './detection.ts';
import type { Why } from '../../call/why.ts';
import type { Verdict } from '../../call/cause.ts';
import type { AgentId, AttemptId, CallId, CampaignId, EpochMs, Language, LeadId } from '../../call/ids.ts';
import type { AgentProfile, Requirement } from '../../call/routing.ts';
import type { MessagePart } from '../../dialer/compliance/profile.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../dialer/attempt.ts';
import { CAMPAIGN_MODES, type CampaignMode } from '../../dialer/campaign-modes.ts';
import type { CampaignStatus } from '../../dialer/campaign.ts';
import type { PreviewTerms } from '../../dialer/preview.ts';
import type { KeptLead, NewLead } from '../../dialer/lead.ts';
import type { ChainBook, ChainWish } from './chain.ts';
import type { ChainRule } from '../../dialer/chain.ts';
import type { AmdBook, Screened } from './amd.ts';
import type { EvidenceBook } from './evidence.ts';
import type { ImportedBook } from './imported.ts';
import type { RetryWish } from '../../dialer/retry.ts';
import type { DispositionBook } from './dispositions.ts';
import type { DialsSeen, KeepRule, LawBook } from './law.ts';
import type { LookBook } from './looks.ts';
import type { TrunkUse } from '../../dialer/trunk-state.ts';
import type { Added, AddTerms, Callback, ClaimRequest, LeadBook, LeadToAdd } from './leads.ts';

export { ATTEMPT_OUTCOMES, CAMPAIGN_MODES };
export type { AttemptOutcome, CampaignStatus };

/** A finished call, one row for good. Times of the phases add up to the duration. */
export interface CallRecord {
  readonly id: CallId;
  readonly direction: 'inbound' | 'outbound';
  readonly ani: string | null;
  readonly dnis: string;
  readonly source: string;
  readonly language: Language;
  readonly flow: string | null;
  readonly queue: string | null;
  readonly agentId: string | null;
  readonly campaignId: CampaignId | null;
  readonly startedAt: EpochMs;
  readonly answeredAt: EpochMs | null;
  readonly endedAt: EpochMs;
  readonly waitedMs: number;
  /** With agents; the time on hold is counted apart. */
  readonly talkedMs: number;
  readonly heldMs: number;
  readonly outcome: 'handled' | 'contained' | 'abandoned' | 'rejected' | 'transferred' | 'failed' | Verdict;
  readonly verdict: Verdict;
  readonly q850: number;
  readonly detected: 'event' | 'reconcile';
}

/** How a campaign dials. All of it can be changed while it is paused. */
export interface CampaignSettings extends PreviewTerms {
  readonly name: string;
  readonly mode: CampaignMode;
  /** Dials for each free agent; power only. */
  readonly ratio?: number;
  /** Share of live answers that may be abandoned, 0–0.03. */
  readonly abandonCap?: number;
  /** `strict`: pacing never lets more be lost than may be, even if all who are dialled answered at once; left out: `quantile`. */
  readonly guard?: 'quantile' | 'strict';
  /** Who talks when no agent does; agentless only. */
  readonly flow?: string;
  /** How whoever picks up is listened to; left out or null: whoever does is a person. */
  readonly detect?: DetectionPlan | null;
  /** Its part of the agents' time that it shares with other campaigns, 0.1–100; left out: 1. */
  readonly weight?: number;
  readonly trunk: string;
  /** Several trunks, by weight and tier; left out or empty: `trunk` alone. */
  readonly trunks?: readonly TrunkUse[];
  /** Within a tier: by weight, which is the default, or the cheapest for the number. */
  readonly preferTrunk?: 'weight' | 'rate';
  readonly callerId: string;
  /** The pool whose numbers are shown; left out or null: `callerId` is. */
  readonly callerIds?: string | null;
  readonly language: Language;
  readonly require: readonly Requirement[];
  /** Lines this campaign may hold at once. */
  readonly maxLines: number;
  /** Call starts per second. */
  readonly cps: number;
  readonly ringMs: number;
  readonly maxAttempts: number;
  readonly retryAfterMs: number;
  /** When a lead is dialled again, by outcome; left out: `retryAfterMs` after any that is worth it. */
  readonly retry?: RetryWish;
  /** A live answer not connected to an agent within this time is abandoned: message, then hang-up. */
  readonly connectDeadlineMs: number;
  readonly wrapUpMs: number;
  /** Name of the compliance profile it dials by; left out: `eu-default`. */
  readonly profile?: string;
  /** What a person hears for whom there is no agent; left out: the house's own words, which no rule of a country is content with. */
  readonly message?: AbandonedMessage;
  /** Where its leads go when it is done with them; left out: nowhere. */
  readonly chain?: readonly ChainRule[];
  /** Single calls may be asked for by `POST /v1/calls`; agentless only. Left out: they may not. */
  readonly takesCalls?: boolean;
  /** Agents are to say of each talk what became of it; left out: they may. */
  readonly asksDisposition?: boolean;
  /** Name of what agents read from while they talk, for their screens. */
  readonly script?: string;
}

/** The recording for people who get no agent, as who made it says of it. After it they may opt out by a key. */
interface AbandonedMessage {
  /** A prompt of the house. */
  readonly prompt: string;
  readonly says: readonly MessagePart[];
  readonly marketing: boolean;
  /** The call is recorded from the message on, and that kept for so many days; left out: it is not recorded. */
  readonly recordingDays?: number;
}

export interface Campaign extends CampaignSettings {
  readonly id: CampaignId;
  readonly status: CampaignStatus;
  readonly createdAt: EpochMs;
}

export type LeadStatus = 'pending' | 'leased' | 'done';

export interface Lead extends NewLead, KeptLead {
  readonly id: LeadId;
  readonly campaignId: CampaignId;
  readonly status: LeadStatus;
  readonly attempts: number;
  /** Not before this time, when pending. */
  readonly notBefore: EpochMs;
  readonly outcome: AttemptOutcome | null;
  /** What kept it from being dialled when it was last asked; left out: nothing did. */
  readonly refused?: KeepRule;
  /** Id of the profile by which it was; left out: by none, or it was not written down. */
  readonly refusedBy?: string;
}

export interface Attempt {
  readonly id: AttemptId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly callId: CallId;
  readonly number: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly outcome: AttemptOutcome | null;
  readonly q850: number | null;
  readonly sip: number | null;
  readonly agentId: string | null;
  /** By which it was dialled; left out or null: it was before that was written down, as with the next. */
  readonly trunk?: string | null;
  /** The number that was shown. */
  readonly callerId?: string | null;
}

/** What became of an attempt, as pacing learns from it after a restart. */
export interface AttemptStory {
  readonly id: AttemptId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly outcome: AttemptOutcome;
  readonly agentId: AgentId | null;
  readonly answeredAt: EpochMs | null;
  readonly waitedMs: number;
  readonly talkedMs: number;
}

export type Role = 'agent' | 'supervisor' | 'manager' | 'engineer' | 'admin';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** For role `agent`: whose status the token may set. */
  readonly agentId: string | null;
  /** scrypt, with its salt and cost, as one string. Never leaves the store through the API. */
  readonly hash: string;
  readonly createdAt: EpochMs;
}

/** Lists and history, in SQL. Writes are durable when they resolve. */
export interface History
  extends LeadBook,
    DispositionBook,
    ChainBook,
    LawBook,
    LookBook,
    EvidenceBook,
    AmdBook,
    ImportedBook {
  saveCallRecord(record: CallRecord): Promise<void>;
  callRecord(id: CallId): Promise<CallRecord | null>;
  callRecords(page: Page): Promise<readonly CallRecord[]>;
  /** Who talked last with who has this number, in a call that ended after `since`; null: nobody. */
  lastAgent(number: string, since: EpochMs): Promise<AgentId | null>;

  /** Agents made through the API; those of the site files are not here. */
  saveAgentProfile(profile: AgentProfile): Promise<void>;
  removeAgentProfile(id: string): Promise<boolean>;
  agentProfiles(): Promise<readonly AgentProfile[]>;

  createCampaign(campaign: Campaign): Promise<void>;
  updateCampaign(
    id: CampaignId,
    change: Partial<CampaignSettings & { status: CampaignStatus }>,
  ): Promise<Campaign | null>;
  campaign(id: CampaignId): Promise<Campaign | null>;
  campaigns(): Promise<readonly Campaign[]>;

  /**
   * Adds leads, in one round trip; order of adding is order of dialling. What is there already is kept, updated or added again
   * as `terms` say; left out: a number the campaign has is kept as it is. An update never makes a lead that is done due again.
   */
  addLeads(id: CampaignId, leads: readonly LeadToAdd[], terms?: AddTerms): Promise<Added>;
  lead(id: LeadId): Promise<Lead | null>;
  leads(id: CampaignId, page: Page): Promise<readonly Lead[]>;
  /**
   * Leases up to `count` due leads to `owner` until `leaseUntil`, each to one owner only (SKIP LOCKED), counting an attempt on
   * each. Callbacks come first, then lists by priority, and in a list its leads by priority and in its order. A lead's `number`
   * is the one to dial.
   */
  claimLeads(request: ClaimRequest): Promise<readonly Lead[]>;
  /**
   * Leads by status without those that are held, and those whose lease lapsed counted as `leased`. A lead with a callback is
   * dialled though a filter or a quota holds it, and so is counted.
   */
  leadCounts(id: CampaignId): Promise<Readonly<Record<LeadStatus, number>>>;
  /** Leases of a process that died: given back as pending, their attempt not counted when it was never started. */
  expireLeases(now: EpochMs): Promise<number>;

  /**
   * Writes the attempt down while its campaign runs and the dials of its number are still those that the law has seen, in one
   * statement. False: the campaign does not run any more, somebody stopped the lead, or the number was dialled meanwhile, by
   * whatever campaign and process, or is in a call; and then it may not be dialled. A pause, a kill or a stop that is written,
   * and a cap that another dial has reached, hold for every process from that moment on.
   */
  startAttempt(attempt: Attempt, seen: DialsSeen): Promise<boolean>;
  /** Leads that were leased to `owner` and not dialled are due again; their attempt is not counted. Says how many. */
  giveBackLeads(ids: readonly LeadId[], owner: string): Promise<number>;
  /** Those of the leads that are leased to `owner` still: their lease holds until `until` from now on. */
  renewLeases(ids: readonly LeadId[], owner: string, until: EpochMs): Promise<readonly LeadId[]>;
  /** Attempts that ended since, with the times of their calls, oldest first; of more than `limit` the latest. */
  attemptStory(id: CampaignId, since: EpochMs, limit: number): Promise<readonly AttemptStory[]>;
  /** Closes the attempt once (a second close changes nothing and answers false) and moves its lead on. */
  endAttempt(end: AttemptEnd): Promise<boolean>;
  attempts(id: CampaignId, page: Page): Promise<readonly Attempt[]>;
  /** Attempts never closed, for reconciliation. */
  openAttempts(): Promise<readonly Attempt[]>;
  attemptCounts(id: CampaignId): Promise<Readonly<Partial<Record<AttemptOutcome | 'open', number>>>>;

  /** Why calls were offered to agents; one that is kept already stays as it is. */
  keepDecisions(decisions: readonly Why[]): Promise<void>;
  /** Latest first. */
  decisions(query: {
    readonly callId?: CallId;
    readonly agentId?: AgentId;
    readonly limit: number;
  }): Promise<readonly Why[]>;
  lastDecisionAt(): Promise<EpochMs | null>;
  /** Forgets those made before that time. */
  trimDecisions(before: EpochMs): Promise<void>;

  saveToken(token: ApiToken): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  tokens(): Promise<readonly ApiToken[]>;

  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

export interface AttemptEnd {
  readonly attemptId: AttemptId;
  readonly endedAt: EpochMs;
  readonly outcome: AttemptOutcome;
  readonly q850: number;
  readonly sip: number | null;
  readonly agentId: string | null;
  /** By which trunk it went in the end; left out: by the one with which it began. */
  readonly trunk?: string;
  /** What became of it when it was listened to; left out or null: nobody listened. */
  readonly screened?: Screened | null;
  /** `done`, or dial again not before this time. */
  readonly lead:
    | { readonly status: 'done' }
    | {
        readonly status: 'pending';
        readonly notBefore: EpochMs;
        /** Which of the lead's numbers is dialled next; left out: the same one. */
        readonly numberIndex?: number;
        /** Left out: none, also when this was one. */
        readonly callback?: Callback;
      };
  /** True: the number that was dialled is never to be dialled again for this lead. */
  readonly numberDead?: boolean;
  /** Where the lead goes if it is done now; left out: nowhere. In one transaction with the end. */
  readonly chain?: ChainWish;
}

/** Newest first, at most 200 a page; `before` is the id of the last row seen. Ids sort by time. */
export interface Page {
  readonly limit: number;
  readonly before: string | null;
}

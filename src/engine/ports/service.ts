import type { KeepRule } from './law.ts';
import { SERVICE_LEVEL } from '../../acd/service-level.ts';
import type { AgentId, CallId, CampaignId, EpochMs, Language } from '../../call/ids.ts';
import type { AgentProfile, AgentState, AgentStatus, QueueProfile } from '../../call/routing.ts';
import type {
  Attempt,
  AttemptOutcome,
  CallRecord,
  Campaign,
  CampaignSettings,
  Lead,
  LeadStatus,
  Page,
} from './history.ts';
import type { AbandonmentView } from './abandonment.ts';
import type { AmdView } from './amd.ts';
import type { CallAsks } from './call-asks.ts';
import type { CampaignDesk, CampaignLive } from './campaigns.ts';
import type { DispositionDesk } from './dispositions.ts';
import type { AgentDetails, Floor } from './floor.ts';
import type { LeadDesk, LeadImport, ImportWish } from './leads.ts';
import type { PhoneAccount } from './phone-accounts.ts';
import type { PreflightDesk } from './preflight.ts';
import type { PreviewDesk } from './preview.ts';
import type { Profiles } from './profiles.ts';
import type { ReleaseDesk } from './releases.ts';
import type { TalkDesk } from './talk.ts';

/** What the outside (HTTP, the terminal) may see and ask of the running engine. Refusals are values with a sentence. */
export interface Service {
  calls(): readonly CallView[];
  call(id: CallId): Promise<CallView | CallRecord | null>;
  callRecords(page: Page): Promise<readonly CallRecord[]>;
  hangupCall(id: CallId): Answer;

  queues(): readonly QueueView[];
  agents(): readonly AgentView[];
  setAgentStatus(id: AgentId, status: AgentStatus, reason: string | null): Promise<Answer<AgentView>>;
  endWrapUp(id: AgentId): Promise<Answer<AgentView>>;
  saveAgent(profile: AgentProfile): Promise<Answer<AgentView>>;
  removeAgent(id: AgentId): Promise<Answer>;
  /** An account for the phone of an agent whom the API added, or a new password for it; told this once. */
  givePhoneAccount(id: AgentId): Promise<Answer<PhoneAccount>>;

  readonly releases: ReleaseDesk;
  readonly floor: Floor;
  readonly talk: TalkDesk;
  readonly dispositions: DispositionDesk;
  readonly dialer: CampaignDesk;
  readonly callAsks: CallAsks;
  readonly previews: PreviewDesk;
  flows(): readonly FlowView[];
  /** JSON Schema of flow files, with the names of the site as it runs. */
  flowSchema(): Readonly<Record<string, unknown>>;
  trunks(): readonly TrunkView[];
  /** What campaigns may dial by, those of the site as it runs. */
  profiles(): Profiles;

  campaigns(): Promise<readonly CampaignView[]>;
  campaign(id: CampaignId): Promise<CampaignView | null>;
  /** One that has this id already is answered instead. */
  createCampaign(settings: CampaignSettings, id?: CampaignId): Promise<Answer<CampaignView>>;
  changeCampaign(id: CampaignId, change: Partial<CampaignSettings>, by?: string): Promise<Answer<CampaignView>>;
  commandCampaign(id: CampaignId, command: 'start' | 'pause' | 'stop', by?: string): Promise<Answer<CampaignView>>;
  /** Reads CSV as it streams in; good rows are kept though others are bad. */
  importLeads(id: CampaignId, csv: AsyncIterable<Uint8Array>, wish?: ImportWish): Promise<Answer<LeadImport>>;
  readonly lists: LeadDesk;
  readonly preflight: PreflightDesk;
  leads(id: CampaignId, page: Page): Promise<readonly Lead[]>;
  attempts(id: CampaignId, page: Page): Promise<readonly Attempt[]>;

  health(): Promise<HealthView>;
}

export type Answer<T = undefined> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: 'not-found' | 'conflict' | 'invalid'; readonly sentence: string };

export interface CallView {
  readonly id: CallId;
  readonly direction: 'inbound' | 'outbound';
  readonly phase: string;
  readonly ani: string | null;
  readonly dnis: string;
  readonly language: Language;
  readonly flow: string | null;
  readonly node: string | null;
  readonly queue: string | null;
  readonly agentId: AgentId | null;
  readonly campaignId: CampaignId | null;
  readonly priority: number;
  readonly startedAt: EpochMs;
  readonly queuedAt: EpochMs | null;
}

export { SERVICE_LEVEL };
export type { LeadImport };

export interface QueueView {
  readonly profile: QueueProfile;
  readonly waiting: number;
  readonly longestWaitMs: number;
  readonly agents: Readonly<Record<AgentState | 'not-ready' | 'logged-out', number>>;
  /** Calls since this process began. */
  readonly handled: number;
  readonly abandoned: number;
  /** Share of the latest calls that were answered within the target, 0–1, as `SERVICE_LEVEL` says; null: too few to tell. */
  readonly serviceLevel: number | null;
  /** Queues, or numbers of other sites, that help out now, whatever a single call's wait is. */
  readonly overflowingTo: readonly string[];
  /** Agents whom dials do not count on, for the sake of this queue. */
  readonly reserved: number;
}

export interface AgentView extends AgentDetails {
  readonly profile: AgentProfile;
  readonly status: AgentStatus;
  readonly reason: string | null;
  readonly state: AgentState;
  readonly since: EpochMs;
  readonly callId: CallId | null;
}

export interface FlowView {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly file: string;
  readonly numbers: readonly string[];
  readonly nodes: number;
}

export interface TrunkView extends TrunkHealth {
  readonly name: string;
  readonly lines: number;
  readonly cps: number;
  readonly inUse: number;
}

/** What this process knows of a trunk by the calls of its campaigns. */
export interface TrunkHealth {
  /** No call but one now and then is dialled by it; null: it works, as far as is known. */
  readonly down: { readonly since: EpochMs; readonly said: string; readonly until: EpochMs } | null;
  /** Beginnings of numbers that are left alone after failures. */
  readonly backOff: readonly { readonly destination: string; readonly said: string; readonly until: EpochMs }[];
}

export interface CampaignView {
  readonly campaign: Campaign;
  readonly leads: Readonly<Record<LeadStatus, number>>;
  readonly outcomes: Readonly<Partial<Record<AttemptOutcome | 'open', number>>>;
  /** Dials ringing or waiting for an agent now. */
  readonly inFlight: number;
  /** Null where another process dials it, or nobody. */
  readonly live: CampaignLive | null;
  /** How often its detection of machines was wrong; null: nobody listens, and nobody did. */
  readonly amd: AmdView | null;
  /** Talks of which nothing was said in the wrap-up, nor since. */
  readonly wordsMissing: number;
  /** How it stands against the limits of its compliance profile; null: no profile of its name is loaded. */
  readonly abandonment: AbandonmentView | null;
  /** Leads that a rule of the law keeps from being dialled now, or has for good, by the rule. */
  readonly refused: Readonly<Partial<Record<KeepRule, number>>>;
  /** Why pacing dials as it does, its last word. */
  readonly because: string | null;
}

export interface HealthView {
  readonly ready: boolean;
  readonly parts: Readonly<
    Record<'switch' | 'liveStore' | 'history' | 'journal', { readonly ok: boolean; readonly detail: string }>
  >;
}

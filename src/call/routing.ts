import type { AgentId, CampaignId, Language, QueueName } from './ids.ts';

/** A skill with the least level (1–10) that will do. Languages are skills named `lang:xx`. */
export interface Requirement {
  readonly skill: string;
  readonly level: number;
}

/** What a flow or a campaign asks of a queue. */
export interface QueueRequest {
  readonly queue: QueueName;
  readonly language: Language;
  readonly require: readonly Requirement[];
  /** Seconds of age credited to this call: VIP 300 means treated as if it had come five minutes earlier. */
  readonly priority: number;
  readonly maxWaitMs: number | null;
  /** Requirements that replace `require` once the call has waited so long, in order of time. */
  readonly relax: readonly { readonly afterMs: number; readonly require: readonly Requirement[] }[];
  /** Keys that take the caller out of the queue. */
  readonly exitKeys: readonly string[];
  /** Null: as the queue itself announces. */
  readonly announce: QueueAnnouncements | null;
  readonly offerCallback: {
    readonly key: string;
    readonly whenEstimateOverMs: number;
    readonly keepPlace: boolean;
  } | null;
  /** The agent who talked with this caller last, if that was within `withinMs`, is waited for so long. */
  readonly preferLastAgent: { readonly withinMs: number; readonly waitUpToMs: number } | null;
}

/** What a request leaves to the queue when nothing else is asked for. */
export const PLAIN_REQUEST = {
  relax: [],
  exitKeys: [],
  announce: null,
  offerCallback: null,
  preferLastAgent: null,
} as const satisfies Partial<QueueRequest>;

export interface QueueAnnouncements {
  readonly position: 'always' | 'onlyIfImproved' | 'never';
  readonly estimate: 'range' | 'never';
  readonly everyMs: number | null;
  readonly music: string | null;
}

/** Why a call's time in a queue ended, other than by hanging up. */
export type QueueOutcome =
  | 'answeredEnd'
  | 'timeout'
  | 'full'
  | 'noAgents'
  | 'closed'
  | 'exitKey'
  | 'callbackTaken'
  | 'error';

/** What the agent chose. */
export type AgentStatus = 'logged-out' | 'ready' | 'not-ready';

/** What is seen of the agent. */
export type AgentState = 'idle' | 'reserved' | 'ringing' | 'talking' | 'wrap-up';

/** An agent as the site defines him. */
export interface AgentProfile {
  readonly id: AgentId;
  readonly name: string;
  /** Name of the phone (SIP endpoint) that rings. */
  readonly phone: string;
  readonly skills: Readonly<Record<string, number>>;
  /** Queues the agent serves; empty serves none. */
  readonly queues: readonly QueueName[];
  /** Campaigns the agent serves besides, by id; `*` all. */
  readonly campaigns: readonly CampaignId[];
}

/** A queue as the site defines it. */
export interface QueueProfile {
  readonly name: QueueName;
  readonly title: string;
  /** Skills every agent needs for this queue, besides what the call itself requires. */
  readonly require: readonly Requirement[];
  readonly wrapUpMs: number;
  /** How long an agent's phone rings before RONA. */
  readonly ringMs: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** Service level: answered within this time. */
  readonly targetMs: number;
  readonly music: string;
  readonly announce: { readonly everyMs: number; readonly position: boolean };
  /** Turn callers away at once when nobody is logged in who could take the call. */
  readonly refuseWhenNoAgents: boolean;
}

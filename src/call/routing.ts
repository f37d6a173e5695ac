import type { AgentId, CampaignId, Language, QueueName } from './ids.ts';

/** A skill with the least level (1–10) that will do. Languages are skills named `lang:xx`, tags are skills `tag:xx`. */
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
  /** For what the queue credits to types of customers; left out: as the site's list of customers says. */
  readonly customerType?: string;
  readonly maxWaitMs: number | null;
  /** Instead of `require` once the call has waited so long, in order of time; empty: as the queue itself relaxes. */
  readonly relax: readonly Relaxation[];
  /** Keys that take the caller out of the queue. */
  readonly exitKeys: readonly string[];
  /** Null: as the queue itself announces. */
  readonly announce: QueueAnnouncements | null;
  readonly offerCallback: {
    readonly key: string;
    /** Says so, with the key in it. */
    readonly prompt: string;
    readonly whenEstimateOverMs: number;
    readonly keepPlace: boolean;
  } | null;
  /** The agent who talked with this caller last, if that was within `withinMs`, is waited for so long. */
  readonly preferLastAgent: { readonly withinMs: number; readonly waitUpToMs: number } | null;
  /** The agent whom the site's list of customers names as theirs is waited for so long; before the last agent. */
  readonly preferOwner: { readonly waitUpToMs: number } | null;
}

/** A step of bullseye routing: what is asked of an agent once a call has waited so long. */
export interface Relaxation {
  readonly afterMs: number;
  readonly require: readonly Requirement[];
}

/** What a request leaves to the queue when nothing else is asked for. */
export const PLAIN_REQUEST = {
  relax: [],
  exitKeys: [],
  announce: null,
  offerCallback: null,
  preferLastAgent: null,
  preferOwner: null,
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
  /** Per queue, 1 (where nothing is said) to 100: those of the lowest rank are asked first, the others when none of them is free. */
  readonly ranks?: Readonly<Record<QueueName, number>>;
  /** Per queue, the share (0–1) of his calls that should come from it; a call of a queue that has had more goes after the others. */
  readonly shares?: Readonly<Record<QueueName, number>>;
  /** How much of the calls strategy `random` gives him; 1 where nothing is said. */
  readonly weight?: number;
  /** Past results by topic, 0 (worst) to 1 (best). */
  readonly results?: Readonly<Record<string, number>>;
}

/** Who of several free and qualified agents of the same rank gets the call. */
export const STRATEGIES = [
  'longest-idle',
  'least-occupied',
  'round-robin',
  'most-skilled',
  'least-skilled',
  'fewest-calls',
  'linear',
  'ring-several',
  'random',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Agents of another queue help out while one of these holds; a call keeps its place in its own queue. */
export interface Overflow {
  readonly to: { readonly queue: QueueName } | { readonly number: string; readonly trunk: string };
  readonly when: {
    readonly waitedOverMs?: number;
    readonly estimateOverMs?: number;
    /** Agents logged in who serve the queue. */
    readonly staffedUnder?: number;
    /** Share of the last calls that were answered within the target, 0–1. */
    readonly serviceLevelUnder?: number;
    /** Outside the queue's hours. */
    readonly closed?: boolean;
  };
}

/** A queue as the site defines it. */
export interface QueueProfile {
  readonly name: QueueName;
  readonly title: string;
  /** Skills every agent needs for this queue, besides what the call itself requires. */
  readonly require: readonly Requirement[];
  /** For calls that bring no steps of their own. */
  readonly relax: readonly Relaxation[];
  readonly strategy: Strategy;
  /** How many phones ring at once under `ring-several`. */
  readonly ringAtOnce: number;
  /** Seconds of age credited by type of customer. */
  readonly priorities: Readonly<Record<string, number>>;
  /** Past results on this topic count: a result of 1 is worth `weight` (0–1) of what the strategy says a best result is worth. */
  readonly results: { readonly topic: string; readonly weight: number } | null;
  readonly wrapUpMs: number;
  /** Wrap-up may be extended by so much in all. */
  readonly wrapUpExtendMs: number;
  /** What an agent may say of a call; empty: any word. */
  readonly dispositions: readonly string[];
  /** How long an agent's phone rings before RONA. */
  readonly ringMs: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** Service level: answered within this time. */
  readonly targetMs: number;
  /** Service level: the share that should be, 0–1. */
  readonly serviceLevel: number;
  /** Prompt that is said to whoever comes in; null: music at once. */
  readonly greeting: string | null;
  readonly music: string;
  readonly announce: { readonly everyMs: number; readonly position: boolean };
  /** Messages said in turn while nothing else is. */
  readonly comfort: { readonly everyMs: number; readonly prompts: readonly string[] } | null;
  /** Turn callers away at once when nobody is logged in who could take the call. */
  readonly refuseWhenNoAgents: boolean;
  /** Turn callers away when they would wait longer than this. */
  readonly refuseWhenEstimateOverMs: number | null;
  /** A waiting call leaves (`noAgents`) when nobody who could take it has been logged in for so long. */
  readonly leaveWhenNoAgentsMs: number | null;
  /** Calendar of the queue's hours; null: always open. */
  readonly calendar: string | null;
  /** At closing time those who can no longer be served leave (`closed`), with a promised callback where `callback` says so. */
  readonly closing: { readonly sweep: boolean; readonly callback: boolean };
  readonly overflow: readonly Overflow[];
  readonly recording: { readonly mode: 'always' | 'on-demand' | 'never'; readonly keepDays: number };
  readonly callbacks: {
    readonly tries: number;
    readonly retryAfterMs: number;
    readonly ringMs: number;
    /** The carrier link; null: the first of the site. */
    readonly trunk: string | null;
  };
  /** A caller who was lost here and rings again within this time is offered his old place. */
  readonly returningMs: number | null;
  /** Voicemail box whose messages are work for this queue's agents. */
  readonly box: string | null;
  /** Agents are held back from campaigns when the forecast says that the service level would be missed. */
  readonly reserve: boolean;
  /** Where `escalate` sends a call. */
  readonly escalateTo: QueueName | null;
}

/** What a queue is that says nothing more of itself. */
export const PLAIN_QUEUE = {
  require: [],
  relax: [],
  strategy: 'longest-idle',
  ringAtOnce: 3,
  priorities: {},
  results: null,
  wrapUpMs: 10_000,
  wrapUpExtendMs: 10 * 60_000,
  dispositions: [],
  ringMs: 20_000,
  maxWaiting: 100,
  maxWaitMs: 20 * 60_000,
  targetMs: 20_000,
  serviceLevel: 0.8,
  greeting: 'queue.wait',
  music: 'default',
  announce: { everyMs: 45_000, position: true },
  comfort: null,
  refuseWhenNoAgents: false,
  refuseWhenEstimateOverMs: null,
  leaveWhenNoAgentsMs: null,
  calendar: null,
  closing: { sweep: true, callback: false },
  overflow: [],
  recording: { mode: 'never', keepDays: 90 },
  callbacks: { tries: 3, retryAfterMs: 10 * 60_000, ringMs: 30_000, trunk: null },
  returningMs: null,
  box: null,
  reserve: false,
  escalateTo: null,
} as const satisfies Omit<QueueProfile, 'name' | 'title'>;

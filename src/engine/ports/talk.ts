import type { AgentId, CallId, EpochMs, Language, QueueName } from '../../call/ids.ts';
import type { Answer } from './service.ts';

/** Whom an agent asks for. A number without a trunk is dialled by the first of the site. */
export type Whom =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'queue'; readonly queue: QueueName }
  | { readonly kind: 'number'; readonly number: string; readonly trunk: string | null }
  /** A phone of the house that is no agent's. */
  | { readonly kind: 'phone'; readonly phone: string };

/** What an agent does with the call he is in; each says how it is to be, so that saying it twice does it once. */
export type TalkWish =
  | { readonly type: 'hold' | 'mute'; readonly on: boolean }
  | { readonly type: 'consult' | 'add'; readonly to: Whom }
  | { readonly type: 'side'; readonly side: 'customer' | 'consult' }
  | { readonly type: 'end-consult' | 'merge' | 'leave' }
  | { readonly type: 'drop'; readonly guest: string }
  | { readonly type: 'transfer'; readonly to: Whom; readonly note: string | null; readonly keepPlace: boolean }
  | { readonly type: 'complete'; readonly note: string | null }
  | { readonly type: 'park'; readonly forMs: number; readonly note: string | null }
  | { readonly type: 'escalate'; readonly how: 'queue' | 'conference'; readonly note: string | null };

/** What a supervisor does with a call. */
export type WatchWish =
  | {
      readonly type: 'monitor';
      readonly mode: 'listen' | 'whisper' | 'barge' | 'take-over';
      /** The phone that rings for it; an agent who sits there is held for that time. */
      readonly phone: string;
    }
  | { readonly type: 'unmonitor' }
  | { readonly type: 'move'; readonly queue: QueueName }
  | { readonly type: 'raise'; readonly priority: number };

/** What agents and supervisors do with calls. Refusals are values with a sentence. */
export interface TalkDesk {
  /** In the call that the agent is in. */
  act(id: AgentId, wish: TalkWish): Promise<Answer<TalkView | null>>;
  supervise(callId: CallId, name: string, wish: WatchWish): Promise<Answer>;
  /** Rings the agent's phone, ready or not, and joins him with the customer who is parked there. */
  pickUp(id: AgentId, slot: string): Promise<Answer<{ readonly callId: CallId }>>;
  parked(): readonly ParkedView[];
  /** The agent's call as he is to see it; null when he is in none. */
  view(id: AgentId): Answer<TalkView | null>;
}

export interface ParkedView {
  readonly slot: string;
  readonly callId: CallId;
  readonly queue: QueueName | null;
  readonly by: AgentId;
  readonly note: string | null;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

export interface GuestView {
  readonly id: string;
  readonly role: string;
  readonly phase: 'waiting' | 'ringing' | 'in';
  /** Who was asked for: an agent's or a queue's name, a number, a phone. */
  readonly to: string;
  readonly agentId: AgentId | null;
  readonly muted: boolean;
  readonly since: EpochMs;
}

export interface TalkView {
  readonly callId: CallId;
  readonly phase: string;
  /** What the agent is in it. */
  readonly part: 'leader' | 'consult' | 'member' | 'listen' | 'whisper' | 'rung';
  readonly leader: AgentId | null;
  readonly ani: string | null;
  readonly dnis: string;
  readonly language: Language;
  readonly queue: QueueName | null;
  readonly held: boolean;
  readonly muted: boolean;
  readonly side: 'customer' | 'consult';
  /** `paused` also when whoever had the call before asked for it: it lasts until somebody resumes. */
  readonly recording: 'off' | 'on' | 'paused';
  readonly guests: readonly GuestView[];
  /** How the customer came here, when not from the queue alone: from whom, why, and when. */
  readonly handed: {
    readonly how: string;
    readonly from: string;
    readonly to: string;
    readonly note: string | null;
    readonly at: EpochMs;
  } | null;
  readonly tags: readonly string[];
  /** What the flow knows of the caller, without what is sensitive. */
  readonly variables: Readonly<Record<string, string | number | boolean>>;
  readonly since: EpochMs | null;
}

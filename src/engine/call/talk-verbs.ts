import type { AgentId, QueueName } from '../../call/ids.ts';
import type { Reserved } from './reach-agent.ts';
import type { TalkTarget } from './talk-state.ts';

/** Who asks: an agent acts on his own part only, a supervisor in the place of whoever leads the talk. */
export type Actor =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'supervisor'; readonly name: string };

/** What may be asked of a talk. All say how it is to be, none turns it over, so that asking twice is asking once. */
export type TalkVerb =
  | { readonly type: 'hold'; readonly on: boolean }
  | { readonly type: 'mute'; readonly on: boolean }
  | { readonly type: 'consult'; readonly to: TalkTarget }
  | { readonly type: 'side'; readonly side: 'customer' | 'consult' }
  | { readonly type: 'end-consult' }
  | { readonly type: 'merge' }
  | { readonly type: 'add'; readonly to: TalkTarget }
  | { readonly type: 'drop'; readonly guest: string }
  | { readonly type: 'leave' }
  /** Blind. `keepPlace`: into a queue at the time of his arrival, not behind those who wait there. */
  | { readonly type: 'transfer'; readonly to: TalkTarget; readonly note: string | null; readonly keepPlace: boolean }
  /** Whom the agent consults gets the customer. */
  | { readonly type: 'complete'; readonly note: string | null }
  | { readonly type: 'park'; readonly slot: string; readonly forMs: number; readonly note: string | null }
  | { readonly type: 'escalate'; readonly how: 'queue' | 'conference'; readonly note: string | null }
  /** The agent who is summoned fetches the parked customer. */
  | { readonly type: 'pick-up' }
  | { readonly type: 'monitor'; readonly mode: MonitorMode; readonly to: TalkTarget }
  | { readonly type: 'unmonitor' }
  | { readonly type: 'move'; readonly queue: QueueName }
  /** Seconds of credit. */
  | { readonly type: 'raise'; readonly priority: number };

export type MonitorMode = 'listen' | 'whisper' | 'barge' | 'take-over';

export interface TalkInput {
  readonly type: 'talk';
  readonly by: Actor;
  readonly verb: TalkVerb;
  /** The agent who asks to be rung himself, ready or not, and is reserved for it. */
  readonly summoned?: Reserved;
}

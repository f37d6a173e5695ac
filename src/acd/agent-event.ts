import type { Verdict } from '../call/cause.ts';
import type { CallId, EpochMs, LegId, QueueName } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { AgentStatus } from '../call/routing.ts';
import type { AgentLive, AgentSeat } from './agent-live.ts';
import type { FloorRules } from './agent-rules.ts';

/** Everything that can happen to an agent. */
export type AgentEvent =
  | { readonly type: 'set-status'; readonly status: AgentStatus; readonly reason: string | null }
  /** He sits down; `seat` null: at his own phone. */
  | {
      readonly type: 'log-in';
      readonly seat: AgentSeat | null;
      readonly status: 'ready' | 'not-ready';
      readonly reason: string | null;
    }
  /** `summoned`: he asks to be rung himself, whatever his status is. */
  | { readonly type: 'reserve'; readonly callId: CallId; readonly summoned?: boolean }
  | { readonly type: 'ring'; readonly legId: LegId }
  /** `queue`: the one whose call it is, if it waited in one. */
  | { readonly type: 'answer'; readonly queue?: QueueName | null }
  /** The talk is over. */
  | { readonly type: 'release'; readonly wrapUpMs: number }
  /** The offer came to nothing, and this is how his leg ended. */
  | { readonly type: 'fail'; readonly verdict: Verdict }
  | { readonly type: 'wrap-up-over' }
  /** By `byMs`, or what is left of the `mostMs` that a wrap-up may be extended by in all. */
  | { readonly type: 'extend-wrap-up'; readonly byMs: number; readonly mostMs: number }
  /** What the agent says of his last call; null for `callId`: whichever that is. The last word counts. */
  | {
      readonly type: 'dispose';
      readonly disposition: string;
      readonly callId: CallId | null;
      /** What else it says, where the call is one of a campaign. */
      readonly about?: Partial<Extract<Fact, { type: 'call.disposed' }>['data']>;
    }
  /** He takes calls again before his rest or his back-off is over. */
  | { readonly type: 'end-rest' }
  /** A supervisor changes him until he logs out; null: he is as in his profile again. */
  | { readonly type: 'change'; readonly changed: AgentLive['changed'] }
  /** His line was hung up, or is no more. */
  | { readonly type: 'line-ended'; readonly legId: LegId }
  /** A line that was rung to phone or number `at` did not come up. */
  | { readonly type: 'line-refused'; readonly at: string; readonly verdict: Verdict }
  /** Time has passed: what is due is done (`tickAt` says when). */
  | { readonly type: 'tick' }
  /** Reconciliation found that the call he holds is no more. */
  | { readonly type: 'free' };

export type EventType = AgentEvent['type'];
export type Of<T extends EventType> = Extract<AgentEvent, { type: T }>;

/** What a move may look at besides the agent and the event. */
export interface Moment {
  readonly now: EpochMs;
  readonly rules: FloorRules;
}

/** The next agent, or the sentence that says why not. */
export type Outcome = AgentLive | string;
export type Move<T extends EventType> = (agent: AgentLive, event: Of<T>, moment: Moment) => Outcome;

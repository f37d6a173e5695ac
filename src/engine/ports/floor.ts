import type { AgentId, CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { AgentStatus } from '../../call/routing.ts';
import type { AgentView, Answer } from './service.ts';

/** A phone of the house by its name, or a number outside by the trunk that leads there. */
export type Place =
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'number'; readonly number: string; readonly trunk: string };

/**
 * Where an agent wants to sit: at his own phone, at another, at a number outside, or on a line, which is rung once, stays up
 * and is lent to one call after the other.
 */
export type SeatWish = { readonly kind: 'own' } | Place | { readonly kind: 'line'; readonly to: Place | null };

export interface LogIn {
  readonly seat: SeatWish;
  readonly status: 'ready' | 'not-ready';
  readonly reason: string | null;
}

/** What a supervisor changes of a logged-in agent; a skill changed to null is gone, `queues` null are those of his profile. */
export interface AgentChange {
  readonly skills: Readonly<Record<string, number | null>>;
  readonly queues: readonly QueueName[] | null;
}

/** What agents do besides talking, and supervisors with them. Refusals are values with a sentence. */
export interface Floor {
  /** A line is only rung: the agent is logged in when he answers it. */
  logIn(id: AgentId, wish: LogIn): Promise<Answer<AgentView>>;
  setStatus(id: AgentId, status: AgentStatus, reason: string | null): Promise<Answer<AgentView>>;
  endWrapUp(id: AgentId): Promise<Answer<AgentView>>;
  /** Of less than `byMs` when the queue allows no more. */
  extendWrapUp(id: AgentId, byMs: number): Promise<Answer<AgentView>>;
  /**
   * What the agent says of a call, his last one when none is named. Of a campaign's call it is the same as what is said of the
   * call itself (`DispositionDesk`), with the `values` that it asks for.
   */
  dispose(
    id: AgentId,
    disposition: string,
    callId: CallId | null,
    values?: Readonly<Record<string, unknown>>,
  ): Promise<Answer<AgentView>>;
  endRest(id: AgentId): Promise<Answer<AgentView>>;
  /** Until he logs out; null: as in his profile again. */
  change(id: AgentId, change: AgentChange | null): Promise<Answer<AgentView>>;
  reasons(): readonly { readonly id: string; readonly title: string; readonly maxMs: number | null }[] | null;
}

/** What is seen of an agent beyond his status and state. */
export interface AgentDetails {
  readonly seat:
    | Place
    | { readonly kind: 'own' }
    | { readonly kind: 'line'; readonly at: string; readonly phase: 'ringing' | 'up' };
  /**
   * The line that he asked for last, when it did not come up and he has done nothing about it since: to which phone or number,
   * how the ring ended, and when.
   */
  readonly lineRefused: { readonly at: string; readonly verdict: string; readonly when: EpochMs } | null;
  /** When the longest time of his status is, or was, over. */
  readonly statusUntil: EpochMs | null;
  readonly overran: boolean;
  readonly wrapUpUntil: EpochMs | null;
  readonly missed: number;
  readonly backOffUntil: EpochMs | null;
  readonly restUntil: EpochMs | null;
  /** How busy he was lately, 0–1. */
  readonly occupancy: number;
  readonly handled: Readonly<Record<QueueName, number>>;
  readonly lastCall: {
    readonly callId: CallId;
    readonly queue: QueueName | null;
    readonly disposition: string | null;
  } | null;
  readonly changed: AgentChange | null;
}

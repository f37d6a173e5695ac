import type { AgentId, EpochMs } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { boundTo, dueStep, isIn, ladderOf, type Queues, queuesFor, stepInForce, throughOf } from './pool-rules.ts';
import type { WaitingCall } from './queue.ts';

/** Who waits and who serves, at one moment. */
export interface Scene {
  readonly calls: readonly WaitingCall[];
  /** In the order of the site's list. */
  readonly agents: readonly PoolAgent[];
  readonly queues: Queues;
  /** Free agents who are kept for dials that ring. */
  readonly kept: ReadonlySet<AgentId>;
}

/** What a waiting call asks now. */
export interface Need {
  readonly call: WaitingCall;
  readonly serving: readonly QueueProfile[];
  /** The step in force, 0 being none relaxed, and what it asks. */
  readonly step: number;
  readonly require: readonly Requirement[];
  /** The only agent it rings; null: whoever is able. */
  readonly bound: AgentId | null;
}

/** Can anybody who is logged in serve that through one of these queues? */
export type CanBeMet = (serving: readonly QueueProfile[], require: readonly Requirement[]) => boolean;

/** Looks at all agents each time. */
export const canBeMetBy =
  (agents: readonly PoolAgent[]): CanBeMet =>
  (serving, require) =>
    agents.some((agent) => isIn(agent) && throughOf(agent.profile, serving, require) !== undefined);

/** What the call asks now, by looking at everybody: for people who ask, not for calls. */
export function needOf(call: WaitingCall, scene: Scene, now: EpochMs, canBeMet = canBeMetBy(scene.agents)): Need {
  const serving = queuesFor(call, scene.queues);
  const ladder = ladderOf(call, scene.queues);
  const asks = (step: number) => ladder[step]?.require ?? [];
  const due = dueStep(ladder, now - call.enqueuedAt);
  const step = stepInForce(ladder.length, due, (each) => canBeMet(serving, asks(each)));
  const preferred = scene.agents.find(({ id }) => id === call.prefer?.agentId);
  const able = preferred !== undefined && throughOf(preferred.profile, serving, asks(step)) !== undefined;
  const bound = boundTo(call, preferred ? { presence: preferred.presence, able } : null, now);
  return { call, serving, step, require: asks(step), bound };
}

import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { needOf, type Need, type Scene } from './match.ts';
import { queueOf, throughOf } from './pool-rules.ts';
import { byTurn, qualified, type WaitingCall } from './queue.ts';

/** What keeps an agent from a call. Who is only busy, away or out could take it if he were free. */
export type Hindrance =
  | { readonly why: 'queue'; readonly queues: readonly QueueName[] }
  | { readonly why: 'skills'; readonly lacks: readonly Lack[] }
  | { readonly why: 'other'; readonly agentId: AgentId }
  | { readonly why: 'out' | 'away' | 'busy' | 'kept' };

export interface Lack {
  readonly skill: string;
  readonly needs: number;
  /** 0: he has none of it. */
  readonly has: number;
}

/** A call that waits, as it stands now. */
export interface CallStanding {
  readonly call: WaitingCall;
  readonly step: number;
  readonly require: readonly Requirement[];
  /** The one agent whom it rings, or waits for. */
  readonly bound: AgentId | null;
  /** 1 being the next of its queue. */
  readonly position: number;
  /** Every agent; null: he can be offered it at once. */
  readonly agents: readonly { readonly agentId: AgentId; readonly hindrance: Hindrance | null }[];
}

/** Why a call waits: what it asks now, and what keeps each agent from it. Looks at everybody: for people who ask, not for calls. */
export function explainCall(call: WaitingCall, scene: Scene, now: EpochMs): CallStanding {
  const need = needOf(call, scene, now);
  const { step, require, bound } = need;
  const agents = scene.agents.map((agent) => ({ agentId: agent.id, hindrance: hindranceOf(agent, need, scene) }));
  return { call, step, require, bound, position: positionIn(scene, call), agents };
}

export interface AgentStanding {
  readonly agent: PoolAgent;
  /** All calls that wait, in their turn; null: he can be offered it at once. */
  readonly calls: readonly {
    readonly callId: CallId;
    readonly call: WaitingCall;
    readonly hindrance: Hindrance | null;
  }[];
}

/** Why an agent gets no call: what keeps him from each that waits. */
export function explainAgent(agent: PoolAgent, scene: Scene, now: EpochMs): AgentStanding {
  const calls = scene.calls.toSorted(byTurn).map((call) => {
    const hindrance = hindranceOf(agent, needOf(call, scene, now), scene);
    return { callId: call.callId, call, hindrance };
  });
  return { agent, calls };
}

/** What lasts is told before what passes: who lacks a skill is not told that he is busy. */
function hindranceOf(agent: PoolAgent, need: Need, scene: Scene): Hindrance | null {
  if (need.bound !== null) return need.bound === agent.id ? presenceOf(agent) : { why: 'other', agentId: need.bound };
  if (!throughOf(agent.profile, need.serving, need.require)) return whatLacks(agent.profile, need);
  if (agent.presence === 'free' && scene.kept.has(agent.id) && need.call.campaignId === null) return { why: 'kept' };
  return presenceOf(agent);
}

function presenceOf({ presence }: PoolAgent): Hindrance | null {
  return presence === 'free' ? null : { why: presence };
}

function whatLacks(profile: AgentProfile, { serving, require }: Need): Hindrance {
  const served = serving.filter(({ name }) => qualified(profile, { name, require: [] }, []));
  const [queue] = served;
  if (!queue) return { why: 'queue', queues: serving.map(({ name }) => name) };
  const asked = [...queue.require, ...require];
  const lacks = asked
    .map(({ skill, level }) => ({ skill, needs: level, has: profile.skills[skill] ?? 0 }))
    .filter(({ needs, has }) => has < needs);
  return { why: 'skills', lacks };
}

function positionIn(scene: Scene, call: WaitingCall): number {
  const own = queueOf(scene.queues, call.queue).name;
  const before = scene.calls.filter((other) => other.queue === own && other !== call && byTurn(other, call) < 0);
  return before.length + 1;
}

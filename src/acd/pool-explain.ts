import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, QueueProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { contenders, type Need, needOf, type Scene } from './match.ts';
import { dueStep, ladderOf, throughOf } from './pool-rules.ts';
import { byTurn, positionOf, serves, turnOf, type WaitingCall } from './queue.ts';

/** Why an agent is not given a call. */
export type Lack =
  /** Logged out, not ready, or ready with something else to do. */
  | { readonly why: 'out' | 'away' | 'busy' }
  /** He serves none of the queues whose agents may take the call. */
  | { readonly why: 'queue'; readonly queues: readonly QueueName[] }
  | { readonly why: 'skill'; readonly skill: string; readonly has: number; readonly needs: number }
  /** The call rings that agent and nobody else: for good, or until then. */
  | { readonly why: 'bound'; readonly agentId: AgentId; readonly until: EpochMs | null }
  /** He is kept for a dial that rings. */
  | { readonly why: 'kept' };

/** A call and an agent seen together. */
export interface Prospect {
  readonly callId: CallId;
  readonly agentId: AgentId;
  /** Empty: he may be given the call at once, in his turn and the call's. */
  readonly lacks: readonly Lack[];
  /** The queue through which he could serve it; null: none. */
  readonly through: QueueName | null;
}

/** How a waiting call stands. */
export interface CallExplained {
  readonly call: WaitingCall;
  readonly position: number;
  readonly waitedMs: number;
  /** Seconds of age and credit: the highest of those whom an agent can serve is served first. */
  readonly total: number;
  /** The step in force, 0 being none relaxed, and what it asks. */
  readonly step: number;
  readonly require: readonly Requirement[];
  /** When it will be content with something else; null: never. */
  readonly relaxesAt: EpochMs | null;
  /** Every agent; those to whom it could be given first, then those who lack the least. */
  readonly agents: readonly Prospect[];
}

/** How an agent stands. */
export interface AgentExplained {
  readonly agent: PoolAgent;
  /** How long a free one has waited for a call, ms; null: he is not free. */
  readonly idleMs: number | null;
  /** Every waiting call in its turn, and what he lacks for it. */
  readonly calls: readonly (Prospect & { readonly queue: QueueName; readonly waitedMs: number })[];
}

/** Null: the call does not wait. Looks at every agent. */
export function explainCall(scene: Scene, id: CallId, now: EpochMs): CallExplained | null {
  const call = scene.calls.find(({ callId }) => callId === id);
  if (!call) return null;
  const need = needOf(call, scene, now);
  const merit = new Map(contenders(need, scene).map(({ agent }, place) => [agent.id, place]));
  const place = ({ agentId, lacks }: Prospect) => merit.get(agentId) ?? merit.size + lacks.length;
  const agents = scene.agents.map((agent) => prospect(agent, need, scene));
  return {
    call,
    position: positionOf(scene.calls, id),
    waitedMs: now - call.enqueuedAt,
    total: (now - turnOf(call)) / 1000,
    step: need.step,
    require: need.require,
    relaxesAt: relaxesAt(call, scene, now),
    agents: agents.toSorted((a, b) => place(a) - place(b)),
  };
}

/** Null: nobody knows the agent. Looks at every waiting call. */
export function explainAgent(scene: Scene, id: AgentId, now: EpochMs): AgentExplained | null {
  const agent = scene.agents.find((one) => one.id === id);
  if (!agent) return null;
  const calls = scene.calls.toSorted(byTurn).map((call) => ({
    ...prospect(agent, needOf(call, scene, now), scene),
    queue: call.queue,
    waitedMs: now - call.enqueuedAt,
  }));
  return { agent, idleMs: agent.presence === 'free' ? now - agent.idleSince : null, calls };
}

function relaxesAt(call: WaitingCall, { queues }: Scene, now: EpochMs): EpochMs | null {
  const ladder = ladderOf(call, queues);
  const next = ladder[dueStep(ladder, now - call.enqueuedAt) + 1];
  return next ? call.enqueuedAt + next.afterMs : null;
}

function prospect(agent: PoolAgent, need: Need, { kept }: Scene): Prospect {
  const { call, serving, require, bound } = need;
  const lacks: Lack[] = agent.presence === 'free' ? [] : [{ why: agent.presence }];
  if (kept.has(agent.id) && call.campaignId === null) lacks.push({ why: 'kept' });
  if (bound !== null && bound !== agent.id) {
    lacks.push({ why: 'bound', agentId: bound, until: call.only === null ? (call.prefer?.until ?? null) : null });
  }
  if (bound !== agent.id) lacks.push(...abilities(agent.profile, serving, require));
  const through = bound === agent.id ? serving[0] : throughOf(agent.profile, serving, require);
  return { callId: call.callId, agentId: agent.id, lacks, through: through?.name ?? null };
}

/** What he lacks to serve through the queue where he lacks the least. */
function abilities(agent: AgentProfile, serving: readonly QueueProfile[], require: readonly Requirement[]): Lack[] {
  const his = serving.filter(({ name }) => serves(agent, name));
  if (his.length === 0) return [{ why: 'queue', queues: serving.map(({ name }) => name) }];
  const missing = his.map((queue) => skillsMissing(agent, [...queue.require, ...require]));
  return missing.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function skillsMissing({ skills }: AgentProfile, asked: readonly Requirement[]): Lack[] {
  const needs = new Map<string, number>();
  for (const { skill, level } of asked) needs.set(skill, Math.max(level, needs.get(skill) ?? 0));
  return [...needs].flatMap(([skill, level]): Lack[] => {
    const has = Object.hasOwn(skills, skill) ? (skills[skill] ?? 0) : 0;
    return has < level ? [{ why: 'skill', skill, has, needs: level }] : [];
  });
}

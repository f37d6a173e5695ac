import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { type CanBeMet, canBeMetBy, needOf, type Need, type Scene } from './match.ts';
import { dueStep, hadItsShare, ladderOf, throughOf } from './pool-rules.ts';
import { byTurn, positionOf, qualified, serves, type WaitingCall } from './queue.ts';

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

/** A queue that has had more than its share of an agent's calls: its calls come to him as if they were younger. */
export interface ShareHad {
  readonly queue: QueueName;
  readonly share: number;
  readonly calls: number;
  readonly ofCalls: number;
}

/** A call that waits, as it stands now. */
export interface CallStanding {
  readonly call: WaitingCall;
  readonly step: number;
  /** What the call asks, and what its queue asks of everybody. */
  readonly require: readonly Requirement[];
  readonly ofQueue: readonly Requirement[];
  /** When it will be content with something else; null: never. */
  readonly relaxes: { readonly at: EpochMs; readonly require: readonly Requirement[] } | null;
  /** The one agent whom it rings, or waits for. */
  readonly bound: AgentId | null;
  /** 1 being the next of its queue. */
  readonly position: number;
  /** Every agent; `hindrance` null: he can be offered it at once. */
  readonly agents: readonly {
    readonly agentId: AgentId;
    readonly hindrance: Hindrance | null;
    readonly had: ShareHad | null;
  }[];
}

/** Why a call waits: what it asks now, and what keeps each agent from it. Looks at everybody: for people who ask, not for calls. */
export function explainCall(call: WaitingCall, scene: Scene, now: EpochMs): CallStanding {
  const need = needOf(call, scene, now);
  const { step, require, bound, serving } = need;
  const agents = scene.agents.map((agent) => {
    const hindrance = hindranceOf(agent, need, scene);
    const through = hindrance === null ? throughOf(agent.profile, serving, require) : undefined;
    return { agentId: agent.id, hindrance, had: through && bound === null ? shareHad(agent, through.name) : null };
  });
  const ofQueue = serving[0]?.require ?? [];
  const position = positionOf(scene.calls, call.callId);
  return { call, step, require, ofQueue, relaxes: relaxes(call, scene, now), bound, position, agents };
}

/** A call that waits, and what keeps one agent from it; null: he can be offered it at once. */
export interface Outlook {
  readonly call: WaitingCall;
  /** 1 being the next of its queue. */
  readonly position: number;
  readonly hindrance: Hindrance | null;
}

export interface AgentStanding {
  readonly agent: PoolAgent;
  /** Calls that wait, in their turn. */
  readonly calls: readonly Outlook[];
  /** Calls of his queues that were not looked at, behind so many that were. */
  readonly more: number;
  readonly had: readonly ShareHad[];
}

/** What a call asks now may take a look at every agent, so of an agent's queues only so many calls are looked at, the next ones. */
const LOOKED_AT = 200;

/** Why an agent gets no call: what keeps him from each that waits. Calls that are not for him cost next to nothing. */
export function explainAgent(agent: PoolAgent, scene: Scene, now: EpochMs): AgentStanding {
  const places = new Map<QueueName, number>();
  const canBeMet = onceEach(canBeMetBy(scene.agents));
  const calls: Outlook[] = [];
  let [looked, more] = [0, 0];
  for (const call of scene.calls.toSorted(byTurn)) {
    const position = (places.get(call.queue) ?? 0) + 1;
    places.set(call.queue, position);
    const never = neverHis(agent, call);
    if (!never && looked === LOOKED_AT) {
      more += 1;
      continue;
    }
    if (!never) looked += 1;
    calls.push({ call, position, hindrance: never ?? hindranceOf(agent, needOf(call, scene, now, canBeMet), scene) });
  }
  const shares = Object.keys(agent.profile.shares ?? {});
  return { agent, calls, more, had: shares.flatMap((queue) => shareHad(agent, queue) ?? []) };
}

/** Many calls ask the same. */
function onceEach(canBeMet: CanBeMet): CanBeMet {
  const known = new Map<string, boolean>();
  return (serving, require) => {
    const key = JSON.stringify([serving.map(({ name }) => name), require]);
    const met = known.get(key) ?? canBeMet(serving, require);
    known.set(key, met);
    return met;
  };
}

/** What keeps him from it whatever it asks. */
function neverHis({ id, profile }: PoolAgent, { only, queue, also }: WaitingCall): Hindrance | null {
  if (only !== null) return only === id ? null : { why: 'other', agentId: only };
  const queues = [queue, ...also];
  return queues.some((name) => serves(profile, name)) ? null : { why: 'queue', queues };
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

/** In the first of his queues that may take the call; skills that are asked twice are told once. */
function whatLacks(profile: AgentProfile, { serving, require }: Need): Hindrance {
  const queue = serving.find((each) => qualified(profile, { name: each.name, require: [] }, []));
  if (!queue) return { why: 'queue', queues: serving.map(({ name }) => name) };
  const needs = new Map<string, number>();
  for (const { skill, level } of [...queue.require, ...require]) {
    needs.set(skill, Math.max(level, needs.get(skill) ?? 0));
  }
  const lacks = [...needs].map(([skill, level]) => ({ skill, needs: level, has: profile.skills[skill] ?? 0 }));
  return { why: 'skills', lacks: lacks.filter((lack) => lack.has < lack.needs) };
}

function relaxes(call: WaitingCall, { queues }: Scene, now: EpochMs): CallStanding['relaxes'] {
  const ladder = ladderOf(call, queues);
  const next = ladder[dueStep(ladder, now - call.enqueuedAt) + 1];
  return next ? { at: call.enqueuedAt + next.afterMs, require: next.require } : null;
}

function shareHad(agent: PoolAgent, queue: QueueName): ShareHad | null {
  const share = agent.profile.shares?.[queue];
  if (share === undefined || !hadItsShare(agent, queue)) return null;
  const ofCalls = Object.values(agent.handled).reduce((sum, calls) => sum + calls, 0);
  return { queue, share, calls: agent.handled[queue] ?? 0, ofCalls };
}

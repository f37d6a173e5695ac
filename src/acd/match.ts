import type { AgentId, EpochMs } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import {
  boundTo,
  dueStep,
  hadItsShare,
  isIn,
  ladderOf,
  type Queues,
  queuesFor,
  rankOf,
  stepInForce,
  throughOf,
} from './pool-rules.ts';
import { byTurn, type WaitingCall } from './queue.ts';
import { strategyKey } from './strategy.ts';

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

/** A free agent who may take a call, and what decides between him and others. */
export interface Contender {
  readonly agent: PoolAgent;
  readonly through: QueueProfile;
  /** He has had more than this queue's share. */
  readonly breaksShare: boolean;
  readonly rank: number;
  /** The strategy's figure. */
  readonly key: number;
}

/**
 * The next pairing by plain looking at everybody: what `Pool` finds without. The rules:
 *
 * - **Turn.** Calls are served by age and credit (`turnOf`), a person rung by a campaign before all others.
 * - **Able** is who serves the call's queue, or one in `also`, with every skill at the level which that queue and the
 *   call ask. A call with `only` asks for nothing but that agent.
 * - **Steps.** What the call asks is relaxed as it waits, by its own steps or its queue's. A step that nobody logged in
 *   could meet gives way to the next that somebody can, at once and as long as that is so.
 * - **Preferred.** Before its patience ends the call waits for that agent, while he is ready and able.
 * - **Shares.** An agent's calls of a queue of which he has had more than his share come after all others; not those
 *   that wait for him alone.
 * - **Who.** Of the free and able the one of the lowest rank in the queue through which he serves; then by the strategy of
 *   the call's queue; then who has been idle longest; then by id. `ring-several` rings more of the same rank, but nobody
 *   whom another waiting call could have.
 * - **Dials that ring** keep an agent each: only a person whom a campaign rang may be given him.
 *
 * No agent stays free who could take a call that waits.
 */
export function bestPairing(scene: Scene, now: EpochMs): { need: Need; taken: readonly Contender[] } | null {
  const needs = scene.calls.toSorted(byTurn).map((call) => needOf(call, scene, now));
  const best = (breaksShare: boolean) => {
    for (const need of needs) {
      const [first, ...others] = contenders(need, scene).filter((one) => one.breaksShare === breaksShare);
      if (!first) continue;
      const more = others.slice(0, phonesAtOnce(need) - 1);
      return { need, taken: [first, ...more.filter((one) => ringsToo(one, first, need, needs, scene))] };
    }
    return null;
  };
  return best(false) ?? best(true);
}

function phonesAtOnce({ serving: [own], bound }: Need): number {
  return own?.strategy === 'ring-several' && bound === null ? own.ringAtOnce : 1;
}

function ringsToo(one: Contender, first: Contender, need: Need, needs: readonly Need[], scene: Scene): boolean {
  if (one.rank !== first.rank) return false;
  return !needs.some((other) => other !== need && contends(one.agent, other, scene));
}

/** Can anybody who is logged in serve that through one of these queues? */
export type CanBeMet = (serving: readonly QueueProfile[], require: readonly Requirement[]) => boolean;

/** Looks at all agents each time. */
export const canBeMetBy =
  (agents: readonly PoolAgent[]): CanBeMet =>
  (serving, require) =>
    agents.some((agent) => isIn(agent) && throughOf(agent.profile, serving, require) !== undefined);

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

function contends(agent: PoolAgent, need: Need, { kept }: Scene): boolean {
  if (agent.presence !== 'free' || (kept.has(agent.id) && need.call.campaignId === null)) return false;
  if (need.bound !== null) return need.bound === agent.id;
  return throughOf(agent.profile, need.serving, need.require) !== undefined;
}

/** All who may take the call now, the first one first. */
export function contenders(need: Need, scene: Scene): readonly Contender[] {
  const [own] = need.serving;
  if (!own) return [];
  const weighed = scene.agents.flatMap((agent, order): readonly Contender[] => {
    if (!contends(agent, need, scene)) return [];
    const through = throughOf(agent.profile, need.serving, need.require) ?? own;
    const asked = [...through.require, ...need.require];
    const key = strategyKey(agent, { queue: own, asked, order });
    const breaksShare = need.bound === null && hadItsShare(agent, through.name);
    return [{ agent, through, breaksShare, rank: rankOf(agent, through.name), key }];
  });
  return weighed.toSorted(byMerit);
}

/** Sorts those who get a call to the front. */
function byMerit(a: Contender, b: Contender): number {
  const first = Number(a.breaksShare) - Number(b.breaksShare) || a.rank - b.rank || a.key - b.key;
  return first || a.agent.idleSince - b.agent.idleSince || (a.agent.id < b.agent.id ? -1 : 1);
}

import type { AgentId, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import { erlangC } from './erlang.ts';

/** An agent who is ready, as the reserve sees him. */
export interface ReserveAgent {
  readonly id: AgentId;
  readonly queues: readonly QueueName[];
  /** Serves campaigns too, so that a dial may take him. */
  readonly blended: boolean;
  readonly doing: 'free' | 'inbound' | 'campaign';
}

/** What a queue that holds a reserve looks like now. */
export interface ReserveQueue {
  readonly profile: Pick<QueueProfile, 'name' | 'targetMs' | 'serviceLevel'>;
  /** Calls per ms that are expected. */
  readonly ratePerMs: number;
  /** How long calls take, talk and wrap-up, ms; null: nobody knows, and nothing is held. */
  readonly handleMs: number | null;
  /** Share of the latest calls that was answered in time; null: too few to tell. */
  readonly serviceLevel: number | null;
}

/** More agents than any queue has; no load needs more. */
const MOST = 10_000;

/** An agent less, or more, for so much by which the latest calls were better than promised, or worse. */
const STEP = 0.05;
const MOST_MORE = 3;

/**
 * Agents who must be on inbound calls or free for them, so that the service level is kept: the fewest for which Erlang C
 * says so at the expected load. It takes the others for lost, though talks of campaigns end too; so what came of it corrects
 * it, and while all goes well dials are not made to pay.
 */
export function agentsNeeded({ profile, ratePerMs, handleMs, serviceLevel }: ReserveQueue): number {
  if (handleMs === null || ratePerMs <= 0) return 0;
  const { targetMs, serviceLevel: wanted } = profile;
  const traffic = { callsPerSecond: ratePerMs * 1_000, handleS: handleMs / 1_000, targetS: targetMs / 1_000 };
  let agents = Math.floor(ratePerMs * handleMs) + 1;
  while (agents < MOST && erlangC({ agents, ...traffic }).serviceLevel < wanted) agents += 1;
  const correction = serviceLevel === null ? 0 : Math.round((wanted - serviceLevel) / STEP);
  return Math.max(0, agents + Math.min(MOST_MORE, correction));
}

/** How many agents a queue needs, as `agentsNeeded` says. */
export interface Expected {
  readonly queue: QueueName;
  readonly needed: number;
}

export interface Held extends Expected {
  readonly agents: readonly AgentId[];
}

/**
 * The free agents who are not to be counted on for dials, per queue. Those who are on inbound calls of the queue's agents
 * count towards what is needed, so do free ones who serve no campaign; only what is missing then is held, each agent for one
 * queue. Who was held before is held again, so that the choice does not flap. A person who was dialled and answers goes
 * first all the same: this limits dials, not what becomes of them.
 */
export function holdBack(
  queues: readonly Expected[],
  agents: readonly ReserveAgent[],
  before: ReadonlySet<AgentId>,
): readonly Held[] {
  const used = new Set<AgentId>();
  const take = (candidates: readonly ReserveAgent[], count: number): readonly AgentId[] => {
    const taken = candidates.filter(({ id }) => !used.has(id)).slice(0, Math.max(0, count));
    for (const { id } of taken) used.add(id);
    return taken.map(({ id }) => id);
  };
  return queues.map(({ queue, needed }) => {
    const serving = agents.filter((agent) => agent.queues.includes(queue));
    const busy = take(
      serving.filter(({ doing }) => doing === 'inbound'),
      needed,
    ).length;
    const own = take(
      serving.filter(({ doing, blended }) => doing === 'free' && !blended),
      needed - busy,
    ).length;
    const blended = serving.filter((agent) => agent.doing === 'free' && agent.blended);
    const kept = blended.toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)));
    return { queue, needed, agents: take(kept, needed - busy - own) };
  });
}

import { type AgentLive, agentLiveSchema, isFree } from '../../src/acd/agent-live.ts';
import { qualified, type WaitingCall } from '../../src/acd/queue.ts';
import type { AgentProfile, QueueProfile } from '../../src/call/routing.ts';
import { waitSchema } from '../../src/engine/dispatch/messages.ts';
import type { LiveStore } from '../../src/engine/ports/live-store.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Longer than what was declined, or lost in a race, rests before it is offered again. */
const LOOKS = 6;
const LOOK_MS = 50;

interface Floor {
  /** The store itself: what is true, whatever a process has heard of it. */
  readonly live: LiveStore;
  readonly clock: SimulatedClock;
  readonly agents: readonly AgentProfile[];
  readonly queues: ReadonlyMap<string, QueueProfile>;
}

/**
 * Calls that wait for a quarter of a second while one and the same agent is free who could take them, and is not kept for a
 * dial that rings. It knows calls that ask the same all the time, and agents who can always do the same.
 */
export async function idleBeside(floor: Floor): Promise<readonly string[]> {
  let all = await idleNow(floor);
  for (let look = 1; look < LOOKS && all.size > 0; look += 1) {
    await floor.clock.advance(LOOK_MS);
    all = all.intersection(await idleNow(floor));
  }
  return [...all];
}

async function idleNow({ live, clock, agents, queues }: Floor): Promise<Set<string>> {
  const now = clock.now();
  const docs = await live.loadAgents();
  const free = docs.map(({ body }) => agentLiveSchema.parse(body)).filter((agent) => isFree(agent, now));
  const waits = (await live.loadTickets()).map(({ body }) => waitSchema.parse(body));
  const kept = waits.filter(({ expected }) => expected).length;
  const could = ({ id }: AgentLive, { queue, require, only }: WaitingCall) => {
    const profile = agents.find((each) => each.id === id);
    if (only !== null) return only === id;
    return profile !== undefined && qualified(profile, queues.get(queue) ?? { name: queue, require: [] }, require);
  };
  const pairs = waits.flatMap(({ ticket, expected }) => {
    const able = expected ? [] : free.filter((agent) => could(agent, ticket));
    return able.length > kept ? able.map(({ id, since }) => `${ticket.callId} beside ${id}, idle since ${since}`) : [];
  });
  return new Set(pairs);
}

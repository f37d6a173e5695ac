import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import { isFree } from './agent.ts';
import { byTurn, type Candidate, qualified, requirementsAt, type WaitingCall } from './queue.ts';

export type { WaitingCall } from './queue.ts';

export interface Pairing {
  readonly callId: CallId;
  readonly agentId: AgentId;
}

/**
 * Pairs waiting calls with free agents, each at most once: the calls by their turn, each with the one who has been idle
 * longest among those qualified. No free agent is left over who could take a call that is left over.
 */
export function match(input: {
  readonly waiting: readonly WaitingCall[];
  readonly agents: readonly Candidate[];
  readonly queues: ReadonlyMap<QueueName, QueueProfile>;
  readonly now: EpochMs;
}): readonly Pairing[] {
  const free = input.agents.filter(({ live }) => isFree(live, input.now)).sort(byIdleTime);
  const calls = [...input.waiting].sort(byTurn);
  const pairings: Pairing[] = [];
  // Agents only become fewer, so what one call found nobody for, no later call of the same demand will.
  const hopeless = new Set<string>();
  for (const call of calls) {
    if (free.length === 0) break;
    const require = requirementsAt(call, input.now);
    const demand = demandOf(call, require);
    if (hopeless.has(demand)) continue;
    const queue = input.queues.get(call.queue) ?? { name: call.queue, require: [] };
    const index = free.findIndex(({ profile }) => qualified(profile, queue, require));
    const [taken] = index < 0 ? [] : free.splice(index, 1);
    if (taken) pairings.push({ callId: call.callId, agentId: taken.live.id });
    else hopeless.add(demand);
  }
  return pairings;
}

function byIdleTime(a: Candidate, b: Candidate): number {
  return a.live.idleSince - b.live.idleSince || (a.live.id < b.live.id ? -1 : 1);
}

function demandOf(call: WaitingCall, require: readonly Requirement[]): string {
  return JSON.stringify([call.queue, require.map(({ skill, level }) => [skill, level])]);
}

import type { PoolAgent } from '../../../src/acd/decision.ts';
import { Pool } from '../../../src/acd/pool.ts';
import type { WaitingCall } from '../../../src/acd/queue.ts';
import type { AgentProfile, QueueProfile } from '../../../src/call/routing.ts';
import { agent as candidate, queue, T0 } from './builders.ts';

/** Free, and serves `support`. */
export function poolAgent(
  id: string,
  profile: Partial<AgentProfile> = {},
  now: Partial<Omit<PoolAgent, 'id' | 'profile'>> = {},
): PoolAgent {
  const plain = { presence: 'free', idleSince: T0, occupancy: 0, handled: {}, offeredAt: T0 } as const;
  return { ...plain, ...now, id, profile: candidate(id, profile).profile };
}

export function poolOf(...queues: readonly Partial<QueueProfile>[]): Pool {
  const all = queues.map((profile) => queue(profile));
  return new Pool(new Map(all.map((profile) => [profile.name, profile])), 7);
}

/** Puts them at T0. */
export function fill(pool: Pool, agents: readonly PoolAgent[], calls: readonly WaitingCall[]): Pool {
  for (const agent of agents) pool.putAgent(agent, T0);
  for (const call of calls) pool.putCall(call, T0);
  return pool;
}

/** All pairings that there are now, as `call>agent` and further agents. */
export function pairings(pool: Pool, now = T0): string[] {
  const found: string[] = [];
  for (let why = pool.next(now); why; why = pool.next(now)) found.push(`${why.callId}>${why.agentIds.join('+')}`);
  return found;
}

import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import { type AgentProfile, PLAIN_QUEUE, type QueueProfile, type Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { qualified, type WaitingCall } from './queue.ts';

/** The queues of the site, by name. */
export type Queues = ReadonlyMap<QueueName, QueueProfile>;

/**
 * Seconds of credit that a call loses where its queue has had its share of the agent: others go first, yet it only waits so much
 * longer than they do, whatever the share.
 */
export const SHARE_DEBIT = 300;

/** The same in ms, for a call that breaks a share or does not. */
export const debitOf = (breaksShare: boolean): number => (breaksShare ? 1_000 * SHARE_DEBIT : 0);

/** A queue as the site defines it, or a plain one: a campaign's, or one that a waiting call outlives. */
export function queueOf(queues: Queues, name: QueueName): QueueProfile {
  return queues.get(name) ?? { ...PLAIN_QUEUE, name, title: name };
}

/** The queues whose agents may take the call: its own, then those that help out. */
export function queuesFor(call: Pick<WaitingCall, 'queue' | 'also'>, queues: Queues): readonly QueueProfile[] {
  return [call.queue, ...call.also].map((name) => queueOf(queues, name));
}

/** The queue through which the agent can serve what is asked, the call's own before others; undefined: he cannot. */
export function throughOf(
  profile: AgentProfile,
  serving: readonly QueueProfile[],
  require: readonly Requirement[],
): QueueProfile | undefined {
  return serving.find((queue) => qualified(profile, queue, require));
}

/** What a call asks for over time; the first step, with nothing relaxed, holds from the beginning. */
export type Ladder = readonly { readonly afterMs: number; readonly require: readonly Requirement[] }[];

/** The call's own steps, or its queue's when it has none. */
export function ladderOf(call: Pick<WaitingCall, 'queue' | 'require' | 'relax'>, queues: Queues): Ladder {
  const relax = call.relax.length > 0 ? call.relax : queueOf(queues, call.queue).relax;
  return [{ afterMs: 0, require: call.require }, ...relax];
}

/** Index of the last step that is due once a call has waited so long. */
export function dueStep(ladder: readonly Pick<Ladder[number], 'afterMs'>[], waitedMs: number): number {
  let due = ladder.length - 1;
  while (due > 0 && (ladder[due]?.afterMs ?? 0) > waitedMs) due -= 1;
  return due;
}

/**
 * The step in force: the due one, or the next later one that somebody logged in could meet; when no later one helps
 * either, the due one stays, for who may yet log in.
 */
export function stepInForce(steps: number, due: number, canBeMet: (step: number) => boolean): number {
  for (let step = due; step < steps; step += 1) if (canBeMet(step)) return step;
  return due;
}

/** Of all queues. */
export function sumOf(calls: Readonly<Record<QueueName, number>>): number {
  let sum = 0;
  for (const queue in calls) sum += calls[queue] ?? 0; // no array for what is asked so often
  return sum;
}

/** Has this queue had more than its share of the agent's calls? */
export function hadItsShare({ profile, handled }: PoolAgent, queue: QueueName): boolean {
  const share = profile.shares?.[queue];
  if (share === undefined) return false;
  const all = sumOf(handled);
  return (handled[queue] ?? 0) > share * all;
}

export function rankOf({ profile }: PoolAgent, queue: QueueName): number {
  return profile.ranks?.[queue] ?? 1;
}

export function isIn(agent: PoolAgent): boolean {
  return agent.presence !== 'out';
}

/**
 * The agent whom the call rings and nobody else. `preferred` is the agent as the pool has him: before the call's patience
 * ends he is waited for while he is ready and able, busy or free.
 */
export function boundTo(
  call: WaitingCall,
  preferred: { readonly presence: PoolAgent['presence']; readonly able: boolean } | null,
  now: EpochMs,
): AgentId | null {
  if (call.only !== null) return call.only;
  if (call.prefer === null || preferred === null || now >= call.prefer.until || !preferred.able) return null;
  return preferred.presence === 'busy' || preferred.presence === 'free' ? call.prefer.agentId : null;
}

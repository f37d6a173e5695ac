import { type Candidate, qualified } from '../acd/queue.ts';
import type { CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { CallState } from './call/state.ts';

interface Seen {
  readonly profile: QueueProfile;
  /** Of one queue. */
  readonly calls: readonly CallState[];
  readonly queues: ReadonlyMap<QueueName, QueueProfile>;
  readonly leaveMs: number;
  readonly now: EpochMs;
}

/** Calls of one need, which are judged together. */
interface Need {
  readonly serving: readonly QueueProfile[];
  readonly steps: readonly (readonly Requirement[])[];
  readonly calls: CallState[];
}

/** Since when nobody is logged in who could take calls of a need. */
export class Lonely {
  readonly #since = new Map<QueueName, Map<string, EpochMs>>();

  /** The calls that have been without anybody for so long; who has come since then has waited for as long, too. */
  since({ profile, calls, queues, leaveMs, now }: Seen, agents: () => readonly Candidate[]): readonly CallId[] {
    const before = this.#since.get(profile.name);
    const after = new Map<string, EpochMs>();
    this.#since.set(profile.name, after);
    return [...needsOf(profile, calls, queues)].flatMap(([key, need]) => {
      if (agents().some((agent) => couldTake(agent, need))) return [];
      const since = before?.get(key) ?? now;
      after.set(key, since);
      return need.calls.filter(({ visit }) => now - Math.max(since, beganAt(visit)) >= leaveMs).map(({ id }) => id);
    });
  }
}

const beganAt = (visit: CallState['visit']): EpochMs => visit?.since ?? visit?.enqueuedAt ?? 0;

function needsOf(
  profile: QueueProfile,
  calls: readonly CallState[],
  queues: Seen['queues'],
): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  for (const call of calls) {
    if (!call.visit) continue;
    const { request, also = [] } = call.visit;
    const relax = request.relax.length > 0 ? request.relax : profile.relax;
    const key = JSON.stringify([also, request.require, relax]);
    const serving = [profile, ...also.flatMap((name) => queues.get(name) ?? [])];
    const need = needs.get(key) ?? {
      serving,
      steps: [request.require, ...relax.map(({ require }) => require)],
      calls: [],
    };
    need.calls.push(call);
    needs.set(key, need);
  }
  return needs;
}

const couldTake = ({ live, profile }: Candidate, { serving, steps }: Need): boolean =>
  live.status !== 'logged-out' && serving.some((queue) => steps.some((require) => qualified(profile, queue, require)));

import type { WaitingCall } from '../acd/queue.ts';
import type { CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { CallState } from './call/state.ts';

interface Seen {
  readonly queue: QueueName;
  /** Of this queue. */
  readonly calls: readonly CallState[];
  readonly leaveMs: number;
  readonly now: EpochMs;
}

/** What a call asks of agents, whichever queue they are of. */
export type Asked = Pick<WaitingCall, 'queue' | 'also' | 'require' | 'relax'>;

/** Calls of one need, which are judged together. */
interface Need {
  readonly asked: Asked;
  readonly calls: CallState[];
}

/** Since when nobody is logged in who could take calls of a need. */
export class Lonely {
  readonly #since = new Map<QueueName, Map<string, EpochMs>>();

  /** The calls that have been without anybody for so long; who has come since then has waited for as long, too. */
  since({ queue, calls, leaveMs, now }: Seen, isStaffed: (asked: Asked) => boolean): readonly CallId[] {
    const before = this.#since.get(queue);
    const after = new Map<string, EpochMs>();
    this.#since.set(queue, after);
    return [...needsOf(queue, calls)].flatMap(([key, need]) => {
      if (isStaffed(need.asked)) return [];
      const since = before?.get(key) ?? now;
      after.set(key, since);
      return need.calls.filter(({ visit }) => now - Math.max(since, beganAt(visit)) >= leaveMs).map(({ id }) => id);
    });
  }
}

const beganAt = (visit: CallState['visit']): EpochMs => visit?.since ?? visit?.enqueuedAt ?? 0;

function needsOf(queue: QueueName, calls: readonly CallState[]): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  for (const call of calls) {
    if (!call.visit) continue;
    const { request, also = [] } = call.visit;
    const { require, relax } = request;
    const key = JSON.stringify([also, require, relax]);
    const need = needs.get(key) ?? { asked: { queue, also, require, relax }, calls: [] };
    need.calls.push(call);
    needs.set(key, need);
  }
  return needs;
}

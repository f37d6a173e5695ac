import { type EndedWait, ROLLING, serviceLevelOf } from '../acd/service-level.ts';
import type { EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { Work } from './work-seen.ts';

/** The service level of each queue as it is now, over all processes. */
export class ServiceLevels {
  readonly #queues: () => ReadonlyMap<QueueName, Pick<QueueProfile, 'targetMs'>>;
  readonly #waits = new Map<QueueName, EndedWait[]>();

  constructor(queues: () => ReadonlyMap<QueueName, Pick<QueueProfile, 'targetMs'>>) {
    this.#queues = queues;
  }

  see(work: Work): void {
    if (work.what !== 'waited' || work.how === 'left') return;
    const { queue, at, how, ms: waitedMs } = work;
    const waits = this.#waits.get(queue) ?? [];
    waits.push({ at, how, waitedMs });
    this.#waits.set(queue, waits.length > 2 * ROLLING.calls ? waits.slice(-ROLLING.calls) : waits);
  }

  /** 0–1; null: too few calls to tell. */
  of(queue: QueueName, now: EpochMs): number | null {
    const profile = this.#queues().get(queue);
    return profile ? serviceLevelOf(this.#waits.get(queue) ?? [], profile.targetMs, now) : null;
  }
}

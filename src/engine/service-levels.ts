import { type EndedWait, ROLLING, serviceLevelOf } from '../acd/service-level.ts';
import type { EpochMs, QueueName } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { QueueProfile } from '../call/routing.ts';

/** Outcomes of those whom the queue did not serve; who chose another way out was not left unserved. */
const UNSERVED = new Set(['timeout', 'noAgents', 'closed']);

/** The service level of each queue as it is now, from the journal; known since this process began. */
export class ServiceLevels {
  readonly #queues: () => ReadonlyMap<QueueName, Pick<QueueProfile, 'targetMs'>>;
  readonly #waits = new Map<QueueName, EndedWait[]>();

  constructor(queues: () => ReadonlyMap<QueueName, Pick<QueueProfile, 'targetMs'>>) {
    this.#queues = queues;
  }

  see(event: JournalEvent): void {
    const { at } = event;
    // Who was rung back waited where he liked.
    if (event.type === 'call.connected' && event.data.of !== undefined) return undefined;
    if (event.type === 'call.connected') return this.#keep(event.data, 'answered', at);
    if (event.type === 'call.abandoned') return this.#keep(event.data, 'abandoned', at);
    // Who was turned away at the door never waited.
    const waited = event.type === 'call.queue.left' && event.data.waitedMs > 0 && UNSERVED.has(event.data.outcome);
    return waited ? this.#keep(event.data, 'unserved', at) : undefined;
  }

  /** 0–1; null: too few calls to tell. */
  of(queue: QueueName, now: EpochMs): number | null {
    const profile = this.#queues().get(queue);
    return profile ? serviceLevelOf(this.#waits.get(queue) ?? [], profile.targetMs, now) : null;
  }

  #keep({ queue, waitedMs }: { queue: QueueName; waitedMs: number }, how: EndedWait['how'], at: EpochMs): void {
    if (!this.#queues().has(queue)) return;
    const waits = this.#waits.get(queue) ?? [];
    waits.push({ at, how, waitedMs });
    this.#waits.set(queue, waits.length > 2 * ROLLING.calls ? waits.slice(-ROLLING.calls) : waits);
  }
}

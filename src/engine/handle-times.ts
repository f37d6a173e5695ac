import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { QueueProfile } from '../call/routing.ts';

const WINDOW_MS = 3_600_000;
/** Talks that are remembered of one queue; more would not make the mean any better. */
const MOST_TALKS = 500;
/** Calls that talk at one time and are remembered; one whose end is never told is pushed out by later ones. */
const MOST_OPEN = 10_000;

/** How long calls of each queue took lately, from the journal: talk, and the queue's wrap-up. Known since this process began. */
export class HandleTimes {
  readonly #queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>;
  readonly #talks = new Map<string, { readonly at: EpochMs; readonly ms: number }[]>();
  /** Queue by call that talks. */
  readonly #open = new Map<string, string>();

  constructor(queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>) {
    this.#queues = queues;
  }

  see(event: JournalEvent): void {
    if (event.type === 'call.connected') {
      this.#open.set(event.subject, event.data.queue);
      if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value ?? '');
    } else if (event.type === 'call.disconnected') {
      const queue = this.#open.get(event.subject);
      if (queue !== undefined && this.#open.delete(event.subject)) {
        this.#keep(queue, event.at, event.data.talkedMs + (event.data.heldMs ?? 0));
      }
    }
  }

  /** Mean of the last hour; null when no talk ended in it. */
  meanMs(queue: string, now: EpochMs): number | null {
    const recent = (this.#talks.get(queue) ?? []).filter(({ at }) => now - at < WINDOW_MS);
    if (recent.length === 0) return null;
    return recent.reduce((sum, { ms }) => sum + ms, 0) / recent.length;
  }

  #keep(queue: string, at: EpochMs, talkedMs: number): void {
    const wrapUpMs = this.#queues().get(queue)?.wrapUpMs ?? 0;
    const talks = [...(this.#talks.get(queue) ?? []), { at, ms: talkedMs + wrapUpMs }];
    if (this.#queues().has(queue)) this.#talks.set(queue, talks.slice(-MOST_TALKS));
  }
}

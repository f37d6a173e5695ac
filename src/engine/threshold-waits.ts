import type { EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import { WaitCounts } from '../work/wait-counts.ts';
import { DISORDER_MS, SeenTwice, slices } from './journal-span.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock } from './ports/time.ts';
import { waitedIn } from './work-seen.ts';

/** So long at most is read in one go; what is left is read at the next. */
const AT_ONCE_MS = 5_000;

interface WaitRooms {
  readonly clock: Clock;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly queues: () => ReadonlyMap<QueueName, Pick<QueueProfile, 'targetMs'>>;
  /** Who gives up sooner did not really wait. */
  readonly shortMs: () => number;
}

/**
 * How waits in queues ended lately, over all processes, counted from the journal: so a process that has just begun knows of the
 * hours before.
 */
export class ThresholdWaits {
  readonly #rooms: WaitRooms;
  #counts = new WaitCounts();
  #seen = new SeenTwice();
  #from: EpochMs | null = null;
  #cursor: string | null = null;

  constructor(rooms: WaitRooms) {
    this.#rooms = rooms;
  }

  /** Reads on. Null: what ended since `from` is not all read yet. @throws when the journal cannot be read */
  async since(from: EpochMs): Promise<WaitCounts | null> {
    const { clock, live } = this.#rooms;
    const began = clock.now();
    if (this.#from === null || from < this.#from) await this.#begin(from);
    for await (const { events, cursor } of slices(live, this.#cursor, Infinity)) {
      for (const event of events) if (!this.#seen.has(event)) this.#count(event);
      this.#cursor = cursor;
      if (clock.now() - began > AT_ONCE_MS) return null;
    }
    this.#counts.forget(from);
    this.#from = from;
    return this.#counts;
  }

  /** A longer window than before is read anew. */
  async #begin(from: EpochMs): Promise<void> {
    this.#cursor = await this.#rooms.live.cursorAt(from - DISORDER_MS);
    this.#counts = new WaitCounts();
    this.#seen = new SeenTwice();
    this.#from = from;
  }

  #count(event: Parameters<typeof waitedIn>[0]): void {
    const waited = waitedIn(event);
    const profile = waited && this.#rooms.queues().get(waited.queue);
    if (profile) this.#counts.see(waited, profile.targetMs, this.#rooms.shortMs());
  }
}

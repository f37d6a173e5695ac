import type { LiveStore, StoredEvent } from '../engine/ports/live-store.ts';

/** Events kept at hand, so that readers who keep up cost the store nothing. */
const WINDOW = 2_000;

/**
 * Follows the journal once for all event streams of this process. It pushes nothing to anybody: each stream takes its own
 * next events from here or, when it is further back, from the store. So memory is bounded whatever the readers do.
 */
export class EventHub {
  readonly #live: LiveStore;
  readonly #wakers = new Set<() => void>();
  #window: StoredEvent[] = [];
  /** Cursor of the event just before the window. */
  #before: string | null = null;
  #changes = 0;
  #unfollow: () => void = () => {};

  constructor(live: LiveStore) {
    this.#live = live;
  }

  async start(): Promise<void> {
    this.#before = await this.#live.lastCursor();
    this.#unfollow = this.#live.follow(this.#before, (events) => this.#take(events));
  }

  stop(): void {
    this.#unfollow();
  }

  /** Cursor of the newest event seen; null when the journal was empty. */
  get latest(): string | null {
    return this.#window.at(-1)?.cursor ?? this.#before;
  }

  /** Rises whenever events came; tells whether something was missed between a read and falling asleep. */
  get changes(): number {
    return this.#changes;
  }

  /** Calls `wake` once, when the next events come; the returned function takes it back. */
  onChange(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => this.#wakers.delete(wake);
  }

  /** Events after `cursor`, oldest first, none when there are none yet. */
  async after(cursor: string | null, limit: number): Promise<readonly StoredEvent[]> {
    if (cursor === this.#before) return this.#window.slice(0, limit);
    const index = this.#window.findLastIndex((stored) => stored.cursor === cursor);
    return index >= 0 ? this.#window.slice(index + 1, index + 1 + limit) : this.#live.read(cursor, limit);
  }

  #take(events: readonly StoredEvent[]): void {
    this.#window.push(...events);
    const surplus = this.#window.splice(0, Math.max(0, this.#window.length - WINDOW));
    this.#before = surplus.at(-1)?.cursor ?? this.#before;
    this.#changes += 1;
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }
}

import type { LiveStore, StoredEvent } from '../engine/ports/live-store.ts';

/** Events kept at hand, so that readers who keep up cost the store nothing. */
const WINDOW = 2_000;

/**
 * Follows the journal once for all event streams of this process, and not at all while there are none. It pushes nothing to anybody: each stream takes its own
 * next events from here or, when it is further back, from the store. So memory is bounded whatever the readers do.
 */
export class EventHub {
  readonly #live: LiveStore;
  readonly #wakers = new Set<() => void>();
  #window: StoredEvent[] = [];
  /** Cursor of the event just before the window; null when there was none. */
  #before: string | null = null;
  #changes = 0;
  #readers = 0;
  /** From the first reader to the last; resolves when it is followed. */
  #following: { begun: Promise<void> } | null = null;
  #unfollow: () => void = () => {};

  constructor(live: LiveStore) {
    this.#live = live;
  }

  /** A reader comes, and is to leave. Answers the cursor of the newest event; null when the journal is empty. */
  async join(): Promise<string | null> {
    this.#readers += 1;
    try {
      this.#following ??= this.#follow();
      await this.#following.begun;
    } catch (error) {
      this.leave();
      throw error;
    }
    return this.#window.at(-1)?.cursor ?? this.#before;
  }

  leave(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.#following = null;
    this.#unfollow();
    this.#unfollow = () => {};
  }

  #follow(): { begun: Promise<void> } {
    const following = { begun: Promise.resolve() };
    const begin = async () => {
      const last = await this.#live.lastCursor();
      if (this.#following !== following) return;
      [this.#window, this.#before] = [[], last];
      this.#unfollow = this.#live.follow(last, (events) => this.#take(events));
    };
    following.begun = begin();
    return following;
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

  /** What was read before a person was erased may name him; whoever is further back reads it from the store. */
  #forgetErased(): void {
    const erased = this.#window.findLastIndex(({ event }) => event.type === 'person.erased');
    const gone = this.#window.splice(0, erased + 1);
    this.#before = gone.at(-1)?.cursor ?? this.#before;
  }

  #take(events: readonly StoredEvent[]): void {
    this.#window.push(...events);
    this.#forgetErased();
    const surplus = this.#window.splice(0, Math.max(0, this.#window.length - WINDOW));
    this.#before = surplus.at(-1)?.cursor ?? this.#before;
    this.#changes += 1;
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }
}

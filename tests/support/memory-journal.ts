import type { JournalEvent } from '../../src/call/journal.ts';
import type { EventEdit, StoredEvent, StoredText } from '../../src/engine/ports/live-store.ts';
import { parseEvent } from '../../src/call/journal-text.ts';

const cursorOf = (index: number): string => String(index + 1).padStart(14, '0');
/** Index of the first event after the cursor; what is no cursor stands for the oldest. */
const after = (cursor: string | null): number => (/^\d{14}$/.test(cursor ?? '') ? Number(cursor) : 0);

/** Events in their order, as text, and those who follow them. */
export class MemoryJournal {
  readonly #texts: string[] = [];
  /** So many of the oldest are forgotten. */
  #trimmed = 0;
  readonly #followers = new Set<() => void>();

  append(events: readonly JournalEvent[]): void {
    const texts = events.map((event) => JSON.stringify(event));
    for (const text of texts) if (!parseEvent(text)) throw new Error(`event does not fit its schema: ${text}`);
    this.#texts.push(...texts);
    this.wake();
  }

  read(cursor: string | null, limit: number): readonly StoredEvent[] {
    const from = Math.max(after(cursor), this.#trimmed);
    return this.#slice(from, from + limit);
  }

  readTexts(cursor: string | null, limit: number): readonly StoredText[] {
    return this.read(cursor, limit).map((stored) => ({ cursor: stored.cursor, text: JSON.stringify(stored.event) }));
  }

  firstCursor(): string | null {
    return this.#trimmed < this.#texts.length ? cursorOf(this.#trimmed) : null;
  }

  trim(before: string): void {
    this.#trimmed = Math.max(this.#trimmed, after(before) - 1);
  }

  rewrite(edit: EventEdit): number {
    let changed = 0;
    for (const [nth, text] of this.#texts.entries()) {
      const edited = edit(text);
      if (edited !== text) changed += 1;
      this.#texts[nth] = edited;
    }
    return changed;
  }

  lastCursor(): string | null {
    return this.#texts.length === 0 ? null : cursorOf(this.#texts.length - 1);
  }

  cursorAt(at: number): string | null {
    const first = this.#texts.findIndex((text) => (JSON.parse(text) as JournalEvent).at >= at);
    const before = (first < 0 ? this.#texts.length : first) - 1;
    return before < 0 ? null : cursorOf(before);
  }

  /** Delivers in a microtask: never within the write that made the event, as over a wire. @param reach throws while nothing can be read. */
  follow(reach: () => void, cursor: string | null, onEvents: (events: readonly StoredEvent[]) => void): () => void {
    let next = after(cursor);
    let following = true;
    let awake = false;
    const deliver = () => {
      awake = false;
      if (!following || next >= this.#texts.length) return;
      try {
        reach();
      } catch {
        return;
      }
      const events = this.#slice(next);
      next = this.#texts.length;
      onEvents(events);
    };
    const wake = () => {
      if (awake) return;
      awake = true;
      queueMicrotask(deliver);
    };
    this.#followers.add(wake);
    wake();
    return () => {
      following = false;
      this.#followers.delete(wake);
    };
  }

  /** Followers look again, as when what was away is back. */
  wake(): void {
    for (const wake of this.#followers) wake();
  }

  #slice(from: number, to?: number): readonly StoredEvent[] {
    return this.#texts.slice(from, to).map((text, offset) => ({
      cursor: cursorOf(from + offset),
      event: JSON.parse(text) as JournalEvent,
    }));
  }
}

import type { JournalEvent } from '../../src/call/journal.ts';
import type { EventArchive } from '../../src/engine/ports/event-archive.ts';
import type { StoredEvent } from '../../src/engine/ports/live-store.ts';

/** The archive in memory, for walks; held to the same contract as the one in SQL. */
export function createMemoryArchive(): EventArchive {
  let kept: readonly StoredEvent[] = [];
  let end: string | null = null;
  const isAfter = (cursor: string | null) => (stored: StoredEvent) => cursor === null || stored.cursor > cursor;
  return {
    end: async () => end,
    add: async (after, events) => {
      if (after !== end) return false;
      kept = [...kept, ...events.map(({ cursor, text }) => ({ cursor, event: JSON.parse(text) as JournalEvent }))];
      end = events.at(-1)?.cursor ?? end;
      return true;
    },
    read: async (cursor, limit) => kept.filter(isAfter(cursor)).slice(0, limit),
    rewrite: async (edit) => {
      let changed = 0;
      kept = kept.map(({ cursor, event }) => {
        const text = JSON.stringify(event);
        const edited = edit(text);
        if (edited !== text) changed += 1;
        return { cursor, event: JSON.parse(edited) as JournalEvent };
      });
      return changed;
    },
    trim: async (before) => {
      kept = kept.filter(({ cursor }, nth) => cursor >= before || nth === kept.length - 1);
    },
  };
}

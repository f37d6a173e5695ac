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
      kept = [...kept, ...(JSON.parse(JSON.stringify(events)) as StoredEvent[])];
      end = events.at(-1)?.cursor ?? end;
      return true;
    },
    read: async (cursor, limit) => kept.filter(isAfter(cursor)).slice(0, limit),
    cursorAt: async (at) => {
      const first = kept.findIndex(({ event }) => event.at >= at);
      return (first < 0 ? kept.at(-1) : kept[first - 1])?.cursor ?? null;
    },
    trim: async (before) => {
      kept = kept.filter(({ event }, nth) => event.at >= before || nth === kept.length - 1);
    },
  };
}

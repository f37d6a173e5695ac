import type { EventArchive } from './ports/event-archive.ts';
import type { LiveStore, StoredEvent } from './ports/live-store.ts';

/** A live store whose journal reaches back as far as the archive does: who reads need not know where an event is kept. */
export function withArchive(live: LiveStore, archive: Pick<EventArchive, 'read'>): LiveStore {
  // It only moves on, so who reads what is before it needs not be asked for here; nothing was seen yet: nothing is known.
  let oldestSeen = '';
  const firstCursor = async () => {
    const first = await live.firstCursor();
    oldestSeen = first ?? oldestSeen;
    return first;
  };
  const store = { read: (...asked: Parameters<LiveStore['read']>) => live.read(...asked), firstCursor };
  return {
    ...live,
    read: async (cursor, limit) => {
      if ((cursor ?? '') < oldestSeen) {
        const archived = await archive.read(cursor, limit);
        if (archived.length === limit) return archived;
      }
      return readWhole(store, archive, cursor, limit);
    },
  };
}

async function readWhole(
  live: Pick<LiveStore, 'read' | 'firstCursor'>,
  archive: Pick<EventArchive, 'read'>,
  cursor: string | null,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const [events, first] = await Promise.all([live.read(cursor, limit), live.firstCursor()]);
  // What is older than the oldest here may have left it.
  if (cursor !== null && first !== null && first <= cursor) return events;
  const archived = await archive.read(cursor, limit);
  if (archived.length === 0) return events;
  const last = archived.at(-1)?.cursor ?? '';
  const after = events.filter((stored) => stored.cursor > last);
  const isWhole = first !== null && first <= last;
  return archived.length < limit && isWhole ? [...archived, ...after].slice(0, limit) : archived;
}

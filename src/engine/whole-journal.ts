import type { EventArchive } from './ports/event-archive.ts';
import type { LiveStore, StoredEvent } from './ports/live-store.ts';

/** A live store whose journal reaches back as far as the archive does: who reads need not know where an event is kept. */
export const withArchive = (live: LiveStore, archive: Pick<EventArchive, 'read'>): LiveStore => ({
  ...live,
  read: (cursor, limit) => readWhole(live, archive, cursor, limit),
});

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

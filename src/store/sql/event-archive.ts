import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { eventOf } from '../../call/journal-text.ts';
import type { EventArchive } from '../../engine/ports/event-archive.ts';
import type { StoredEvent } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import type { Tables } from './tables.ts';

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Before the first event: sorts before every cursor. */
const BEGINNING = '';
const lines = z.array(z.tuple([z.string(), z.unknown()]));

/**
 * The archive as rows of many events each, compressed: a row an event would cost the database more than all else that a call
 * writes there. Rows hang together: each names the cursor that it follows, and none can follow one that another follows.
 */
export function sqlEventArchive(db: Kysely<Tables>, log: Log): EventArchive {
  // Readers go through a row a page at a time.
  let latest: { readonly last: string; readonly events: readonly StoredEvent[] } | null = null;
  const unpack = async (last: string, body: Buffer): Promise<readonly StoredEvent[]> => {
    if (latest?.last === last) return latest.events;
    const text = (await decompress(body)).toString();
    const events = lines.parse(JSON.parse(text)).flatMap(([cursor, value]) => {
      const event = eventOf(value);
      if (!event) log.warn({ cursor }, 'archived event is of another version of Callwright: skipped');
      return event ? [{ cursor, event }] : [];
    });
    latest = { last, events };
    return events;
  };
  return {
    end: async () => {
      const row = await db
        .selectFrom('journalBlocks')
        .select((eb) => eb.fn.max('last').as('last'))
        .executeTakeFirst();
      return row?.last ?? null;
    },
    add: (end, events) => add(db, end ?? BEGINNING, events),
    read: async (cursor, limit) => {
      const found: StoredEvent[] = [];
      let from = cursor ?? BEGINNING;
      while (found.length < limit) {
        const row = await next(db, from);
        if (!row) break;
        const events = await unpack(row.last, row.body);
        found.push(...events.filter((stored) => stored.cursor > from).slice(0, limit - found.length));
        from = found.length < limit ? row.last : (found.at(-1)?.cursor ?? row.last);
      }
      return found;
    },
    cursorAt: async (at) => {
      const row = await db
        .selectFrom('journalBlocks')
        .select('follows')
        .where('newestAt', '>=', at)
        .orderBy('last')
        .limit(1)
        .executeTakeFirst();
      if (row) return row.follows === BEGINNING ? null : row.follows;
      const tip = await db
        .selectFrom('journalBlocks')
        .select('last')
        .orderBy('last', 'desc')
        .limit(1)
        .executeTakeFirst();
      return tip?.last ?? null;
    },
    trim: async (before) => {
      await db
        .deleteFrom('journalBlocks')
        .where('newestAt', '<', before)
        .where('last', '<', (eb) =>
          eb.selectFrom('journalBlocks as all').select((each) => each.fn.max('all.last').as('last')),
        )
        .execute();
    },
  };
}

async function add(db: Kysely<Tables>, follows: string, events: readonly StoredEvent[]): Promise<boolean> {
  const last = events.at(-1)?.cursor;
  if (last === undefined) return true;
  const text = JSON.stringify(events.map(({ cursor, event }) => [cursor, event]));
  const body = await compress(text);
  const newestAt = Math.max(...events.map(({ event }) => event.at));
  const { numAffectedRows } = await sql`
    insert into callwright.journal_blocks (follows, last, newest_at, events, body)
    select ${follows}, ${last}, ${newestAt}::bigint, ${events.length}::integer, ${body}
    where ${follows} = coalesce((select max(last) from callwright.journal_blocks), ${BEGINNING})
    on conflict do nothing`.execute(db);
  return numAffectedRows === 1n;
}

/** The row that holds what comes next. */
const next = (db: Kysely<Tables>, from: string) =>
  db
    .selectFrom('journalBlocks')
    .select(['last', 'body'])
    .where('last', '>', from)
    .orderBy('last')
    .limit(1)
    .executeTakeFirst();

import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { parseEvent } from '../../call/journal-text.ts';
import type { EventArchive } from '../../engine/ports/event-archive.ts';
import type { StoredEvent, StoredText } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import type { Tables } from './tables.ts';

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Before the first event: sorts before every cursor. */
const BEGINNING = '';

interface Block {
  readonly last: string;
  readonly events: readonly StoredEvent[];
}

/**
 * The archive as rows of many events each, compressed: a row an event would cost the database more than all else that a call
 * writes there. Rows hang together: each names the cursor that it follows, and none can follow one that another follows.
 */
export function sqlEventArchive(db: Kysely<Tables>, log: Log): EventArchive {
  // Readers go through a row a page at a time.
  let latest: Block = { last: BEGINNING, events: [] };
  const blockAfter = async (cursor: string): Promise<Block | null> => {
    if (latest.last > cursor && (latest.events[0]?.cursor ?? '') <= cursor) return latest;
    const rows = db.selectFrom('journalBlocks').select(['last', 'body']).where('last', '>', cursor);
    const row = await rows.orderBy('last').limit(1).executeTakeFirst();
    if (row) latest = { last: row.last, events: await unpacked(row.body, log) };
    return row ? latest : null;
  };
  return {
    end: async () => {
      const row = await db
        .selectFrom('journalBlocks')
        .select('last')
        .orderBy('last', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.last ?? null;
    },
    add: (end, events) => add(db, end ?? BEGINNING, events),
    read: async (cursor, limit) => {
      const found: StoredEvent[] = [];
      for (let from = cursor ?? BEGINNING; found.length < limit; ) {
        const block = await blockAfter(from);
        if (!block) break;
        const fresh = block.events.filter((stored) => stored.cursor > from);
        found.push(...fresh.slice(0, limit - found.length));
        from = block.last;
      }
      return found;
    },
    trim: async (before) => {
      const tip = db.selectFrom('journalBlocks as all').select((each) => each.fn.max('all.last').as('last'));
      await db.deleteFrom('journalBlocks').where('last', '<', before).where('last', '<', tip).execute();
    },
  };
}

async function add(db: Kysely<Tables>, follows: string, events: readonly StoredText[]): Promise<boolean> {
  const last = events.at(-1)?.cursor;
  if (last === undefined) return true;
  // JSON has no bare line break and no bare tab.
  const body = await compress(events.map(({ cursor, text }) => `${cursor}\t${text}`).join('\n'));
  const { numAffectedRows } = await sql`
    insert into callwright.journal_blocks (follows, last, events, body)
    select ${follows}, ${last}, ${events.length}::integer, ${body}
    where ${follows} = coalesce((select max(last) from callwright.journal_blocks), ${BEGINNING})
    on conflict do nothing`.execute(db);
  return numAffectedRows === 1n;
}

async function unpacked(body: Buffer, log: Log): Promise<readonly StoredEvent[]> {
  const lines = (await decompress(body)).toString().split('\n');
  return lines.flatMap((line) => {
    const gap = line.indexOf('\t');
    const cursor = line.slice(0, gap);
    const event = parseEvent(line.slice(gap + 1));
    if (!event) log.warn({ cursor }, 'archived event is of another version of Callwright: skipped');
    return event ? [{ cursor, event }] : [];
  });
}

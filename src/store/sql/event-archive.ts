import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { parseEvent } from '../../call/journal-text.ts';
import type { EventArchive } from '../../engine/ports/event-archive.ts';
import type { EventEdit, StoredEvent, StoredText } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import type { Tables } from './tables.ts';

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Before the first event: sorts before every cursor. */
const BEGINNING = '';

interface Block {
  readonly last: string;
  /** Rises whenever the row is written anew. */
  readonly written: number;
  readonly events: readonly StoredEvent[];
}

/**
 * The archive as rows of many events each, compressed: a row an event would cost the database more than all else that a call
 * writes there. Rows hang together: each names the cursor that it follows, and none can follow one that another follows.
 */
export function sqlEventArchive(db: Kysely<Tables>, log: Log): EventArchive {
  // Readers go through a row a page at a time. Another process may have written it anew meanwhile.
  let latest: Block = { last: BEGINNING, written: 0, events: [] };
  const blockAfter = async (cursor: string): Promise<Block | null> => {
    const isHere = latest.last > cursor && (latest.events[0]?.cursor ?? '') <= cursor;
    if (isHere && (await writtenOf(db, latest.last)) === latest.written) return latest;
    const rows = db.selectFrom('journalBlocks').select(['last', 'written', 'body']).where('last', '>', cursor);
    const row = await rows.orderBy('last').limit(1).executeTakeFirst();
    if (row) latest = { last: row.last, written: row.written, events: await unpacked(row.body, log) };
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
    rewrite: (edit) => rewrite(db, edit),
    trim: async (before) => {
      const tip = db.selectFrom('journalBlocks as all').select((each) => each.fn.max('all.last').as('last'));
      await db.deleteFrom('journalBlocks').where('last', '<', before).where('last', '<', tip).execute();
    },
  };
}

const writtenOf = async (db: Kysely<Tables>, last: string): Promise<number | null> =>
  (await db.selectFrom('journalBlocks').select('written').where('last', '=', last).executeTakeFirst())?.written ?? null;

/** Row by row, each wholly or not at all. */
async function rewrite(db: Kysely<Tables>, edit: EventEdit): Promise<number> {
  let changed = 0;
  for (let from = BEGINNING; ; ) {
    const rows = db.selectFrom('journalBlocks').select(['last', 'body']).where('last', '>', from);
    const row = await rows.orderBy('last').limit(1).executeTakeFirst();
    if (!row) return changed;
    const lines = (await decompress(row.body)).toString().split('\n');
    const edited = lines.map((line) => editedLine(line, edit));
    const others = edited.filter((line, nth) => line !== lines[nth]).length;
    if (others > 0) {
      const body = await compress(edited.join('\n'));
      const update = db.updateTable('journalBlocks').set((eb) => ({ body, written: eb('written', '+', 1) }));
      await update.where('last', '=', row.last).execute();
    }
    [from, changed] = [row.last, changed + others];
  }
}

function editedLine(line: string, edit: EventEdit): string {
  const gap = line.indexOf('\t') + 1;
  return line.slice(0, gap) + edit(line.slice(gap));
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

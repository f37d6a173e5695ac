import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { StoredEvent, StoredText } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import { BLOCK_MS } from './connection.ts';
import { runScript } from './scripts.ts';
import { parseEvent } from '../../call/journal-text.ts';

/** Events fetched in one go while following. */
const BATCH = 500;
/** Pause after events: a busy journal is read in batches and not one by one, and Redis need not wake us for each. */
const GATHER_MS = 20;
/** Pause after a fault that is not the connection's. */
const REST_MS = 500;

const entries = z.array(z.tuple([z.string(), z.tuple([z.literal('e'), z.string()])]));
const streams = z.array(z.tuple([z.string(), entries])).nullable();

type Entries = z.output<typeof entries>;

/** Stream ids with both numbers filled up, so that cursors sort as text in the order of age. */
export function cursorOf(id: string): string {
  const [ms = '', seq = ''] = id.split('-');
  return `${ms.padStart(14, '0')}-${seq.padStart(8, '0')}`;
}

/** The greatest cursor of the millisecond before; entries are numbered by the time of their writing. */
export const cursorBefore = (at: number): string | null => (at <= 0 ? null : cursorOf(`${at - 1}-99999999`));

/** What nobody can have got from us stands for the oldest: better an event twice than one missed. */
export function idOf(cursor: string | null): string {
  const parts = /^0*(\d{1,15})-0*(\d{1,15})$/.exec(cursor ?? '');
  return parts ? `${parts[1]}-${parts[2]}` : '0-0';
}

export async function readJournal(
  redis: Redis,
  key: string,
  cursor: string | null,
  limit: number,
  log: Log,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let from = idOf(cursor);
  // What is skipped as unreadable must not look like the journal's end.
  while (events.length < limit) {
    const found = entries.parse(await redis.xrange(key, `(${from}`, '+', 'COUNT', limit - events.length));
    const last = found.at(-1);
    if (!last) break;
    events.push(...readable(found, log));
    from = last[0];
  }
  return events;
}

export async function readTexts(
  redis: Redis,
  key: string,
  cursor: string | null,
  limit: number,
): Promise<readonly StoredText[]> {
  const found = entries.parse(await redis.xrange(key, `(${idOf(cursor)}`, '+', 'COUNT', limit));
  return found.map(([id, [, text]]) => ({ cursor: cursorOf(id), text }));
}

export async function firstOfJournal(redis: Redis, key: string): Promise<string | null> {
  const [first] = entries.parse(await redis.xrange(key, '-', '+', 'COUNT', 1));
  return first ? cursorOf(first[0]) : null;
}

export async function trimJournal(redis: Redis, key: string, before: string): Promise<void> {
  await runScript(redis, 'trimJournal', [key], [idOf(before)]);
}

export async function lastOfJournal(redis: Redis, key: string): Promise<string | null> {
  const [last] = entries.parse(await redis.xrevrange(key, '+', '-', 'COUNT', 1));
  return last ? cursorOf(last[0]) : null;
}

/** Everything needed to follow one journal. */
interface Following {
  /** A connection of its own, since the reads block it. */
  readonly reader: Redis;
  readonly key: string;
  readonly cursor: string | null;
  readonly log: Log;
  readonly onEvents: (events: readonly StoredEvent[]) => void;
}

/**
 * Delivers from the cursor on until stopped. Each read names the last id delivered, so whatever happens to the connection
 * nothing is left out. A listener that throws has had its turn; the next events come all the same.
 */
export function followJournal({ reader, key, cursor, log, onEvents }: Following): () => void {
  const stop = new AbortController();
  let from = idOf(cursor);
  const next = async () => {
    const found = streams.parse(await reader.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, from));
    const news = found?.[0]?.[1] ?? [];
    if (stop.signal.aborted) return;
    from = news.at(-1)?.[0] ?? from;
    const events = readable(news, log);
    if (events.length > 0) onEvents(events);
    if (news.length > 0) await setTimeout(GATHER_MS, undefined, { signal: stop.signal, ref: false });
  };
  const run = async () => {
    while (!stop.signal.aborted) await next().catch((error: unknown) => rest(error, stop.signal, log));
  };
  void run();
  return () => {
    stop.abort();
    reader.disconnect();
  };
}

/** Redis is there and refuses, or a listener threw: neither gets better by trying at once. */
async function rest(error: unknown, signal: AbortSignal, log: Log): Promise<void> {
  if (signal.aborted) return;
  log.error({ err: error }, 'following the journal failed; goes on');
  await setTimeout(REST_MS, undefined, { signal, ref: false }).catch(() => undefined);
}

function readable(found: Entries, log: Log): readonly StoredEvent[] {
  return found.flatMap(([id, [, record]]) => {
    const event = parseEvent(record);
    if (!event) log.warn({ cursor: cursorOf(id) }, 'journal entry is of another version of Callwright: skipped');
    return event ? [{ cursor: cursorOf(id), event }] : [];
  });
}

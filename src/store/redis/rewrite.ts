import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { EventEdit } from '../../engine/ports/live-store.ts';
import { runScript } from './scripts.ts';

/** Entries copied in one step, while Redis does nothing else: a few ms. */
const BATCH = 500;

const entries = z.array(z.tuple([z.string(), z.tuple([z.literal('e'), z.string()]).rest(z.string())]));
const names = z.array(z.string());

/** Streams of events that stand beside the journal, of one group each: `journal:dead:crm`. */
interface Streams {
  readonly journal: string;
  readonly dead: string;
  readonly revived: string;
}

/** Goes through the journal, the dead letters and what was given out again; says how many events are others now. */
export async function rewriteEvents(redis: Redis, keys: Streams, edit: EventEdit): Promise<number> {
  let changed = 0;
  for (const key of [keys.journal, ...(await besides(redis, keys))]) changed += await rewriteStream(redis, key, edit);
  // The log on disk still has what was changed, until it is written anew. Not every server lets us ask for that.
  if (changed > 0) await redis.bgrewriteaof().catch(() => undefined);
  return changed;
}

async function besides(redis: Redis, { journal, dead, revived }: Streams): Promise<readonly string[]> {
  if ((await redis.exists(journal)) === 0) return [];
  const infos = z.array(z.array(z.unknown())).parse(await redis.xinfo('GROUPS', journal));
  const groups = names.parse(infos.map((info) => info[info.indexOf('name') + 1]));
  return groups.flatMap((group) => [`${dead}:${group}`, `${revived}:${group}`]);
}

/**
 * An entry of a stream cannot be changed, and one that is deleted would be missing. So the stream is copied beside itself, with its
 * ids, and the copy takes its place in one step once it has caught up. Nothing is copied where nothing changes. What a crash leaves of a copy
 * is thrown away by the next.
 */
async function rewriteStream(redis: Redis, key: string, edit: EventEdit): Promise<number> {
  const first = await firstChange(redis, key, edit);
  if (first === null) return 0;
  const copy = `${key}:copy`;
  await redis.unlink(copy);
  let [last, changed] = ['0-0', 0];
  for (;;) {
    const page = await pageOf(redis, key, last);
    const edits = editsOf(page, edit);
    const end = page.at(-1)?.[0];
    if (end !== undefined) {
      await runScript(redis, 'copyEvents', [key, copy], [last, end, ...edits]);
      [last, changed] = [end, changed + edits.length / 2];
    }
    if (page.length < BATCH && (await runScript(redis, 'replaceStream', [key, copy], [last, BATCH])) === 1)
      return changed;
  }
}

/** Looks without changing anything: most streams hold nothing of what is looked for. */
async function firstChange(redis: Redis, key: string, edit: EventEdit): Promise<string | null> {
  let [from, found]: [string, string | null] = ['0-0', null];
  for (;;) {
    const page = await pageOf(redis, key, from);
    const edits = editsOf(page, edit);
    found ??= edits[0] ?? null;
    if (page.length < BATCH) return found;
    from = page.at(-1)?.[0] ?? from;
  }
}

const pageOf = async (redis: Redis, key: string, after: string) =>
  entries.parse(await redis.xrange(key, `(${after}`, '+', 'COUNT', BATCH));

/** Id and new text of each that changes. */
const editsOf = (page: z.output<typeof entries>, edit: EventEdit): readonly string[] =>
  page.flatMap(([id, [, text]]) => {
    const edited = edit(text);
    return edited === text ? [] : [id, edited];
  });

import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseEvent } from '../../call/journal-text.ts';
import type { DeadLetter, EventGroups, GroupStanding, TakenEvent } from '../../engine/ports/event-groups.ts';
import type { Log } from '../../engine/ports/time.ts';
import { cursorOf, idOf } from './journal.ts';
import { runScript } from './scripts.ts';

interface GroupsRoom {
  readonly redis: Redis;
  readonly keys: Readonly<Record<'journal' | 'dead' | 'revived' | 'deadTold', string>>;
  readonly log: Log;
}

const taken = z.tuple([z.union([z.literal(0), z.literal(1)])]).rest(z.union([z.string(), z.number()]));
const letters = z.array(
  z.tuple([z.string(), z.tuple([z.literal('e'), z.string(), z.literal('tries'), z.coerce.number()]).rest(z.string())]),
);
const infos = z.array(z.array(z.unknown()));
const pendings = z.tuple([z.number()]).rest(z.unknown());

/** Before the cursor of an event that was given out again: it is another stream's. */
const REVIVED = 'r';

/** Consumer groups (Redis streams) on the journal; what is in hand, lapsed or dead is Redis' own account of it. */
export function groupsIn(room: GroupsRoom): EventGroups {
  const { redis, keys } = room;
  const [dead, revived] = [(group: string) => `${keys.dead}:${group}`, (group: string) => `${keys.revived}:${group}`];
  const told = (group: string) => `${keys.deadTold}:${group}`;
  return {
    open: async (group, from) => {
      await redis.xgroup('CREATE', keys.journal, group, idOf(from), 'MKSTREAM').catch((error: unknown) => {
        if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
      });
    },
    take: async ({ group, consumer, limit, lapsedMs, mostTries }) => {
      const args = [group, consumer, limit, Math.round(lapsedMs), mostTries];
      const [known, ...cells] = taken.parse(
        await runScript(redis, 'takeEvents', [keys.journal, revived(group), dead(group)], args),
      );
      return known === 1 ? readable(room, group, cells) : null;
    },
    done: async (group, cursors) => {
      const again = cursors.filter((cursor) => cursor.startsWith(REVIVED)).map((cursor) => idOf(cursor.slice(1)));
      const first = cursors.filter((cursor) => !cursor.startsWith(REVIVED)).map(idOf);
      const of = async (key: string, ids: readonly string[]) => (ids.length > 0 ? redis.xack(key, group, ...ids) : 0);
      const [some, others] = await Promise.all([of(keys.journal, first), of(revived(group), again)]);
      // What was given out again and is done is needed by nobody else.
      if (again.length > 0) await redis.xdel(revived(group), ...again);
      return some + others;
    },
    dead: async (group, limit) => {
      if (!(await isOpen(room, group))) return null;
      return lettersOf(await redis.xrange(dead(group), '-', '+', 'COUNT', limit));
    },
    revive: async (group) => {
      if (!(await isOpen(room, group))) return null;
      const count = z.int().parse(await runScript(redis, 'reviveEvents', [dead(group), revived(group)], [group]));
      await redis.del(told(group));
      return count;
    },
    claimDead: async (group, heldMs) => (await redis.set(told(group), 1, 'PX', Math.round(heldMs), 'NX')) !== null,
    deadTold: async (group) => void (await redis.set(told(group), 1, 'XX')),
    standings: () => standings(room, dead, revived),
    close: async (group) => {
      const closed = await redis.xgroup('DESTROY', keys.journal, group).catch(() => 0);
      await redis.del(dead(group), revived(group), told(group));
      return closed === 1;
    },
  };
}

/** What no version of ours wrote is done with at once: it would come back for ever. */
async function readable({ redis, keys, log }: GroupsRoom, group: string, cells: readonly unknown[]) {
  const events: TakenEvent[] = [];
  for (let at = 0; at + 3 < cells.length; at += 4) {
    const [from, id, tries, text] = cells.slice(at, at + 4).map(String);
    const event = parseEvent(text ?? '');
    const cursor = `${from === REVIVED ? REVIVED : ''}${cursorOf(id ?? '')}`;
    if (event) events.push({ cursor, event, tries: Number(tries) });
    else {
      log.warn({ cursor }, 'journal entry is of another version of Callwright: skipped');
      await redis.xack(from === REVIVED ? `${keys.revived}:${group}` : keys.journal, group, id ?? '');
    }
  }
  return events;
}

function lettersOf(found: unknown): readonly DeadLetter[] {
  return letters.parse(found).flatMap(([id, [, text, , tries]]) => {
    const event = parseEvent(text);
    return event ? [{ cursor: cursorOf(id), event, tries }] : [];
  });
}

type KeyOf = (group: string) => string;

async function infosOf({ redis, keys }: GroupsRoom) {
  if ((await redis.exists(keys.journal)) === 0) return [];
  return infos.parse(await redis.xinfo('GROUPS', keys.journal)).map(fieldsOf);
}

const isOpen = async (room: GroupsRoom, group: string): Promise<boolean> =>
  (await infosOf(room)).some((info) => info.get('name') === group);

async function standings(room: GroupsRoom, dead: KeyOf, revived: KeyOf): Promise<readonly GroupStanding[]> {
  const { redis, keys } = room;
  const groups = await infosOf(room);
  return Promise.all(
    groups.map(async (info) => {
      const group = String(info.get('name'));
      const [letterCount, again, fresh] = await Promise.all([
        redis.xlen(dead(group)),
        redis.xlen(revived(group)),
        waiting(redis, keys.journal, info),
      ]);
      const inHand = again > 0 ? pendings.parse(await redis.xpending(revived(group), group))[0] : 0;
      const held = Number(info.get('pending'));
      return { group, waiting: fresh + again - inHand, taken: held + inHand, dead: letterCount };
    }),
  );
}

/** Redis 7 counts the lag itself; an older one, or one that has lost count, is asked for the entries. */
async function waiting(redis: Redis, journal: string, info: ReadonlyMap<string, unknown>): Promise<number> {
  const lag = info.get('lag');
  if (typeof lag === 'number') return lag;
  const rest = await redis.xrange(journal, `(${String(info.get('last-delivered-id'))}`, '+', 'COUNT', MOST_COUNTED);
  return rest.length;
}

const MOST_COUNTED = 10_000;

const fieldsOf = (info: readonly unknown[]): ReadonlyMap<string, unknown> =>
  new Map(Array.from({ length: info.length / 2 }, (_, at) => [String(info[2 * at]), info[2 * at + 1]]));

import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { JournalEvent } from '../../call/journal.ts';
import type { Doc, LiveStore } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import { connect, connectReader } from './connection.ts';
import {
  cursorBefore,
  firstOfJournal,
  followJournal,
  lastOfJournal,
  readJournal,
  readTexts,
  trimJournal,
} from './journal.ts';
import { groupsIn } from './event-groups.ts';
import { type Ear, hearNews, tellNews } from './news.ts';
import { rewriteEvents } from './rewrite.ts';
import { parseAgent, parseCall, parseTicket, reply } from './records.ts';
import { runScript } from './scripts.ts';

interface RedisLiveStoreOptions {
  /** `redis://user:password@host:port/db`, or `rediss://` for TLS. */
  readonly url: string;
  /** Put before every key, so that several Callwrights can share one Redis. */
  readonly prefix?: string;
  /** Events the journal keeps at least; older ones are trimmed in whole blocks. */
  readonly journalKeep?: number;
  readonly log: Log;
}

const JOURNAL_KEEP = 1_000_000;

/** All keys carry one hash tag: a script touches several, and a cluster must hold them on one node. */
function keysOf(prefix: string) {
  const key = (name: string) => `${prefix}{cw}:${name}`;
  return {
    calls: key('calls'),
    agents: key('agents'),
    tickets: key('tickets'),
    holds: key('holds'),
    held: key('held'),
    fence: key('fence'),
    leases: key('leases'),
    alarms: key('alarms'),
    trunks: key('trunks'),
    journal: key('journal'),
    /** Of each consumer group, its name behind it: events that nobody could do, and those given out again. */
    dead: key('journal:dead'),
    revived: key('journal:revived'),
    deadTold: key('journal:dead-told'),
    /** Where news are published: to all, and with an owner's name behind it to one. */
    channel: key('news'),
  };
}

/** Everything the parts of the store work with. */
interface Room {
  readonly redis: Redis;
  readonly keys: ReturnType<typeof keysOf>;
  readonly keep: number;
  readonly log: Log;
  readonly ear: Ear;
}

/**
 * Live state and the journal in Redis ≥ 6.2 or Valkey. While Redis is away every method rejects within half a second, and a
 * write that was then under way may or may not have happened.
 *
 * @throws RedisFault with one sentence and its cure when Redis cannot be reached, refuses us, or is too old.
 */
export async function createRedisLiveStore(options: RedisLiveStoreOptions): Promise<LiveStore> {
  const { url, prefix = '', journalKeep = JOURNAL_KEEP, log } = options;
  const redis = await connect(url, log);
  const ear: Ear = { sender: randomUUID(), hears: false };
  const room: Room = { redis, keys: keysOf(prefix), keep: journalKeep, log, ear };
  const followers = new Set<() => void>();
  return {
    ...callsIn(room),
    ...agentsIn(room),
    ...holdsIn(room),
    ...leasesIn(room),
    ...alarmsIn(room),
    ...trunksIn(room),
    ...journalIn(room),
    groups: groupsIn(room),
    hear: async (owner, onNews) => {
      const halt = await hearNews({
        ...room,
        reader: connectReader(url, log),
        channel: room.keys.channel,
        owner,
        onNews,
      });
      const stop = () => {
        if (followers.delete(stop)) halt();
      };
      followers.add(stop);
      return stop;
    },
    tell: (owner, message) => tellNews(redis, room.keys.channel, room.ear, owner, message),
    follow: (cursor, onEvents) => {
      const { keys, log } = room;
      const halt = followJournal({ reader: connectReader(url, log), key: keys.journal, cursor, log, onEvents });
      const stop = () => {
        if (followers.delete(stop)) halt();
      };
      followers.add(stop);
      return stop;
    },
    healthy: async () => (await redis.ping().catch(() => null)) === 'PONG',
    close: async () => {
      for (const stop of followers) stop();
      await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}

const text = (value: unknown): string => (value === null ? '' : JSON.stringify(value));
const texts = (events: readonly JournalEvent[]): readonly string[] => events.map((event) => JSON.stringify(event));

/** What the scripts that publish are given first. */
const said = ({ keys, ear }: Room): readonly (string | number)[] => [keys.channel, ear.sender, ear.hears ? 1 : 0];

type CallsPart = Pick<LiveStore, 'saveCall' | 'loadCalls' | 'loadCall' | 'callIds' | 'loadTickets' | 'dropTickets'>;

function callsIn(room: Room): CallsPart {
  const { redis, keys, keep, log } = room;
  return {
    saveCall: async (callId, body, events, change) => {
      const tickets = Object.entries(change?.tickets ?? {}).flatMap(([id, ticket]) => [id, text(ticket)]);
      const call = [callId, text(body), change?.owner ?? '', tickets.length / 2, ...tickets];
      const args = [...said(room), ...call, keep, ...texts(events)];
      await runScript(redis, 'saveCall', [keys.calls, keys.journal, keys.tickets], args);
    },
    loadCalls: async () => {
      return Object.entries(await redis.hgetall(keys.calls)).flatMap(([id, record]) => {
        const parsed = parseCall(record);
        if (!parsed) log.error({ callId: id }, 'stored call is no JSON: passed over');
        return parsed ? [{ id, body: parsed.body }] : [];
      });
    },
    loadCall: async (id) => parseCall((await redis.hget(keys.calls, id)) ?? '')?.body ?? null,
    callIds: async () => new Set(await redis.hkeys(keys.calls)),
    loadTickets: async () => {
      const records = Object.entries(await redis.hgetall(keys.tickets));
      return records.flatMap(([id, record]) => parseTicket(id, record) ?? []);
    },
    dropTickets: async (ids, owner) => {
      await runScript(redis, 'dropTickets', [keys.tickets], [...said(room), owner, ...ids]);
    },
  };
}

function agentsIn(room: Room): Pick<LiveStore, 'loadAgents' | 'loadAgent' | 'saveAgent'> {
  const { redis, keys, keep } = room;
  return {
    loadAgents: async () => {
      const records = Object.entries(await redis.hgetall(keys.agents));
      return records.map(([id, record]) => parseAgent(id, record)).filter((doc): doc is Doc => doc !== null);
    },
    loadAgent: async (id) => parseAgent(id, (await redis.hget(keys.agents, id)) ?? ''),
    saveAgent: async (id, version, body, events) => {
      const args = [...said(room), id, version, text(body), keep, ...texts(events)];
      const answer = reply.saveAgent.parse(await runScript(redis, 'saveAgent', [keys.agents, keys.journal], args));
      if (answer[0] === 1) return { saved: true, version: answer[1] };
      return { saved: false, stored: parseAgent(id, answer[1]) };
    },
  };
}

type HoldsPart = Pick<LiveStore, 'reserve' | 'confirmReservation' | 'endReservation' | 'reservations'>;

function holdsIn(room: Room): HoldsPart {
  const { redis, keys, keep } = room;
  const { agents, holds, held, fence, journal } = keys;
  return {
    reserve: async ({ callId, agentId, agentVersion, agentBody, ttlMs, most, events }) => {
      const who = [callId, agentId, agentVersion, text(agentBody)];
      const args = [...said(room), ...who, Math.round(ttlMs), most, keep, ...texts(events)];
      const answer = reply.reserve.parse(
        await runScript(redis, 'reserve', [agents, holds, held, fence, journal], args),
      );
      return answer[0] === 1 ? { ok: true, fence: answer[1], agentVersion: answer[2] } : { ok: false, why: answer[1] };
    },
    confirmReservation: async (callId, number, ttlMs) =>
      (await runScript(redis, 'confirmReservation', [holds, held], [callId, number, Math.round(ttlMs)])) === 1,
    endReservation: async (callId, number) => {
      await runScript(redis, 'endReservation', [holds, held], [callId, number]);
    },
    reservations: async () => {
      const list = reply.list.parse(await runScript(redis, 'reservations', [holds], []));
      return inRows(list, 3).map(([callId = '', agentId = '', number]) => ({ callId, agentId, fence: Number(number) }));
    },
  };
}

function leasesIn({ redis, keys }: Room): Pick<LiveStore, 'lease' | 'leaseAll' | 'releaseLease' | 'leases'> {
  return {
    lease: async (name, owner, ttlMs) => {
      const args = [name, owner, Math.round(ttlMs)];
      const [mine, epoch, holder] = reply.lease.parse(await runScript(redis, 'lease', [keys.leases], args));
      return { mine: mine === 1, epoch, owner: holder };
    },
    leaseAll: async (names, owner, ttlMs) => {
      if (names.length === 0) return new Map();
      const args = [owner, Math.round(ttlMs), ...names];
      const list = reply.list.parse(await runScript(redis, 'leaseAll', [keys.leases], args));
      return new Map(inRows(list, 2).map(([name = '', holder = '']) => [name, holder]));
    },
    releaseLease: async (name, owner) => {
      await runScript(redis, 'releaseLease', [keys.leases], [name, owner]);
    },
    leases: async () => {
      const list = reply.list.parse(await runScript(redis, 'leases', [keys.leases], []));
      return inRows(list, 2).map(([name = '', owner = '']) => ({ name, owner }));
    },
  };
}

function alarmsIn({ redis, keys, keep, log }: Room): Pick<LiveStore, 'saveAlarms' | 'loadAlarms'> {
  return {
    saveAlarms: async ({ lease, owner }, changes, events) => {
      const alarms = [...changes].flatMap(([id, body]) => [id, text(body)]);
      const args = [lease, owner, changes.size, ...alarms, keep, ...texts(events)];
      return (await runScript(redis, 'saveAlarms', [keys.alarms, keys.journal, keys.leases], args)) === 1;
    },
    loadAlarms: async () => {
      const passedOver = (id: string) => log.error({ alarm: id }, 'stored alarm is no JSON: passed over');
      return parsedOf(await redis.hgetall(keys.alarms), passedOver);
    },
  };
}

function trunksIn({ redis, keys, keep, log }: Room): Pick<LiveStore, 'saveTrunk' | 'loadTrunks'> {
  return {
    saveTrunk: async (name, body, events) => {
      await runScript(redis, 'saveTrunk', [keys.trunks, keys.journal], [name, text(body), keep, ...texts(events)]);
    },
    loadTrunks: async () =>
      parsedOf(await redis.hgetall(keys.trunks), (name) =>
        log.error({ trunk: name }, 'what was stored of a trunk is no JSON: passed over'),
      ),
  };
}

function parsedOf(
  hash: Readonly<Record<string, string>>,
  passedOver: (key: string) => void,
): ReadonlyMap<string, unknown> {
  const records = Object.entries(hash).flatMap(([key, record]) => {
    const parsed = parseCall(record);
    if (!parsed) passedOver(key);
    return parsed ? [[key, parsed.body] as const] : [];
  });
  return new Map(records);
}

type JournalPart = Pick<
  LiveStore,
  'append' | 'read' | 'readTexts' | 'firstCursor' | 'lastCursor' | 'trim' | 'rewrite' | 'cursorAt'
>;

function journalIn({ redis, keys, keep, log }: Room): JournalPart {
  return {
    append: async (events) => {
      if (events.length > 0) await runScript(redis, 'append', [keys.journal], [keep, ...texts(events)]);
    },
    read: (cursor, limit) => readJournal(redis, keys.journal, cursor, limit, log),
    readTexts: (cursor, limit) => readTexts(redis, keys.journal, cursor, limit),
    firstCursor: () => firstOfJournal(redis, keys.journal),
    lastCursor: () => lastOfJournal(redis, keys.journal),
    trim: (before) => trimJournal(redis, keys.journal, before),
    rewrite: (edit) => rewriteEvents(redis, keys, edit),
    cursorAt: async (at) => cursorBefore(at),
  };
}

function inRows(list: readonly string[], width: number): readonly (readonly string[])[] {
  return Array.from({ length: list.length / width }, (_, row) => list.slice(row * width, (row + 1) * width));
}

import type { Redis } from 'ioredis';
import type { JournalEvent } from '../../call/journal.ts';
import type { Doc, LiveStore } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import { connect, connectReader } from './connection.ts';
import { followJournal, lastOfJournal, readJournal } from './journal.ts';
import { parseAgent, parseCall, reply } from './records.ts';
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
    holdsByCall: key('holds:call'),
    holdsByAgent: key('holds:agent'),
    fence: key('fence'),
    leases: key('leases'),
    journal: key('journal'),
  };
}

/** Everything the parts of the store work with. */
interface Room {
  readonly redis: Redis;
  readonly keys: ReturnType<typeof keysOf>;
  readonly keep: number;
  readonly log: Log;
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
  const room: Room = { redis, keys: keysOf(prefix), keep: journalKeep, log };
  const followers = new Set<() => void>();
  return {
    ...callsIn(room),
    ...agentsIn(room),
    ...holdsIn(room),
    ...leasesIn(room),
    ...journalIn(room),
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

function callsIn({ redis, keys, keep, log }: Room): Pick<LiveStore, 'saveCall' | 'loadCalls'> {
  return {
    saveCall: async (callId, body, events) => {
      await runScript(redis, 'saveCall', [keys.calls, keys.journal], [callId, text(body), keep, ...texts(events)]);
    },
    loadCalls: async () => {
      return Object.entries(await redis.hgetall(keys.calls)).flatMap(([id, record]) => {
        const parsed = parseCall(record);
        if (!parsed) log.error({ callId: id }, 'stored call is no JSON: passed over');
        return parsed ? [{ id, body: parsed.body }] : [];
      });
    },
  };
}

function agentsIn({ redis, keys, keep }: Room): Pick<LiveStore, 'loadAgents' | 'saveAgent'> {
  return {
    loadAgents: async () => {
      const records = Object.entries(await redis.hgetall(keys.agents));
      return records.map(([id, record]) => parseAgent(id, record)).filter((doc): doc is Doc => doc !== null);
    },
    saveAgent: async (id, version, body, events) => {
      const args = [id, version, text(body), keep, ...texts(events)];
      const answer = reply.saveAgent.parse(await runScript(redis, 'saveAgent', [keys.agents, keys.journal], args));
      if (answer[0] === 1) return { saved: true, version: answer[1] };
      return { saved: false, stored: parseAgent(id, answer[1]) };
    },
  };
}

function holdsIn({ redis, keys, keep }: Room): Pick<LiveStore, 'reserve' | 'endReservation' | 'reservations'> {
  const { agents, holdsByCall, holdsByAgent, fence, journal } = keys;
  return {
    reserve: async ({ callId, agentId, agentVersion, agentBody, ttlMs, events }) => {
      const args = [callId, agentId, agentVersion, text(agentBody), Math.round(ttlMs), keep, ...texts(events)];
      const answer = await runScript(redis, 'reserve', [agents, holdsByCall, holdsByAgent, fence, journal], args);
      const held = reply.reserve.parse(answer);
      return held[0] === 1 ? { ok: true, fence: held[1], agentVersion: held[2] } : { ok: false, why: held[1] };
    },
    endReservation: async (callId, number) => {
      await runScript(redis, 'endReservation', [holdsByCall, holdsByAgent], [callId, number]);
    },
    reservations: async () => {
      const list = reply.list.parse(await runScript(redis, 'reservations', [holdsByCall], []));
      return inRows(list, 3).map(([callId = '', agentId = '', number]) => ({ callId, agentId, fence: Number(number) }));
    },
  };
}

function leasesIn({ redis, keys }: Room): Pick<LiveStore, 'lease' | 'releaseLease' | 'leases'> {
  return {
    lease: async (name, owner, ttlMs) => {
      const args = [name, owner, Math.round(ttlMs)];
      const [mine, epoch, holder] = reply.lease.parse(await runScript(redis, 'lease', [keys.leases], args));
      return { mine: mine === 1, epoch, owner: holder };
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

function journalIn({ redis, keys, keep, log }: Room): Pick<LiveStore, 'append' | 'read' | 'lastCursor'> {
  return {
    append: async (events) => {
      if (events.length > 0) await runScript(redis, 'append', [keys.journal], [keep, ...texts(events)]);
    },
    read: (cursor, limit) => readJournal(redis, keys.journal, cursor, limit, log),
    lastCursor: () => lastOfJournal(redis, keys.journal),
  };
}

function inRows(list: readonly string[], width: number): readonly (readonly string[])[] {
  return Array.from({ length: list.length / width }, (_, row) => list.slice(row * width, (row + 1) * width));
}

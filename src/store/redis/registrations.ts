import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Contact, RegistrationBook } from '../../engine/ports/registrations.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import { connect } from './connection.ts';

interface RegistrationsOptions {
  readonly url: string;
  /** Put before every key, so that several Callwrights can share one Redis. */
  readonly prefix?: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

interface RedisRegistrations extends RegistrationBook {
  close(): Promise<void>;
}

const record = z.object({
  expiresAt: z.number(),
  callId: z.string(),
  cseq: z.number(),
  instance: z.string().nullable(),
});

/**
 * Contacts in Redis, one hash a phone: several edges and the switch doors see the same. The hash goes when its last contact has
 * lapsed.
 *
 * @throws RedisFault when Redis cannot be reached.
 */
export async function openRegistrations(options: RegistrationsOptions): Promise<RedisRegistrations> {
  const redis = await connect(options.url, options.log);
  const key = (name: string): string => `${options.prefix ?? ''}{cw}:edge:contacts:${name}`;
  const accounts = `${options.prefix ?? ''}{cw}:edge:accounts`;
  const contacts = async (name: string): Promise<readonly Contact[]> => {
    const now = options.clock.now();
    const live = Object.entries(await redis.hgetall(key(name))).flatMap(([uri, text]) => contactIn(uri, text));
    return live.filter(({ expiresAt }) => expiresAt > now).toSorted((a, b) => b.expiresAt - a.expiresAt);
  };
  return {
    contacts,
    contactOf: async (name) => {
      const [first] = await contacts(name).catch(() => []);
      return first?.uri ?? null;
    },
    knows: async (name) => {
      const [isThere, all] = await Promise.all([redis.sismember(accounts, name), redis.scard(accounts)]).catch(() => [
        0, 0,
      ]);
      return all === 0 ? null : isThere === 1;
    },
    setAccounts: (names) => replaceSet(redis, accounts, names),
    change: async (name, { save, remove }) => {
      const now = options.clock.now();
      const lapsed = Object.entries(await redis.hgetall(key(name))).flatMap(([uri, text]) =>
        contactIn(uri, text).some(({ expiresAt }) => expiresAt > now) ? [] : [uri],
      );
      const gone = [...remove, ...lapsed];
      const step = redis.multi();
      if (gone.length > 0) step.hdel(key(name), ...gone);
      for (const { uri, ...rest } of save) step.hset(key(name), uri, JSON.stringify(rest));
      // The longest that a contact may hold; a hash that nobody renews goes by itself.
      step.pexpire(key(name), LONGEST_MS);
      await step.exec();
    },
    close: async () => {
      await redis.quit();
    },
  };
}

async function replaceSet(redis: Redis, key: string, members: readonly string[]): Promise<void> {
  const step = redis.multi().del(key);
  await (members.length > 0 ? step.sadd(key, ...members) : step).exec();
}

const LONGEST_MS = 2 * 3_600_000;

/** A record that cannot be read is as good as none: the phone registers again soon. */
function contactIn(uri: string, text: string): readonly Contact[] {
  try {
    return [{ uri, ...record.parse(JSON.parse(text)) }];
  } catch {
    return [];
  }
}

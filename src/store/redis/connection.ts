import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../../engine/ports/time.ts';
import { addressOf, faultOf, refuseOld } from './fault.ts';

/** Waits between two tries to connect, ms: at most this, and never in step with other processes. */
const RETRY_CAP_MS = 2_000;

/** How long one blocking read waits for events. */
export const BLOCK_MS = 5_000;

/**
 * Commands either reach Redis now or fail now: a write that waits in a queue and is carried out seconds later would act on a
 * state that is past. A connection that answers nothing any more is dropped after `socketTimeout`.
 */
const COMMANDS = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: 500,
  socketTimeout: 3_000,
  connectTimeout: 3_000,
} satisfies RedisOptions;

/** A read from a known cursor may be asked again at will, so here waiting for the next connection is right. */
const READS = {
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
  enableOfflineQueue: true,
  socketTimeout: BLOCK_MS + 3_000,
  connectTimeout: 3_000,
} satisfies RedisOptions;

/**
 * Connects for commands, and from then on reconnects for ever.
 *
 * @throws RedisFault with one sentence and its cure when Redis cannot be reached, refuses us, or is too old.
 */
export async function connect(url: string, log: Log): Promise<Redis> {
  const address = addressOf(url);
  let connected = false;
  let lastError: Error | undefined;
  const redis = new Redis(url, {
    ...COMMANDS,
    lazyConnect: true,
    retryStrategy: (n: number) => (connected ? delay(n) : null),
  });
  redis.on('error', (error: Error) => {
    lastError = error;
    if (connected) log.warn({ err: error, address }, 'connection to Redis failed');
  });
  try {
    await redis.connect();
    refuseOld(await redis.info('server'), address);
  } catch (error) {
    redis.disconnect();
    throw faultOf(lastError ?? error, address);
  }
  connected = true;
  redis.on('ready', () => log.info({ address }, 'connected to Redis again'));
  return redis;
}

/** A connection of its own for blocking reads; it is there at once and reconnects for ever. */
export function connectReader(url: string, log: Log): Redis {
  const redis = new Redis(url, { ...READS, retryStrategy: delay });
  redis.on('error', (error: Error) => log.warn({ err: error }, 'journal connection to Redis failed'));
  return redis;
}

/** Doubles from 50 ms; half of it is chance. */
function delay(attempt: number): number {
  const full = Math.min(RETRY_CAP_MS, 50 * 2 ** Math.min(attempt, 10));
  return Math.round((full / 2) * (1 + Math.random()));
}

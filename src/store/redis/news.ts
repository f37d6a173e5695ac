import type { Redis } from 'ioredis';
import type { News } from '../../engine/ports/live-store.ts';
import type { Log } from '../../engine/ports/time.ts';
import { parseNews } from './records.ts';

/** Keeps the connection from being taken for dead, and finds out when it is. */
const PING_MS = 2_000;

/** What this process is called on the channel, and whether it listens there itself. */
export interface Ear {
  readonly sender: string;
  hears: boolean;
}

interface Hearing {
  /** A connection of its own, which can do nothing else while it listens. */
  readonly reader: Redis;
  readonly channel: string;
  readonly ear: Ear;
  readonly owner: string;
  readonly log: Log;
  readonly onNews: (news: News) => void;
}

/** Listens from when it resolves until the returned function is called; what one has published oneself is passed over. */
export async function hearNews(hearing: Hearing): Promise<() => void> {
  const { reader, channel, ear, owner, log } = hearing;
  const told = (news: News) => {
    try {
      hearing.onNews(news);
    } catch (error) {
      log.error({ err: error, news: news.type }, 'a listener to news of other processes failed');
    }
  };
  const deaf = () => {
    ear.hears = false;
  };
  reader.on('message', (_channel: string, payload: string) => {
    const [sender, ...rest] = payload.split('\n');
    const news = sender === ear.sender ? null : parseNews(rest);
    if (news) told(news);
  });
  reader.on('close', deaf);
  try {
    await reader.subscribe(channel, `${channel}:${owner}`);
  } catch (error) {
    reader.disconnect();
    throw error;
  }
  ear.hears = true;
  // The driver subscribes again by itself; what was said in between is lost.
  reader.on('ready', () => void again(hearing, told));
  const ping = setInterval(() => void reader.ping().catch(() => undefined), PING_MS).unref();
  return () => {
    clearInterval(ping);
    deaf();
    reader.disconnect();
  };
}

async function again({ reader, channel, ear, owner }: Hearing, told: (news: News) => void): Promise<void> {
  await reader.subscribe(channel, `${channel}:${owner}`).catch(() => undefined);
  ear.hears = true;
  told({ type: 'gap' });
}

/** Says something to one process, or to all others; resolves to whether anybody else heard it. */
export async function tellNews(
  redis: Redis,
  channel: string,
  { sender, hears }: Ear,
  owner: string | null,
  message: unknown,
): Promise<boolean> {
  const payload = [sender, 'message', JSON.stringify(message)].join('\n');
  if (owner !== null) return (await redis.publish(`${channel}:${owner}`, payload)) > 0;
  return (await redis.publish(channel, payload)) > (hears ? 1 : 0);
}

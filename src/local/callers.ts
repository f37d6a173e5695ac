import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { LocalFault } from './fault.ts';

/** A person who calls a number. */
export interface CallerStory {
  readonly from: string;
  readonly to: string;
  /** Keys pressed, each so long after the answer. Sent as RFC 4733 events. */
  readonly keys?: readonly { readonly afterMs: number; readonly digits: string }[];
  /** Hangs up this long after dialling, unless the other side did before. */
  readonly patienceMs: number;
}

/** How it went. */
export interface CallEnd {
  readonly answered: boolean;
  /** From dialling to the answer, or to the end of a call that nobody answered. */
  readonly ringMs: number;
  readonly talkMs: number;
  readonly endedBy: 'caller' | 'far-side';
  /** Q.850 cause. */
  readonly cause: number;
}

export interface Callers {
  call(story: CallerStory): Promise<CallEnd>;
  close(): void;
}

/** What a caller's channel does: it is answered (enters the application), and it ends. */
const ChannelEvent = z.object({
  type: z.enum(['StasisStart', 'ChannelDestroyed']),
  channel: z.object({ id: z.string() }),
  cause: z.number().default(0),
});
type ChannelEvent = z.infer<typeof ChannelEvent>;

interface Ari {
  request(method: 'POST' | 'DELETE', path: string, query?: Readonly<Record<string, string>>): Promise<void>;
}

const APP = 'world';

/**
 * People who call in, driven over the ARI of the simulated network by one event socket and plain requests. Kept apart
 * from the product's own switch door on purpose: a fault in one cannot hide in the other.
 */
export async function createCallers(url: string, endpoint: string): Promise<Callers> {
  const { origin, username, password } = new URL(url);
  const key = `${username}:${decodeURIComponent(password)}`;
  const ari = requestsTo(origin, key);
  const listeners = new Map<string, (event: ChannelEvent) => void>();
  const query = new URLSearchParams({ app: APP, api_key: key }).toString();
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ari/events?${query}`);
  socket.addEventListener('message', ({ data }) => {
    const event = ChannelEvent.safeParse(JSON.parse(String(data)));
    if (event.success) listeners.get(event.data.channel.id)?.(event.data);
  });
  await once(socket, 'open', { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
    throw new LocalFault(
      'start-failed',
      `The simulated public network's ARI at ${origin} takes no event socket.`,
      error,
    );
  });
  return {
    call: (story) => live(story, endpoint, ari, listeners),
    close: () => socket.close(),
  };
}

async function live(
  story: CallerStory,
  endpoint: string,
  ari: Ari,
  listeners: Map<string, (event: ChannelEvent) => void>,
): Promise<CallEnd> {
  const id = randomUUID();
  const channel = `channels/${id}`;
  const answer = Promise.withResolvers<number>();
  const end = Promise.withResolvers<ChannelEvent>();
  listeners.set(id, (event) => (event.type === 'StasisStart' ? answer.resolve(performance.now()) : end.resolve(event)));
  const over = new AbortController();
  let endedBy: CallEnd['endedBy'] = 'far-side';

  const dialledAt = performance.now();
  const target = { endpoint: `PJSIP/${story.to}@${endpoint}`, app: APP, callerId: story.from, timeout: '-1' };
  await ari.request('POST', channel, target);
  const patience = unlessOver(over.signal, story.patienceMs, () => {
    endedBy = 'caller';
    return ari.request('DELETE', channel);
  });
  const talk = Promise.race([answer.promise.then(() => speak(story, channel, ari, over.signal)), end.promise]);
  const { cause } = await end.promise;
  const endedAt = performance.now();
  listeners.delete(id);
  over.abort();
  await Promise.all([patience, talk]);
  const answeredAt = await Promise.race([answer.promise, Promise.resolve(undefined)]);
  return {
    answered: answeredAt !== undefined,
    ringMs: Math.round((answeredAt ?? endedAt) - dialledAt),
    talkMs: Math.round(endedAt - (answeredAt ?? endedAt)),
    endedBy,
    cause,
  };
}

/** Makes some noise, and presses the keys. Not a playback: keys would wait for its end. */
async function speak(story: CallerStory, channel: string, ari: Ari, over: AbortSignal): Promise<void> {
  const press = (dtmf: string): Promise<void> =>
    ari.request('POST', `${channel}/dtmf`, { dtmf, between: '120', duration: '120' });
  await Promise.all([
    ari.request('POST', `${channel}/moh`),
    ...(story.keys ?? []).map(({ afterMs, digits }) => unlessOver(over, afterMs, () => press(digits))),
  ]);
}

const unlessOver = (over: AbortSignal, afterMs: number, act: () => Promise<void>): Promise<void> =>
  pause(afterMs, undefined, { signal: over }).then(act, () => {});

/** A channel that is gone already (404, 409) is an ordinary thing for somebody who presses keys at people. */
function requestsTo(origin: string, key: string): Ari {
  const authorization = `Basic ${Buffer.from(key).toString('base64')}`;
  return {
    request: async (method, path, query = {}) => {
      const reply = await fetch(`${origin}/ari/${path}?${new URLSearchParams(query).toString()}`, {
        method,
        headers: { authorization },
      });
      const words = await reply.text();
      if (!reply.ok && ![404, 409, 412].includes(reply.status)) {
        throw new Error(`the simulated network refused ${method} ${path}: ${reply.status} ${words}`);
      }
    },
  };
}

import { z } from 'zod';
import type { House } from '../calls/house.ts';

const made = z.object({ webhook: z.object({ id: z.string(), cursor: z.string().nullable() }) });
const page = z.object({
  items: z.array(z.object({ id: z.string(), subject: z.string() })),
  cursor: z.string().nullable(),
});
const PAGE = 500;

/** What the bench asks of Callwright. */
export interface Api {
  readonly make: (url: string) => Promise<{ readonly id: string; readonly cursor: string | null }>;
  /** Off sends nothing; on it goes on at once where it stopped. */
  readonly turn: (id: string, isOn: boolean) => Promise<void>;
  readonly end: (id: string) => Promise<void>;
  readonly move: (id: string, url: string) => Promise<void>;
  /** Ids of the events after the cursor that a webhook is sent: none about itself. */
  readonly eventIds: (webhook: string, after: string | null) => Promise<readonly string[]>;
}

export function apiOf({ api }: House, signal: AbortSignal): Api {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const reply = await fetch(`${api.url}${path}`, {
      method,
      signal,
      headers: { authorization: `Bearer ${api.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} was answered ${reply.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    make: async (url) => made.parse(await ask('POST', '/v1/webhooks', { url, from: 'now' })).webhook,
    turn: async (id, isOn) => void (await ask('PATCH', `/v1/webhooks/${id}`, { isOn })),
    move: async (id, url) => void (await ask('PATCH', `/v1/webhooks/${id}`, { url })),
    end: async (id) => void (await ask('DELETE', `/v1/webhooks/${id}`)),
    eventIds: async (webhook, after) => {
      const ids: string[] = [];
      let cursor = after;
      for (;;) {
        const from: string = cursor === null ? '' : `&after=${cursor}`;
        const read = page.parse(await ask('GET', `/v1/events?limit=${PAGE}${from}`));
        if (read.items.length === 0) return ids;
        ids.push(...read.items.filter(({ subject }) => subject !== `webhook/${webhook}`).map(({ id }) => id));
        cursor = read.cursor;
      }
    },
  };
}

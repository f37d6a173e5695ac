import { expect, it } from 'vitest';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { EventHub } from '../../../src/http/event-hub.ts';
import { eventStream } from '../../../src/http/event-stream.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { HandClock, happened, settled } from './house.ts';

async function hubOn(live: LiveStore): Promise<EventHub> {
  const hub = new EventHub(live);
  await hub.join();
  return hub;
}

it('reads from the store what is no longer at hand', async () => {
  const live = createMemoryLive(() => 0).connect();
  const hub = await hubOn(live);
  const events = Array.from({ length: 2_600 }, (_, n) => happened(`c${n}`));
  for (let n = 0; n < events.length; n += 100) await live.append(events.slice(n, n + 100));
  await settled(() => hub.changes >= 26);
  const oldest = await hub.after(null, 10);
  expect(oldest.map(({ event }) => event.seq)).toEqual(events.slice(0, 10).map(({ seq }) => seq));
});

it('wakes a stream for events that came while it was finding none', async () => {
  const store = createMemoryLive(() => 0).connect();
  const late = happened('late');
  let reads = 0;
  const live: LiveStore = {
    ...store,
    read: async (cursor, limit) => {
      reads += 1;
      const found = await store.read(cursor, limit);
      if (reads === 1) {
        await store.append([late]);
        await settled(() => hub.changes > 0);
      }
      return found;
    },
  };
  const hub = await hubOn(live);
  const over = new AbortController();
  const request = { cursor: '00000000000000', types: null, source: '/callwright', signal: over.signal };
  for await (const chunk of eventStream(request, hub, new HandClock())) {
    if (!String(chunk).includes('data: ')) continue;
    expect(String(chunk)).toContain(`"call/late:${late.seq}"`);
    over.abort();
  }
  expect(reads).toBe(2);
});

it('follows the journal from its first reader to its last, and from then on anew', async () => {
  const store = createMemoryLive(() => 0).connect();
  let follows = 0;
  let ended = 0;
  const live: LiveStore = {
    ...store,
    follow: (cursor, onEvents) => {
      follows += 1;
      const stop = store.follow(cursor, onEvents);
      return () => {
        ended += 1;
        stop();
      };
    },
  };
  const hub = new EventHub(live);
  await live.append([happened('before')]);
  expect(follows).toBe(0);
  const [first, second] = await Promise.all([hub.join(), hub.join()]);
  expect(first).toBe(second);
  expect(first).not.toBeNull();
  hub.leave();
  expect([follows, ended]).toEqual([1, 0]);
  hub.leave();
  expect([follows, ended]).toEqual([1, 1]);
  await live.append([happened('unheard')]);
  const third = await hub.join();
  expect(third).not.toBe(first);
  expect((await hub.after(first, 10)).map(({ event }) => event.subject)).toEqual(['call/unheard']);
  await live.append([happened('heard')]);
  await settled(() => hub.changes > 0);
  expect((await hub.after(third, 10)).map(({ event }) => event.subject)).toEqual(['call/heard']);
  expect(follows).toBe(2);
});

it('a reader who leaves before it is followed leaves nothing behind, and one whom the store fails may come again', async () => {
  const store = createMemoryLive(() => 0).connect();
  let away = true;
  let follows = 0;
  const live: LiveStore = {
    ...store,
    lastCursor: async () => (away ? Promise.reject(new Error('away')) : store.lastCursor()),
    follow: (cursor, onEvents) => {
      follows += 1;
      return store.follow(cursor, onEvents);
    },
  };
  const hub = new EventHub(live);
  await expect(hub.join()).rejects.toThrow('away');
  away = false;
  const joining = hub.join();
  hub.leave();
  await joining;
  expect(follows).toBe(0);
  await hub.join();
  expect(follows).toBe(1);
});

import { expect, it } from 'vitest';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { EventHub } from '../../../src/http/event-hub.ts';
import { eventStream } from '../../../src/http/event-stream.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { HandClock, happened, settled } from './house.ts';

async function hubOn(live: LiveStore): Promise<EventHub> {
  const hub = new EventHub(live);
  await hub.start();
  return hub;
}

it('reads from the store what is no longer at hand', async () => {
  const live = createMemoryLive(() => 0).connect();
  const hub = await hubOn(live);
  const events = Array.from({ length: 2_600 }, (_, n) => happened(`c${n}`));
  for (let n = 0; n < events.length; n += 100) await live.append(events.slice(n, n + 100));
  await settled(() => hub.latest !== null && hub.changes >= 26);
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
        await settled(() => hub.latest !== null);
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

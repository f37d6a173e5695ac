import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEARTBEAT_MS, STALL_MS } from '../../../src/http/event-stream.ts';
import { type House, happened, openHouse, openStream, quiet, type Reader, settled } from './house.ts';

let house: House;
let address: string;
let headers: { authorization: string };
beforeEach(async () => {
  house = await openHouse();
  address = await house.http.listen();
  headers = { authorization: `Bearer ${await house.token('supervisor')}` };
});
afterEach(() => house.close());

const open = (path = '', more: Record<string, string> = {}): Promise<Reader> =>
  openStream(address, `/v1/events/stream${path}`, { ...headers, ...more });

const idsOf = (events: readonly { subject: string; seq: number }[]) =>
  events.map(({ subject, seq }) => `${subject}:${seq}`);
const batch = (count: number) => Array.from({ length: count }, (_, n) => happened(`c${n % 7}`));

describe('the event page', () => {
  it('gives events oldest first from a cursor, and filters by type', async () => {
    const events = [happened('a'), happened('b', 'leg.ringing'), happened('c')];
    await house.live.append(events);
    const first = (await house.ask('admin', { url: '/v1/events?limit=2' })).json<{
      items: { id: string }[];
      cursor: string;
    }>();
    expect(first.items.map(({ id }) => id)).toEqual(idsOf(events.slice(0, 2)));
    const rest = await house.ask('admin', { url: `/v1/events?after=${first.cursor}` });
    expect(rest.json<{ items: { id: string }[] }>().items.map(({ id }) => id)).toEqual(idsOf(events.slice(2)));
    const ringing = await house.ask('admin', { url: '/v1/events?types=leg.ringing,call.queued' });
    expect(ringing.json()).toMatchObject({
      items: [{ type: 'callwright.leg.ringing.v1', datacontenttype: 'application/json' }],
    });
  });
});

describe('the event stream', () => {
  it('begins with now, and tells events as they happen', async () => {
    await house.live.append(batch(3));
    const reader = await open();
    await reader.until(() => reader.text.includes('retry: '));
    expect(reader.response.headers['content-type']).toBe('text/event-stream');
    expect(reader.response.headers['cache-control']).toBe('no-store');
    const events = batch(3);
    await house.live.append(events);
    await reader.until(() => reader.ids.length >= 3);
    expect(reader.ids).toEqual(idsOf(events));
    reader.leave();
  });

  it('goes on after Last-Event-ID without a gap and without a double, wherever it broke', async () => {
    const events = batch(2_600); // more than is kept at hand, so that old cursors are read from the store
    for (let n = 0; n < events.length; n += 130) await house.live.append(events.slice(n, n + 130));
    const seen: string[] = [];
    let last: string | null = null;
    const more = batch(200);
    for (const stop of [1, 70, 100, 101, 1_500, 2_599, 2_600, 2_800]) {
      const reader: Reader =
        last === null ? await open('?after=00000000000000') : await open('', { 'last-event-id': last });
      if (stop === 2_800) await house.live.append(more);
      await reader.until(() => seen.length + reader.ids.length >= stop);
      const taken = reader.blocks.filter(({ event }) => event !== null).slice(0, stop - seen.length);
      reader.leave();
      seen.push(...taken.flatMap(({ event }) => (event ? [event.id] : [])));
      last = taken.at(-1)?.id ?? last;
    }
    expect(seen).toEqual(idsOf([...events, ...more]));
  });

  it('loses nothing while events are appended as it catches up', async () => {
    const events = batch(900);
    await house.live.append(events.slice(0, 300));
    const reader = await open('?after=00000000000000');
    for (let n = 300; n < 900; n += 10) {
      await house.live.append(events.slice(n, n + 10));
      if (n % 50 === 0) await reader.until(() => reader.ids.length > n - 300);
    }
    await reader.until(() => reader.ids.length >= 900);
    expect(reader.ids).toEqual(idsOf(events));
    reader.leave();
  });

  it('tells a filtered reader how far it is, so that it need not start over', async () => {
    const reader = await open('?types=leg.ringing');
    await reader.until(() => reader.text.includes('retry'));
    const events = [happened('a'), happened('b', 'leg.ringing'), happened('c')];
    await house.live.append(events);
    await reader.until(() => reader.blocks.at(-1)?.event === null && reader.ids.length === 1);
    expect(reader.ids).toEqual(idsOf(events.slice(1, 2)));
    expect(reader.blocks.at(-1)?.id).toBe(await house.live.lastCursor());
    reader.leave();
  });

  it('beats when nothing happens', async () => {
    const reader = await open();
    await reader.until(() => reader.text.includes('retry') && house.clock.pending > 0);
    house.clock.advance(HEARTBEAT_MS);
    await reader.until(() => reader.text.includes(': ok\n\n'));
    reader.leave();
  });

  it('cuts a reader that takes nothing, having kept little for it; it may come back', async () => {
    const reader = await open('?after=00000000000000');
    reader.response.pause();
    const fat = Array.from({ length: 1_000 }, (_, n) => happened(`c${n}`, 'call.answered', 'x'.repeat(40_000)));
    await house.live.append(fat);
    await quiet(house.clock); // the buffers between us are full
    expect(house.clock.pending).toBe(1);
    house.clock.advance(STALL_MS - 1);
    await house.live.append([happened('late')]);
    await quiet(house.clock);
    expect(house.clock.pending).toBe(1);
    house.clock.advance(1);
    reader.response.resume();
    await reader.closed();
    expect(reader.ids.length).toBeGreaterThan(0);
    expect(reader.ids.length).toBeLessThan(900);
    expect(house.clock.pending).toBe(0);
  });

  it('ends when the reader goes, leaving no timer', async () => {
    const readers = await Promise.all([open(), open(), open()]);
    await settled(() => house.clock.pending === 3);
    for (const reader of readers) reader.leave();
    await settled(() => house.clock.pending === 0);
  });

  it('is refused with 429 when too many are open', async () => {
    const readers = await Promise.all(Array.from({ length: 10 }, () => open()));
    const refused = await open();
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('10');
    for (const reader of readers) reader.leave();
    await settled(() => house.clock.pending === 0);
    expect((await open()).response.statusCode).toBe(200);
  });

  it('is ended by a close of the server, which waits for nobody', async () => {
    const readers = await Promise.all([open(), open()]);
    await settled(() => house.clock.pending === 2);
    await house.close();
    for (const reader of readers) await reader.closed();
    expect(readers.every((reader) => reader.response.complete)).toBe(true);
    expect(house.clock.pending).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, happened, openHouse, quiet } from './house.ts';

interface Taken {
  items: { cursor: string; tries: number; event: { id: string; type: string } }[];
}

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const at = (path: string) => `/v1/events/groups${path}`;
const open = (group = 'crm', from?: string) =>
  house.ask('engineer', { method: 'PUT', url: at(`/${group}`), payload: from === undefined ? {} : { from } });
const take = async (more: object = {}, group = 'crm') =>
  house.ask('engineer', { method: 'POST', url: at(`/${group}/take`), payload: { consumer: 'worker-1', ...more } });
const done = (cursors: readonly string[]) =>
  house.ask('engineer', { method: 'POST', url: at('/crm/done'), payload: { cursors } });
const ids = (events: readonly { subject: string; seq: number }[]) =>
  events.map(({ subject, seq }) => `${subject}:${seq}`);

describe('a group of consumers', () => {
  it('begins with now or where it is told to, and goes on where it is', async () => {
    const events = [happened('a'), happened('b')];
    await house.live.append(events);
    expect((await open()).statusCode).toBe(204);
    expect((await take()).json<Taken>().items).toEqual([]);
    await open('all', 'oldest');
    expect((await take({ limit: 1 }, 'all')).json<Taken>().items.map(({ event }) => event.id)).toEqual(
      ids(events.slice(0, 1)),
    );
    await open('all', 'oldest');
    expect((await take({}, 'all')).json<Taken>().items.map(({ event }) => event.id)).toEqual(ids(events.slice(1)));
  });

  it('gives CloudEvents, takes back the word that they are done, and tells how far it is', async () => {
    await open();
    await house.live.append([happened('a'), happened('b'), happened('c')]);
    const { items } = (await take({ limit: 2 })).json<Taken>();
    expect(items[0]?.event).toMatchObject({ specversion: '1.0', type: 'callwright.call.answered.v1' });
    expect((await done(items.slice(0, 1).map(({ cursor }) => cursor))).json()).toEqual({ done: 1 });
    const standings = (await house.ask('engineer', { url: at('') })).json<{ items: object[] }>();
    expect(standings.items).toEqual([{ group: 'crm', waiting: 1, taken: 1, dead: 0 }]);
  });

  it('gives the next what one of them left undone, and sets aside what nobody can do', async () => {
    await open();
    await house.live.append([happened('a')]);
    for (let tries = 1; tries <= 2; tries += 1) {
      expect((await take({ mostTries: 2, lapsedMs: 1_000 })).json<Taken>().items.map((one) => one.tries)).toEqual([
        tries,
      ]);
      house.clock.advance(1_000);
    }
    expect((await take({ mostTries: 2, lapsedMs: 1_000 })).json<Taken>().items).toEqual([]);
    const dead = (await house.ask('engineer', { url: at('/crm/dead') })).json<Taken>();
    expect(dead.items.map(({ tries }) => tries)).toEqual([2]);
    const again = await house.ask('engineer', { method: 'POST', url: at('/crm/dead/replay') });
    expect(again.json()).toEqual({ replayed: 1 });
    const { items } = (await take()).json<Taken>();
    expect(items.map(({ tries }) => tries)).toEqual([1]);
    expect((await done(items.map(({ cursor }) => cursor))).json()).toEqual({ done: 1 });
  });

  it('lets a consumer wait for events, and answers as soon as there are some', async () => {
    await open();
    const waiting = take({ waitMs: 30_000 });
    await quiet(house.clock);
    const events = [happened('a')];
    await house.live.append(events);
    expect((await waiting).json<Taken>().items.map(({ event }) => event.id)).toEqual(ids(events));
  });

  it('answers who has waited long enough for nothing', async () => {
    await open();
    const waiting = take({ waitMs: 2_500 });
    for (let second = 0; second < 3; second += 1) {
      await quiet(house.clock);
      house.clock.advance(1_000);
    }
    expect((await waiting).json<Taken>().items).toEqual([]);
  });

  it('says what to do where there is none', async () => {
    const answer = await take({}, 'nobody');
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ detail: string }>().detail).toBe(
      'There is no group nobody; open it by PUT /v1/events/groups/nobody (docs/event-groups.md).',
    );
    expect((await house.ask('engineer', { method: 'DELETE', url: at('/nobody') })).statusCode).toBe(404);
    await open();
    expect((await house.ask('engineer', { method: 'DELETE', url: at('/crm') })).statusCode).toBe(204);
    expect((await take()).statusCode).toBe(404);
  });
});

describe('events from a time on', () => {
  it('are read by a moment, as the events have it or in milliseconds', async () => {
    const events = [happened('a'), happened('b')];
    const [first, second] = events.map((event, n) => ({ ...event, at: house.clock.now() + n * 60_000 }));
    await house.live.append([first, second].filter((event) => event !== undefined));
    for (const since of [new Date(second?.at ?? 0).toISOString(), String(second?.at)]) {
      const page = await house.ask('engineer', { url: `/v1/events?since=${encodeURIComponent(since)}` });
      expect(page.json<{ items: { id: string }[] }>().items.map(({ id }) => id)).toEqual(ids(events.slice(1)));
    }
    expect((await house.ask('engineer', { url: '/v1/events?since=yesterday' })).statusCode).toBe(400);
  });
});

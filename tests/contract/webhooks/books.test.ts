import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ParkedEvent, Webhook, WebhookBooks } from '../../../src/engine/ports/webhooks.ts';
import { nextTryAt } from '../../../src/events/webhook-retry.ts';
import { embeddedSql } from '../../support/embedded-sql.ts';
import { createMemoryWebhooks } from '../../support/memory-webhooks.ts';

const T0 = 1_790_000_000_000;
const cursor = (n: number) => `${String(T0 + n).padStart(14, '0')}-00000000`;
const webhook = (id: string, more: Partial<Webhook> = {}): Webhook => ({
  id,
  url: 'https://crm.example/in?x=ä',
  secrets: [
    { secret: 'whsec_new', until: null },
    { secret: 'whsec_old', until: T0 },
  ],
  types: ['call.ended', 'call.queued'],
  isOn: true,
  why: '',
  createdAt: T0,
  cursor: null,
  failingSince: null,
  ...more,
});
const parked = (n: number, subject: string, more: Partial<ParkedEvent> = {}): ParkedEvent => ({
  cursor: cursor(n),
  subject,
  text: `{"n":${n},"text":"ä\\n"}`,
  tries: 1,
  firstAt: T0,
  nextAt: T0 + 100,
  why: 'answered 422',
  ...more,
});
const at = (events: readonly ParkedEvent[]) => events.map((event) => Number(event.cursor.slice(0, 14)) - T0);

interface Books {
  fresh(): Promise<WebhookBooks>;
  stop(): Promise<void>;
}

const inMemory = async (): Promise<Books> => ({
  fresh: async () => createMemoryWebhooks(),
  stop: async () => undefined,
});

const inSql = (): Promise<Books> =>
  embeddedSql('callwright.webhooks, callwright.webhook_parked', (stores) => stores.webhooks);

describe.each([
  ['memory', inMemory],
  ['embedded SQL', inSql],
] as const)('the books of webhooks: %s', (_name, start) => {
  let all: Books;
  let books: WebhookBooks;
  beforeAll(async () => {
    all = await start();
  });
  afterAll(() => all.stop());
  beforeEach(async () => {
    books = await all.fresh();
  });

  it('take the time of the next try, whatever chance has to do with it', async () => {
    await books.put(webhook('a'));
    const nextAt = nextTryAt({ tries: 1, firstAt: T0 }, T0, 1 / 3);
    await books.park('a', [parked(1, 'call/1', { nextAt })]);
    expect((await books.due('a', T0 + 60_000, 10)).map((event) => event.nextAt)).toEqual([nextAt]);
  });

  it('keep what was put, and how far it is apart from it', async () => {
    await books.put(webhook('b', { cursor: cursor(1) }));
    await books.put(webhook('a', { types: null }));
    await books.moveOn('b', cursor(7));
    await books.put(webhook('b', { isOn: false, why: 'Gone.' }));
    expect(await books.all()).toEqual([
      webhook('a', { types: null }),
      webhook('b', { isOn: false, why: 'Gone.', cursor: cursor(7) }),
    ]);
    await books.fails('b', T0);
    await books.put(webhook('b'));
    expect((await books.all()).at(-1)).toMatchObject({ isOn: true, failingSince: T0 });
    await books.fails('b', null);
    expect((await books.all()).at(-1)?.failingSince).toBeNull();
    expect([await books.remove('a'), await books.remove('a')]).toEqual([true, false]);
    expect((await books.all()).map(({ id }) => id)).toEqual(['b']);
  });

  it('give of each call the oldest event that is not dead, when its time has come', async () => {
    await books.park('w', [
      parked(5, 'call/a', { nextAt: T0, tries: 0 }),
      parked(1, 'call/a'),
      parked(2, 'call/b', { nextAt: null }),
      parked(3, 'call/b', { nextAt: T0 + 50 }),
      parked(4, 'call/c', { nextAt: T0 + 1_000 }),
    ]);
    await books.park('other', [parked(1, 'call/a', { nextAt: T0 })]);
    expect(at(await books.due('w', T0 + 10, 10))).toEqual([]);
    expect(at(await books.due('w', T0 + 50, 10))).toEqual([3]);
    expect(at(await books.due('w', T0 + 100, 10))).toEqual([1, 3]);
    expect(at(await books.due('w', T0 + 100, 1))).toEqual([1]);
    await books.settle('w', cursor(1));
    expect(await books.due('w', T0, 10)).toEqual([parked(5, 'call/a', { nextAt: T0, tries: 0 })]);
    expect(await books.parkedSubjects('w')).toEqual(new Set(['call/a', 'call/b', 'call/c']));
    expect(await books.counts('w')).toEqual({ parked: 3, dead: 1 });
  });

  it('have each event once, with what was said of it last', async () => {
    await books.park('w', [parked(1, 'call/a')]);
    await books.park('w', [parked(1, 'call/a', { tries: 2, nextAt: T0 + 500, why: 'timeout', firstAt: T0 + 9 })]);
    expect(await books.due('w', T0 + 500, 10)).toEqual([
      parked(1, 'call/a', { tries: 2, nextAt: T0 + 500, why: 'timeout' }),
    ]);
  });

  it('give dead letters out again, and forget all of a webhook that is removed', async () => {
    await books.put(webhook('w'));
    await books.park('w', [
      parked(1, 'call/a', { nextAt: null }),
      parked(2, 'call/b', { nextAt: null }),
      parked(3, 'call/b'),
    ]);
    expect(at(await books.dead('w', 10))).toEqual([1, 2]);
    expect(await books.revive('w', T0 + 7)).toBe(2);
    expect(await books.dead('w', 10)).toEqual([]);
    expect(await books.due('w', T0 + 7, 10)).toEqual([
      parked(1, 'call/a', { nextAt: T0 + 7, firstAt: T0 + 7, tries: 0 }),
      parked(2, 'call/b', { nextAt: T0 + 7, firstAt: T0 + 7, tries: 0 }),
    ]);
    await books.remove('w');
    expect(await books.counts('w')).toEqual({ parked: 0, dead: 0 });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeptAnswer, KeyBook, KeyClaim } from '../../../src/engine/ports/idempotency.ts';
import { createSqlStores } from '../../../src/store/sql/stores.ts';
import { embeddedSql, type SqlPart } from '../../support/embedded-sql.ts';
import { createMemoryKeyBook } from '../../support/memory-idempotency.ts';
import { postgresPrograms, startPostgres } from '../../support/postgres.ts';
import { silent } from '../../support/silent.ts';
import { query } from '../history/stores.ts';

const T0 = 1_790_000_000_000;
const TABLE = 'callwright.idempotency';
const ANSWER: KeptAnswer = { status: 201, type: 'application/json; charset=utf-8', body: '{"id":"ä\\n\\u0000"}' };
const claim = (id: string, holder: string, more: Partial<KeyClaim> = {}): KeyClaim => ({
  id,
  tokenId: 'token-1',
  print: 'print',
  holder,
  now: T0,
  until: T0 + 100,
  ...more,
});

const inMemory = async (): Promise<SqlPart<KeyBook>> => ({
  fresh: async () => createMemoryKeyBook(),
  stop: async () => undefined,
});
const embedded = () => embeddedSql(TABLE, (stores) => stores.keys);

/** With a connection for each of those who come at once. */
async function onServer(programs: string): Promise<SqlPart<KeyBook>> {
  const server = await startPostgres(programs);
  const stores = await createSqlStores({ databaseUrl: server.url, log: silent });
  return {
    fresh: async () => {
      await query(server.url, `truncate ${TABLE}`);
      return stores.keys;
    },
    stop: async () => {
      await stores.history.close();
      await server.stop();
    },
  };
}

const programs = postgresPrograms();
const BOOKS: readonly (readonly [string, () => Promise<SqlPart<KeyBook>>])[] = [
  ['memory', inMemory],
  ['embedded SQL', embedded],
  ...(programs ? [['a PostgreSQL server', () => onServer(programs)] as const] : []),
];

describe.each(BOOKS)('the book of idempotency keys: %s', (_name, start) => {
  let all: SqlPart<KeyBook>;
  let book: KeyBook;
  beforeAll(async () => {
    all = await start();
  });
  afterAll(() => all.stop());
  beforeEach(async () => {
    book = await all.fresh();
  });

  it('gives a key to one of those who come at once, and tells the others that it is under way', async () => {
    const claimed = await Promise.all(Array.from({ length: 20 }, (_, n) => book.claim(claim('a', `h${n}`))));
    expect(claimed.filter(({ is }) => is === 'new')).toHaveLength(1);
    expect(claimed.filter(({ is }) => is === 'busy')).toHaveLength(19);
    expect(await book.claim(claim('b', 'h'))).toEqual({ is: 'new' });
  });

  it('gives the answer again for the same, and says so when something else is asked for', async () => {
    await book.claim(claim('a', 'h1'));
    expect(await book.claim(claim('a', 'h2', { print: 'else' }))).toEqual({ is: 'other' });
    await book.settle('a', 'h1', ANSWER, T0 + 1_000);
    expect(await book.claim(claim('a', 'h2', { now: T0 + 999 }))).toEqual({ is: 'done', answer: ANSWER });
    expect(await book.claim(claim('a', 'h2', { print: 'else', now: T0 + 999 }))).toEqual({ is: 'other' });
    expect(await book.claim(claim('a', 'h3', { now: T0 + 1_000, until: T0 + 2_000 }))).toEqual({ is: 'new' });
    const bare = { status: 204, type: null, body: '' };
    await book.settle('a', 'h3', bare, T0 + 3_000);
    expect(await book.claim(claim('a', 'h4', { now: T0 + 1_500 }))).toEqual({ is: 'done', answer: bare });
  });

  it('frees a key that came to nothing, and lets nobody settle what time took from him', async () => {
    await book.claim(claim('a', 'h1'));
    await book.release('a', 'other');
    expect(await book.claim(claim('a', 'h2'))).toEqual({ is: 'busy' });
    await book.release('a', 'h1');
    expect(await book.claim(claim('a', 'h2'))).toEqual({ is: 'new' });
    expect(await book.claim(claim('a', 'h3', { now: T0 + 100, until: T0 + 200 }))).toEqual({ is: 'new' });
    await book.settle('a', 'h2', ANSWER, T0 + 1_000);
    await book.release('a', 'h2');
    expect(await book.claim(claim('a', 'h4', { now: T0 + 150 }))).toEqual({ is: 'busy' });
    await book.settle('a', 'h3', ANSWER, T0 + 1_000);
    await book.release('a', 'h3');
    expect(await book.claim(claim('a', 'h4', { now: T0 + 150 }))).toEqual({ is: 'done', answer: ANSWER });
  });

  it('forgets what is past, and of each credential the oldest beyond what it may keep', async () => {
    await book.claim(claim('past', 'h', { until: T0 + 5 }));
    for (const n of [1, 2, 3, 4]) await book.claim(claim(`a${n}`, 'h', { now: T0 + n }));
    await book.claim(claim('b1', 'h', { tokenId: 'token-2' }));
    expect(await book.trim(T0 + 5, 2)).toBe(3);
    const left = ['past', 'a1', 'a2', 'a3', 'a4', 'b1'].map(async (id) => {
      const { is } = await book.claim(claim(id, 'late', { now: T0 + 6 }));
      return is === 'busy' ? [id] : [];
    });
    expect((await Promise.all(left)).flat()).toEqual(['a3', 'a4', 'b1']);
  });
});

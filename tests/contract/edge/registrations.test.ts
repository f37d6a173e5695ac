import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Contact, RegistrationBook } from '../../../src/engine/ports/registrations.ts';
import { ensure } from '../../../src/local/debian.ts';
import { type Redis, startRedis } from '../../../src/local/redis.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { openRegistrations } from '../../../src/store/redis/registrations.ts';
import { createMemoryRegistrations } from '../../support/memory-registrations.ts';
import { silent } from '../../support/silent.ts';

const T0 = 1_790_000_000_000;
const clock = { now: () => now };
let now = T0;
const contact = (port: number, expiresAt = T0 + 60_000): Contact => ({
  uri: `sip:1001@192.0.2.1:${port}`,
  expiresAt,
  callId: 'a',
  cseq: port,
  instance: null,
});

interface Books {
  fresh(): Promise<RegistrationBook>;
  stop(): Promise<void>;
}

const inMemory = async (): Promise<Books> => ({
  fresh: async () => createMemoryRegistrations(clock),
  stop: async () => undefined,
});

async function inRedis(): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-edge-'));
  const { root } = await ensure({ packages: PACKAGES, env: process.env });
  const server: Redis = await startRedis({ root, folder, port: 0, password: 'contract-suite-password' });
  const opened: { close(): Promise<void> }[] = [];
  return {
    fresh: async () => {
      const prefix = `test${opened.length}:`;
      const book = await openRegistrations({ url: server.url, prefix, clock, log: silent });
      opened.push(book);
      return book;
    },
    stop: async () => {
      await Promise.all(opened.map((book) => book.close()));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe.each([
  ['memory', inMemory],
  ['Redis', inRedis],
])('where phones are: %s', (_name, open) => {
  let books: Books;
  let book: RegistrationBook;
  beforeAll(async () => {
    books = await open();
  });
  afterAll(() => books.stop());
  beforeEach(async () => {
    now = T0;
    book = await books.fresh();
  });

  it('gives what was kept, the one that holds longest first', async () => {
    await book.change('1001', { save: [contact(1), contact(2, T0 + 90_000)], remove: [] });
    expect(await book.contacts('1001')).toEqual([contact(2, T0 + 90_000), contact(1)]);
    expect(await book.contactOf('1001')).toBe('sip:1001@192.0.2.1:2');
    expect(await book.contacts('1002')).toEqual([]);
    expect(await book.contactOf('1002')).toBeNull();
  });

  it('keeps a contact anew, takes one away, and both in one step', async () => {
    await book.change('1001', { save: [contact(1), contact(2)], remove: [] });
    await book.change('1001', { save: [contact(1, T0 + 70_000)], remove: ['sip:1001@192.0.2.1:2'] });
    expect(await book.contacts('1001')).toEqual([contact(1, T0 + 70_000)]);
  });

  it('gives nothing that has lapsed', async () => {
    await book.change('1001', { save: [contact(1, T0 + 10), contact(2)], remove: [] });
    now = T0 + 10;
    expect(await book.contacts('1001')).toEqual([contact(2)]);
    await book.change('1001', { save: [contact(3)], remove: [] });
    expect((await book.contacts('1001')).map(({ cseq }) => cseq)).toEqual(expect.arrayContaining([2, 3]));
  });

  it('knows the accounts, and that it knows none yet', async () => {
    expect(await book.knows('1001')).toBeNull();
    await book.setAccounts(['1001', '1002']);
    expect([await book.knows('1001'), await book.knows('4711')]).toEqual([true, false]);
    await book.setAccounts(['1002']);
    expect(await book.knows('1001')).toBe(false);
  });
});

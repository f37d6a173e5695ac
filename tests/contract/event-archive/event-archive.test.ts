import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { EventArchive } from '../../../src/engine/ports/event-archive.ts';
import type { StoredEvent } from '../../../src/engine/ports/live-store.ts';
import { embeddedSql } from '../../support/embedded-sql.ts';
import { createMemoryArchive } from '../../support/memory-event-archive.ts';

const T0 = 1_790_000_000_000;
const cursor = (n: number) => `${String(T0 + n).padStart(14, '0')}-00000000`;
const stored = (n: number): StoredEvent => {
  const event: JournalEvent = {
    type: 'call.answered',
    data: { legId: `leg-ä-${n}` },
    subject: 'call/c',
    seq: n,
    at: T0 + n,
  };
  return { cursor: cursor(n), event };
};
const some = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => stored(from + at));
const texts = (from: number, to: number) =>
  some(from, to).map(({ cursor: at, event }) => ({ cursor: at, text: JSON.stringify(event) }));

interface Archives {
  fresh(): Promise<EventArchive>;
  stop(): Promise<void>;
}

const inMemory = async (): Promise<Archives> => ({
  fresh: async () => createMemoryArchive(),
  stop: async () => undefined,
});

const inSql = (): Promise<Archives> => embeddedSql('callwright.journal_blocks', (stores) => stores.archive);

describe.each([
  ['memory', inMemory],
  ['embedded SQL', inSql],
] as const)('event archive: %s', (_name, start) => {
  let archives: Archives;
  let archive: EventArchive;
  beforeAll(async () => {
    archives = await start();
  });
  afterAll(() => archives.stop());
  beforeEach(async () => {
    archive = await archives.fresh();
  });

  it('is empty at first', async () => {
    expect(await archive.end()).toBeNull();
    expect(await archive.read(null, 10)).toEqual([]);
  });

  it('gives back what was added, in order, from any cursor and over the seams', async () => {
    expect(await archive.add(null, texts(1, 5))).toBe(true);
    expect(await archive.add(cursor(5), texts(6, 8))).toBe(true);
    expect(await archive.end()).toBe(cursor(8));
    for (let from = 0; from <= 9; from += 1)
      for (const limit of [1, 2, 5, 100]) {
        const read = await archive.read(from === 0 ? null : cursor(from), limit);
        expect(read, `${limit} after ${from}`).toEqual(some(from + 1, 8).slice(0, limit));
      }
  });

  it('takes nothing that does not follow on its end', async () => {
    await archive.add(null, texts(1, 3));
    expect(await archive.add(null, texts(1, 4))).toBe(false);
    expect(await archive.add(cursor(2), texts(3, 4))).toBe(false);
    expect(await archive.read(null, 10)).toEqual(some(1, 3));
  });

  it('takes the same of two who add at once only once', async () => {
    await archive.add(null, texts(1, 3));
    const added = await Promise.all([4, 5, 6].map((to) => archive.add(cursor(3), texts(4, to))));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await archive.read(null, 10)).toEqual(some(1, 4 + added.indexOf(true)));
  });

  it('forgets what is old, and knows its end all the same', async () => {
    await archive.add(null, texts(1, 3));
    await archive.add(cursor(3), texts(4, 6));
    await archive.trim(cursor(5));
    expect((await archive.read(null, 10)).map(({ event }) => event.seq)).not.toContain(1);
    expect((await archive.read(null, 10)).map(({ event }) => event.seq)).toEqual(expect.arrayContaining([5, 6]));
    await archive.trim(cursor(1_000));
    expect(await archive.end()).toBe(cursor(6));
    expect(await archive.add(null, texts(1, 9))).toBe(false);
    expect(await archive.add(cursor(6), texts(7, 9))).toBe(true);
  });

  it('gives what was rewritten as it is now, also to who has just read it, and nothing else changes', async () => {
    await archive.add(null, texts(1, 5));
    await archive.add(cursor(5), texts(6, 8));
    await archive.read(cursor(5), 2);
    const changed = await archive.rewrite((text) => text.replace('leg-ä-7', 'nobody'));
    expect(changed).toBe(1);
    const read = await archive.read(null, 100);
    const after = some(1, 8).map((each) =>
      each.event.seq === 7 ? { ...each, event: { ...each.event, data: { legId: 'nobody' } } } : each,
    );
    expect(read).toEqual(after);
    expect(await archive.end()).toBe(cursor(8));
    expect(await archive.add(cursor(8), texts(9, 9))).toBe(true);
    expect(await archive.rewrite((text) => text)).toBe(0);
  });
});

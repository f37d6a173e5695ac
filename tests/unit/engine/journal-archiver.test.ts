import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { JournalArchiver } from '../../../src/engine/journal-archiver.ts';
import type { EventArchive } from '../../../src/engine/ports/event-archive.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { Log } from '../../../src/engine/ports/time.ts';
import { withArchive } from '../../../src/engine/whole-journal.ts';
import { createMemoryArchive } from '../../support/memory-event-archive.ts';
import { createMemoryLive, type MemoryLive } from '../../support/memory-live-store.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const HOUR_MS = 3_600_000;

let clock: SimulatedClock;
let memory: MemoryLive;
let live: LiveStore;
let archive: EventArchive;
let seq: number;
let log: { debug: Mock<Log['debug']>; info: Mock<Log['info']>; warn: Mock<Log['warn']>; error: Mock<Log['error']> };

beforeEach(() => {
  clock = new SimulatedClock();
  memory = createMemoryLive(() => clock.now());
  live = memory.connect();
  archive = createMemoryArchive();
  seq = 0;
  log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
});

const archiver = (owner = 'p1', days = 30, into: EventArchive = archive) =>
  new JournalArchiver({ clock, log, live: memory.connect(), archive: into, owner, days });

async function happen(count: number): Promise<void> {
  const events = Array.from({ length: count }, (): JournalEvent => {
    seq += 1;
    return { type: 'call.answered', data: { legId: 'l' }, subject: 'call/c', seq, at: clock.now() };
  });
  await live.append(events);
}

/** Every event from the cursor on, read in pages. */
async function readAll(from: string | null = null, page = 100): Promise<readonly number[]> {
  const whole = withArchive(live, archive);
  const seqs: number[] = [];
  for (let cursor = from; ; ) {
    const events = await whole.read(cursor, page);
    if (events.length === 0) return seqs;
    seqs.push(...events.map(({ event }) => event.seq));
    cursor = events.at(-1)?.cursor ?? cursor;
  }
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const inLive = async () => (await live.read(null, 1_000_000)).map(({ event }) => event.seq);

describe('the archiver', () => {
  it('takes what is older than a moment, and leaves the live store the last hour', async () => {
    const running = archiver();
    running.start();
    await happen(10);
    await clock.advance(5_000);
    expect(await archive.end()).toBeNull();
    await clock.advance(20_000);
    expect((await archive.read(null, 100)).map(({ event }) => event.seq)).toEqual(upTo(10));
    expect(await inLive()).toEqual(upTo(10));
    await clock.advance(HOUR_MS);
    await happen(5);
    await clock.advance(60_000);
    expect((await inLive()).length).toBeLessThanOrEqual(6);
    expect(await readAll()).toEqual(upTo(15));
    await running.stop();
  });

  it('takes a whole part at once, however young, and many of them in one go', async () => {
    const running = archiver();
    await happen(7_000);
    running.start();
    await clock.advance(1);
    expect((await archive.read(null, 10_000)).length).toBe(6_000);
    await running.stop();
  });

  it('never reads so much in one go that calls would wait for it, and makes large parts all the same', async () => {
    const [door, into] = [memory.connect(), archive];
    const [reads, adds] = [vi.spyOn(door, 'readTexts'), vi.spyOn(into, 'add')];
    const running = new JournalArchiver({ clock, log, live: door, archive: into, owner: 'p1', days: 30 });
    await happen(4_150);
    running.start();
    await clock.advance(60_000);
    expect(Math.max(...reads.mock.calls.map(([, limit]) => limit))).toBe(100);
    expect(adds.mock.calls.map(([, events]) => events.length)).toEqual([2_000, 2_000, 150]);
    expect((await archive.read(null, 10_000)).map(({ event }) => event.seq)).toEqual(upTo(4_150));
    await running.stop();
  });

  it('loses nothing and says so once while the database is away', async () => {
    let away = true;
    const guarded = new Proxy(archive, {
      get: (target, name: keyof EventArchive) =>
        away ? () => Promise.reject(new Error('away')) : target[name].bind(target),
    });
    const running = archiver('p1', 30, guarded);
    running.start();
    await happen(3_000);
    await clock.advance(2 * HOUR_MS);
    expect(await inLive()).toEqual(upTo(3_000));
    expect(log.warn).toHaveBeenCalledTimes(1);
    away = false;
    await clock.advance(60_000);
    expect(await archive.end()).toBe(await live.lastCursor());
    expect(await readAll()).toEqual(upTo(3_000));
    await running.stop();
  });

  it('is one of two processes, and the other goes on when it dies', async () => {
    const [first, second] = [archiver('p1'), archiver('p2')];
    first.start();
    second.start();
    for (let minute = 0; minute < 10; minute += 1) {
      await happen(100);
      await clock.advance(60_000);
    }
    await first.stop();
    await happen(100);
    await clock.advance(60_000);
    expect((await archive.read(null, 10_000)).map(({ event }) => event.seq)).toEqual(upTo(1_100));
    await second.stop();
    expect(await live.leases()).toEqual([]);
  });

  it('forgets what is older than the days that are kept', async () => {
    const running = archiver('p1', 2);
    running.start();
    for (let day = 0; day < 5; day += 1) {
      await happen(10);
      await clock.advance(24 * HOUR_MS);
    }
    const kept = await readAll();
    expect(kept.slice(-20)).toEqual(upTo(50, 31));
    expect(kept.length).toBeLessThan(25); // it forgets in whole parts
    await running.stop();
  });

  it('never shows a reader a gap or an event twice, wherever he begins and however he turns the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 90 })), { maxLength: 8 }),
        fc.integer({ min: 1, max: 60 }),
        async (course, page) => {
          clock = new SimulatedClock();
          memory = createMemoryLive(() => clock.now());
          [live, archive, seq] = [memory.connect(), createMemoryArchive(), 0];
          const running = archiver();
          running.start();
          for (const [count, minutes] of course) {
            await happen(count);
            await clock.advance(minutes * 60_000);
            expect(await readAll(null, page)).toEqual(upTo(seq));
          }
          const cursors = (await withArchive(live, archive).read(null, 1_000_000)).map(({ cursor }) => cursor);
          for (const at of [0, Math.floor(seq / 2), seq - 2].filter((each) => each >= 0 && each < seq))
            expect(await readAll(cursors[at] ?? null, page)).toEqual(upTo(seq, at + 2));
          await running.stop();
        },
      ),
      { numRuns: 40 },
    );
  });
});

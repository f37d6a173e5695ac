import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { Figures } from '../../../src/engine/ports/figures.ts';
import { KeyFigures, teamsOf } from '../../../src/engine/key-figures.ts';
import type { EventArchive } from '../../../src/engine/ports/event-archive.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { withArchive } from '../../../src/engine/whole-journal.ts';
import { embeddedSql, type SqlPart } from '../../support/embedded-sql.ts';
import { figureRooms } from '../../support/figure-rooms.ts';
import { heldBytes } from '../../support/live-heap.ts';
import { onDay } from '../../support/shifted-days.ts';
import { queueProfile } from '../../support/site.ts';
import { dayOfCalls, TEAMS } from '../../walks/kpi-day.ts';
import { RATES, TARGET_MS } from '../../walks/kpi-house.ts';
import { type RedisStores, redisStores } from '../live-store/stores.ts';

const DAYS = 90;
const CALLS = Number(process.env['CALLWRIGHT_ARCHIVE_CALLS'] ?? 60);
const DAY_MS = 86_400_000;
const MB = 1_048_576;
/** Events that make a part of the archive, as `JournalArchiver` writes them. */
const PART = 2_000;
/** So much more than in the first days may be held in the last: the figures, and who had called before. */
const MOST_MORE = 12 * MB;
/** What is held is measured each so many reads: it takes its time. */
const MEASURED = 60;

let redis: RedisStores;
let sql: SqlPart<EventArchive>;
beforeAll(async () => {
  redis = await redisStores();
  sql = await embeddedSql('callwright.journal_blocks', (stores) => stores.archive);
}, 120_000);
afterAll(async () => {
  await redis.stop();
  await sql.stop();
});

/** A day's journal, so that the last of so many such days ended an hour ago. */
async function template(): Promise<readonly JournalEvent[]> {
  const { events } = await dayOfCalls(CALLS, 11);
  const last = events.at(-1)?.at ?? 0;
  const today = Math.floor((Date.now() - 3_600_000 - last) / DAY_MS) * DAY_MS;
  return events.map((event) => onDay(event, 0, today - (DAYS - 1) * DAY_MS));
}

/** Cursors are by the time of writing, which was when it happened. */
async function fill(archive: EventArchive, day: readonly JournalEvent[]) {
  let [events, bytes, end]: [number, number, string | null] = [0, 0, null];
  for (let nth = 0; nth < DAYS; nth += 1) {
    const all = day.map((event, index) => {
      const moved = onDay(event, nth);
      const cursor = `${String(moved.at).padStart(14, '0')}-${String(index).padStart(8, '0')}`;
      return { cursor, text: JSON.stringify(moved) };
    });
    for (let from = 0; from < all.length; from += PART) {
      const part = all.slice(from, from + PART);
      expect(await archive.add(end, part)).toBe(true);
      end = part.at(-1)?.cursor ?? end;
      bytes += part.reduce((total, { text }) => total + text.length, 0);
    }
    events += all.length;
  }
  return { events, bytes };
}

it('ninety days are read in one go, day by day, and no more of them is held than the figures need', async () => {
  redis.fresh();
  const [live, archive, day] = [await redis.connect(), await sql.fresh(), await template()];
  const { events, bytes } = await fill(archive, day);
  const begin = Math.floor((day[0]?.at ?? 0) / DAY_MS) * DAY_MS;
  const counted = {
    ...live,
    read: (...asked: Parameters<LiveStore['read']>) => {
      liveReads += 1;
      return live.read(...asked);
    },
  };
  const whole = withArchive(counted, archive);
  // The newest of the journal is in the live store alone.
  await live.append(day.slice(0, 1_000).map((event) => onDay(event, DAYS + 1)));
  const held: number[] = [];
  let [reads, liveReads] = [0, 0];
  const figures: Figures = new KeyFigures({
    ...figureRooms(() => begin + DAYS * DAY_MS),
    live: {
      cursorAt: (at) => whole.cursorAt(at),
      read: async (cursor, limit) => {
        reads += 1;
        const found = await whole.read(cursor, limit);
        if (reads % MEASURED === 10) held.push(heldBytes());
        return found;
      },
    },
    queues: () => new Map(['billing', 'tech'].map((name) => [name, queueProfile(name, { targetMs: TARGET_MS })])),
    agents: () => [],
    teams: () =>
      teamsOf({ teams: new Map([...TEAMS].map(([name, members]) => [name, { title: name, members, ladder: null }])) }),
    settings: () => RATES,
  });
  const began = performance.now();
  const wish = { by: null, every: '1d', zone: 'UTC' } as const;
  const told = await figures.cells(begin, begin + DAYS * DAY_MS, wish);
  const tookMs = performance.now() - began;
  if (!told.ok) throw new Error(told.sentence);
  const { cells, report } = told.value;
  const written = held.map((each) => (each / MB).toFixed(1)).join(', ');
  const seconds = (tookMs / 1_000).toFixed(1);
  console.log(
    `${DAYS} days: ${events} events of ${(bytes / MB).toFixed(0)} MB read in ${seconds} s; held on the way, MB: ${written}`,
  );
  expect(held.length).toBeGreaterThan(4);
  expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(MOST_MORE);
  expect(liveReads).toBeLessThan(10);
  expect(report.all.arrived).toBe(DAYS * CALLS);
  expect(cells).toHaveLength(DAYS);
  // The same people call each day, so only who called before is another matter after the first.
  const plain = ({
    figures: { redials: _redials, repeats: _repeats, fcr: _fcr, occupancy: _busy, ...own },
  }: (typeof cells)[number]) => own;
  const [first, ...others] = cells.map(plain);
  for (const other of others) expect(other).toEqual(first);
  expect(report.all.offered).toBe(DAYS * (first?.offered ?? 0));
}, 300_000);

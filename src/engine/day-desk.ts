import type { Day } from '../acd/replay/day.ts';
import { DayReader } from '../acd/replay/day-reader.ts';
import type { EpochMs } from '../call/ids.ts';
import { DISORDER_MS, RUN_UP_MS, SeenTwice, slices } from './journal-span.ts';
import type { LiveStore } from './ports/live-store.ts';

/** What happened in a span of time, for who plays it again; as far back as the journal is kept. */
export async function dayOf(
  live: Pick<LiveStore, 'read' | 'cursorAt'>,
  from: EpochMs,
  to: EpochMs | null,
): Promise<Day> {
  const [reader, seen, until] = [new DayReader(from), new SeenTwice(), to ?? Infinity];
  for await (const { events } of slices(live, await live.cursorAt(from - RUN_UP_MS - DISORDER_MS), until)) {
    for (const event of events) if (event.at < until && !seen.has(event)) reader.see(event);
  }
  return reader.day();
}

import type { JournalEvent } from '../../src/call/journal.ts';

const DAY_MS = 86_400_000;

/** The same event on another day, as if all days were of one house: each call, agent's leg, campaign and lead has a name of its own. */
export function onDay(event: JournalEvent, day: number, shift = day * DAY_MS): JournalEvent {
  if (day === 0) return { ...event, at: event.at + shift };
  const text = JSON.stringify(event).replaceAll(
    /"(call\/)?(call|leg|attempt|campaign|lead)-(\d+)"/g,
    `"$1$2-${day}-$3"`,
  );
  const other = JSON.parse(text) as JournalEvent;
  return { ...other, seq: other.seq + day * 1_000_000, at: other.at + shift };
}

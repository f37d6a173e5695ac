import type { JournalEvent } from '../../src/call/journal.ts';

const DAY_MS = 86_400_000;
/** A greater number in an event is a moment, in ms since the epoch: no duration and no count is as great. */
const MOMENT = 1e12;

/** The same event on another day, as if all days were of one house: each call, agent's leg, campaign and lead has a name of its own. */
export function onDay(event: JournalEvent, day: number, shift = day * DAY_MS): JournalEvent {
  const moved = (_key: string, value: unknown) => (typeof value === 'number' && value > MOMENT ? value + shift : value);
  const text = JSON.stringify(event, moved);
  if (day === 0) return JSON.parse(text) as JournalEvent;
  const named = text.replaceAll(/"(call\/)?(call|leg|attempt|campaign|lead)-(\d+)"/g, `"$1$2-${day}-$3"`);
  const other = JSON.parse(named) as JournalEvent;
  return { ...other, seq: other.seq + day * 1_000_000 };
}

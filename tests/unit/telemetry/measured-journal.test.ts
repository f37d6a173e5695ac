import { expect, it } from 'vitest';
import type { LiveStore, StoredEvent } from '../../../src/engine/ports/live-store.ts';
import { measuredJournal } from '../../../src/telemetry/measured-journal.ts';

it('counts how late events come to whoever follows, and hands them on', () => {
  const lags: number[] = [];
  const heard: unknown[] = [];
  const stored = [
    { cursor: '1', event: { at: 970 } },
    { cursor: '2', event: { at: 1_000 } },
  ] as unknown as StoredEvent[];
  const live = {
    follow: (_cursor: string | null, onEvents: (events: readonly StoredEvent[]) => void) => {
      onEvents(stored);
      return () => {};
    },
  } as LiveStore;
  const clock = { now: () => 1_000, at: () => () => {} };
  measuredJournal(live, { eventLag: (ms) => void lags.push(ms) }, clock).follow(null, (events) => heard.push(events));
  expect(lags).toEqual([30, 0]);
  expect(heard).toEqual([stored]);
});

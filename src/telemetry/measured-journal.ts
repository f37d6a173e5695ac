import type { LiveStore } from '../engine/ports/live-store.ts';
import type { Clock } from '../engine/ports/time.ts';
import type { Metrics } from './metrics.ts';

/** A live store that counts how late events come out of its journal, wherever it is followed: no reader of its own is needed. */
export const measuredJournal = (live: LiveStore, metrics: Pick<Metrics, 'eventLag'>, clock: Clock): LiveStore => ({
  ...live,
  follow: (cursor, onEvents) =>
    live.follow(cursor, (stored) => {
      for (const { event } of stored) metrics.eventLag(clock.now() - event.at);
      onEvents(stored);
    }),
});

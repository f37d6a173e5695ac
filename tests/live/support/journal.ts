import type { FactType, JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { until } from './until.ts';

type Of<T extends FactType> = Extract<JournalEvent, { type: T }>;

/** The journal as it grows. It is read from the live store itself, so that it can be watched while Callwright is away. */
export interface Journal {
  /** Everything since `since` (a mark), in order. */
  readonly all: (since?: number) => readonly JournalEvent[];
  readonly of: <T extends FactType>(type: T, since?: number) => readonly Of<T>[];
  /** A mark at this moment. */
  readonly mark: () => number;
  /** Waits until it holds so many facts of the type, that `fits` too, since the mark; answers them. */
  readonly until: <T extends FactType>(type: T, options?: Wait<T>) => Promise<readonly [Of<T>, ...Of<T>[]]>;
  readonly close: () => void;
}

interface Wait<T extends FactType> {
  readonly fits?: (event: Of<T>) => boolean;
  readonly times?: number;
  readonly since?: number;
  readonly withinMs?: number;
}

export function followJournal(live: LiveStore): Journal {
  const events: JournalEvent[] = [];
  const stop = live.follow(null, (stored) => events.push(...stored.map(({ event }) => event)));
  const of = <T extends FactType>(type: T, since = 0): readonly Of<T>[] =>
    events.slice(since).filter((event): event is Of<T> => event.type === type);
  return {
    all: (since = 0) => events.slice(since),
    of,
    mark: () => events.length,
    until: async (type, { fits = () => true, times = 1, since = 0, withinMs = 15_000 } = {}) => {
      const found = () => of(type, since).filter(fits);
      const seen = await until(
        `${type} ${times} times`,
        () => ({ found: found(), last: events.slice(-12) }),
        (look) => look.found.length >= times,
        { withinMs, everyMs: 10 },
      );
      return seen.found as unknown as readonly [Of<typeof type>, ...Of<typeof type>[]];
    },
    close: stop,
  };
}

/** Id of the call an event belongs to. */
export const callOf = (event: JournalEvent): string => event.subject.replace(/^call\//, '');

/** The facts of the latest call from this number, in order, each in a word or two. */
export function latestFrom({ all }: Journal, ani: string): readonly string[] {
  const arrived = all().findLast((event) => event.type === 'call.arrived' && event.data.ani === ani);
  const facts = all().filter(({ subject }) => subject === arrived?.subject);
  return facts.map(({ at, type, data }) =>
    `${new Date(at).toISOString()} ${type} ${'node' in data ? data.node : ''}`.trim(),
  );
}

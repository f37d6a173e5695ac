import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { LiveStore } from './ports/live-store.ts';

/** Events read in one go; between two reads the process does whatever else it has to do. */
const SLICE = 500;
/** What agents were doing at the beginning of a span is known from the events of so long before it. */
export const RUN_UP_MS = 12 * 3_600_000;
/** Processes write side by side, so the journal is in order of time but for so much. */
export const DISORDER_MS = 60_000;
/** Writes that were made twice come close together. */
const REMEMBERED = 20_000;

type Journal = Pick<LiveStore, 'read' | 'cursorAt'>;

/** Slices of the journal from a cursor on, up to its end or to events from after `until`. */
export async function* slices(live: Journal, cursor: string | null, until: EpochMs) {
  for (let from = cursor; ; ) {
    const stored = await live.read(from, SLICE);
    const last = stored.at(-1);
    if (!last) return;
    yield { events: stored.map(({ event }) => event), cursor: last.cursor };
    if (stored.length < SLICE || last.event.at >= until + DISORDER_MS) return;
    from = last.cursor;
  }
}

/** When the journal begins, if that is after `from`: of what was before nothing is known. */
export async function beginsAfter(live: Journal, from: EpochMs): Promise<EpochMs | null> {
  const [oldest] = await live.read(null, 1);
  return oldest && oldest.event.at > from ? oldest.event.at : null;
}

/** The journal tells at least once; subject and number tell one event from another. */
export class SeenTwice {
  readonly #seen = new Set<string>();

  has({ subject, seq }: JournalEvent): boolean {
    const name = `${subject} ${seq}`;
    if (this.#seen.has(name)) return true;
    this.#seen.add(name);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    return false;
  }
}

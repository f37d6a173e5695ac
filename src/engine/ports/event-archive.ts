import type { EventEdit, StoredEvent, StoredText } from './live-store.ts';

/**
 * The journal of what is over for long, where it costs little. Guarantees:
 *
 * - Each event stands in it once and in the order of the journal, whoever adds them: `add` takes only what follows its end.
 * - What `add` has taken survives this process and the live store.
 * - `trim` leaves the end known, so that nothing is added twice afterwards.
 */
export interface EventArchive {
  /** Cursor of its last event; null: nothing was ever added. */
  end(): Promise<string | null>;
  /** Adds what follows on `end`, all or nothing; false: it does not end there any more, and nothing was added. */
  add(end: string | null, events: readonly StoredText[]): Promise<boolean>;
  /** Events after the cursor (null: from the oldest), oldest first; none when there are none. */
  read(cursor: string | null, limit: number): Promise<readonly StoredEvent[]>;
  /** Every event goes through `edit` and stands as it comes back, under its cursor. Says how many are others now. */
  rewrite(edit: EventEdit): Promise<number>;
  /** Forgets what is before the cursor, in whole parts: some of it may stay. */
  trim(before: string): Promise<void>;
}

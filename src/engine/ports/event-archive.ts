import type { EpochMs } from '../../call/ids.ts';
import type { StoredEvent } from './live-store.ts';

/**
 * The journal of days that are over, where it costs little. Guarantees:
 *
 * - Each event stands in it once and in the order of the journal, whoever adds them: `add` takes only what follows its end.
 * - What `add` has taken survives this process and the live store.
 * - `trim` leaves the end known, so that nothing is added twice afterwards.
 */
export interface EventArchive {
  /** Cursor of its last event; null: nothing was ever added. */
  end(): Promise<string | null>;
  /** Adds what follows on `end`, all or nothing; false: it does not end there any more, and nothing was added. */
  add(end: string | null, events: readonly StoredEvent[]): Promise<boolean>;
  /** Events after the cursor (null: from the oldest), oldest first; none when there are none. */
  read(cursor: string | null, limit: number): Promise<readonly StoredEvent[]>;
  /** From where to `read` everything that happened at that time or later; null: from the oldest. */
  cursorAt(at: EpochMs): Promise<string | null>;
  /** Forgets what happened before, in whole parts: some of it may stay. */
  trim(before: EpochMs): Promise<void>;
}

import type { RecordingId } from '../../call/ids.ts';

/**
 * What callers said, for good. Guarantees:
 *
 * - A name tells nothing and cannot be guessed; the recording's id does not lead to it from outside. The same id has the same
 *   name again, so that keeping a recording twice keeps one, and its name can be written down before it is kept.
 * - A recording is there whole or not at all, whenever the machine stops.
 * - Whatever is asked for, nothing is read or removed but recordings.
 */
export interface RecordingStore {
  nameOf(id: RecordingId): string;
  /** It is kept, under its name, when this resolves. */
  keep(id: RecordingId, wav: Uint8Array): Promise<void>;
  /** Null when there is none of that name. */
  read(name: string): Promise<Uint8Array | null>;
  /** Harmless when there is none. */
  remove(name: string): Promise<void>;
}

import type { EpochMs } from '../../call/ids.ts';
import type { FactType } from '../../call/journal.ts';

/** Of two secrets the newer one comes first; both sign until the older one ends. */
interface WebhookSecret {
  readonly secret: string;
  /** Null: no end is set. */
  readonly until: EpochMs | null;
}

/** A place to which events are sent. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly secrets: readonly WebhookSecret[];
  /** Only these; null: all. */
  readonly types: readonly FactType[] | null;
  readonly isOn: boolean;
  /** Why it is off, in a sentence; empty while it is on. */
  readonly why: string;
  readonly createdAt: EpochMs;
  /** It was told that nothing gets through since then; null: it was not, or is well again. */
  readonly failingSince: EpochMs | null;
  /** All up to here was sent, set aside, or not wanted; null: it begins with the oldest event. */
  readonly cursor: string | null;
}

/** An event that was not taken and waits for its next try, or for later ones of its subject. */
export interface ParkedEvent {
  readonly cursor: string;
  readonly subject: string;
  /** The event as it is stored. */
  readonly text: string;
  readonly tries: number;
  /** When it was first sent. */
  readonly firstAt: EpochMs;
  /** Null: it is a dead letter. */
  readonly nextAt: EpochMs | null;
  /** What its receiver said last, in a few words. */
  readonly why: string;
}

/**
 * Where webhooks are written down. Guarantees:
 *
 * - What was parked stays until it is settled, and there is each event once, however often it is parked.
 * - `due` gives of each subject the oldest event that is not dead, if its time has come: so a call's events stay in order.
 */
export interface WebhookBooks {
  all(): Promise<readonly Webhook[]>;
  /** Writes one anew, or over itself; its cursor and since when it fails only the first time. */
  put(webhook: Webhook): Promise<void>;
  remove(id: string): Promise<boolean>;
  moveOn(id: string, cursor: string): Promise<void>;
  /** Whoever sends next knows what was told. */
  fails(id: string, since: EpochMs | null): Promise<void>;
  park(id: string, events: readonly ParkedEvent[]): Promise<void>;
  /** Subjects that have events parked and not dead: whatever comes of them queues behind. */
  parkedSubjects(id: string): Promise<ReadonlySet<string>>;
  due(id: string, now: EpochMs, limit: number): Promise<readonly ParkedEvent[]>;
  settle(id: string, cursor: string): Promise<void>;
  dead(id: string, limit: number): Promise<readonly ParkedEvent[]>;
  /** Lets all dead letters be sent again, at once; how many. */
  revive(id: string, now: EpochMs): Promise<number>;
  counts(id: string): Promise<{ readonly parked: number; readonly dead: number }>;
}

import type { JournalEvent } from '../../call/journal.ts';
import type { EventGroups } from './event-groups.ts';

/** A document of live state; `version` rises by one with every write and guards it. */
export interface Doc {
  readonly id: string;
  readonly version: number;
  readonly body: unknown;
}

export interface StoredEvent {
  /** Cursor in the journal; opaque, sorts by age, goes into Last-Event-ID. */
  readonly cursor: string;
  readonly event: JournalEvent;
}

/** An event as it is stored, for who passes it on without reading it. */
export interface StoredText {
  readonly cursor: string;
  readonly text: string;
}

/** An event as it is stored, as it should be stored from now on; the same where nothing is to change. */
export type EventEdit = (text: string) => string;

/** What of a call waits for an agent, and the process that serves the call. */
export interface StoredTicket {
  readonly id: string;
  readonly owner: string;
  readonly body: unknown;
}

/** Changes of a call's tickets by id; null takes one away. */
interface TicketChange {
  readonly owner: string;
  readonly tickets: Readonly<Record<string, unknown>>;
}

/** What other processes did or say. */
export type News =
  /** An agent was written; a null body: removed. */
  | { readonly type: 'agent'; readonly doc: Doc }
  | ({ readonly type: 'tickets' } & TicketChange)
  | { readonly type: 'message'; readonly message: unknown }
  /** News may have been lost: read again what matters. */
  | { readonly type: 'gap' };

/**
 * Live state and the journal. Guarantees:
 *
 * - Every write is one atomic step that also appends its events: state and journal never disagree.
 * - Once a write has resolved it survives the death of this process.
 * - `reserve` succeeds for at most one call per agent and, unless more are asked for, one agent per call, over all processes.
 * - Reads give what was last written, never older.
 * - News come in the order in which things happened, at most once; where some may have been lost, `gap` says so.
 */
export interface LiveStore {
  /**
   * Writes a call's snapshot (`null` forgets the call) and appends its events. A call has one owner, so there is no version.
   * Its tickets change in the same step, for every process to see.
   */
  saveCall(callId: string, body: unknown, events: readonly JournalEvent[], change?: TicketChange): Promise<void>;
  loadCalls(): Promise<readonly { readonly id: string; readonly body: unknown }[]>;
  loadCall(id: string): Promise<unknown>;
  /** Of all processes' calls. */
  callIds(): Promise<ReadonlySet<string>>;
  loadTickets(): Promise<readonly StoredTicket[]>;
  /** Takes away tickets of an owner who is no more; one that has another owner by now stays. */
  dropTickets(ids: readonly string[], owner: string): Promise<void>;

  loadAgents(): Promise<readonly Doc[]>;
  loadAgent(id: string): Promise<Doc | null>;
  /** Writes `body` if the stored version is still `version` (0: not there yet); `null` body removes. Stale answers the stored document. */
  saveAgent(
    id: string,
    version: number,
    body: unknown,
    events: readonly JournalEvent[],
  ): Promise<
    { readonly saved: true; readonly version: number } | { readonly saved: false; readonly stored: Doc | null }
  >;

  /** Holds an agent for a call: the agent's document moves on as in saveAgent, and the call may hold no more than `most`. */
  reserve(
    request: ReserveRequest,
  ): Promise<Reservation | { readonly ok: false; readonly why: 'agent-taken' | 'call-taken' }>;
  /** From now on the hold lasts so long; false when it has lapsed or was ended, and then the agent is not held. */
  confirmReservation(callId: string, fence: number, ttlMs: number): Promise<boolean>;
  /** Ends the hold; harmless when it has lapsed or another one has begun (the fence tells them apart). */
  endReservation(callId: string, fence: number): Promise<void>;
  reservations(): Promise<readonly { readonly callId: string; readonly agentId: string; readonly fence: number }[]>;

  /** Takes or renews a named lease. The epoch rises with every change of owner; a lower one is a fenced process. */
  lease(
    name: string,
    owner: string,
    ttlMs: number,
  ): Promise<{ readonly mine: boolean; readonly epoch: number; readonly owner: string }>;
  /** Takes or renews many leases at once; gives the owner of each. */
  leaseAll(names: readonly string[], owner: string, ttlMs: number): Promise<ReadonlyMap<string, string>>;
  releaseLease(name: string, owner: string): Promise<void>;
  leases(): Promise<readonly { readonly name: string; readonly owner: string }[]>;

  /**
   * Writes what is known of alarms by id (null takes one away) and appends their events, while `owner` has that lease; false:
   * it is in other hands, and nothing was written.
   */
  saveAlarms(
    by: { readonly lease: string; readonly owner: string },
    changes: ReadonlyMap<string, unknown>,
    events: readonly JournalEvent[],
  ): Promise<boolean>;
  loadAlarms(): Promise<ReadonlyMap<string, unknown>>;

  /** Writes how a trunk fares, as the last to write it has heard, and appends its events. */
  saveTrunk(name: string, body: unknown, events: readonly JournalEvent[]): Promise<void>;
  loadTrunks(): Promise<ReadonlyMap<string, unknown>>;

  /** Hears what others do, and what is said to `owner` or to all, from when it resolves; returns how to stop. */
  hear(owner: string, onNews: (news: News) => void): Promise<() => void>;
  /** Says something to one process, or with null to all others; false when nobody hears there. */
  tell(owner: string | null, message: unknown): Promise<boolean>;

  append(events: readonly JournalEvent[]): Promise<void>;
  /** Events after `cursor` (null: from the oldest kept), oldest first. */
  read(cursor: string | null, limit: number): Promise<readonly StoredEvent[]>;
  /** The same as text: to read them costs more than all else that is done with them. */
  readTexts(cursor: string | null, limit: number): Promise<readonly StoredText[]>;
  /** Cursor of the oldest event kept; null: none is. */
  firstCursor(): Promise<string | null>;
  lastCursor(): Promise<string | null>;
  /** Forgets events before the cursor, in whole blocks: some may stay, and all do that a consumer group has not done. */
  trim(before: string): Promise<void>;
  /**
   * Every event kept, also those that consumer groups hold, goes through `edit` and stands as it comes back, under its cursor, in its
   * order and in the hands in which it was. `edit` may be asked twice. Says how many are others now.
   */
  rewrite(edit: EventEdit): Promise<number>;
  /** From where to `read` everything that was appended at or after that time, by the store's clock; null: from the oldest. */
  cursorAt(at: number): Promise<string | null>;
  /** Follows the journal from `cursor` on; returns how to stop. Delivery goes on by itself after a lost connection, without gaps. */
  follow(cursor: string | null, onEvents: (events: readonly StoredEvent[]) => void): () => void;

  /** Consumers who share the events of the journal. */
  readonly groups: EventGroups;

  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

interface ReserveRequest {
  readonly callId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly agentBody: unknown;
  /** How many agents the call may hold at once. */
  readonly most: number;
  /** The hold lapses by itself after this long, so that a dead process keeps nobody. */
  readonly ttlMs: number;
  readonly events: readonly JournalEvent[];
}

export interface Reservation {
  readonly ok: true;
  readonly fence: number;
  readonly agentVersion: number;
}

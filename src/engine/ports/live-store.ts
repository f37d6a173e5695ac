import type { JournalEvent } from '../../call/journal.ts';

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

/**
 * Live state and the journal. Guarantees:
 *
 * - Every write is one atomic step that also appends its events: state and journal never disagree.
 * - Once a write has resolved it survives the death of this process.
 * - `reserve` succeeds for at most one call per agent and one agent per call, over all processes.
 * - Reads give what was last written, never older.
 */
export interface LiveStore {
  /**
   * Writes a call's snapshot (`null` forgets the call) and appends its events. A call has one owner, so there is no version.
   * `tickets` (by id; `null` takes one away) are what of the call waits for an agent, for every process to see.
   */
  saveCall(
    callId: string,
    body: unknown,
    events: readonly JournalEvent[],
    tickets?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  loadCalls(): Promise<readonly { readonly id: string; readonly body: unknown }[]>;

  loadAgents(): Promise<readonly Doc[]>;
  /** Writes `body` if the stored version is still `version` (0: not there yet); `null` body removes. Stale answers the stored document. */
  saveAgent(
    id: string,
    version: number,
    body: unknown,
    events: readonly JournalEvent[],
  ): Promise<
    { readonly saved: true; readonly version: number } | { readonly saved: false; readonly stored: Doc | null }
  >;

  /** Holds an agent for a call: the agent's document moves on as in saveAgent, and the call may hold no other agent. */
  reserve(
    request: ReserveRequest,
  ): Promise<Reservation | { readonly ok: false; readonly why: 'agent-taken' | 'call-taken' }>;
  /** Ends the hold; harmless when it has lapsed or another one has begun (the fence tells them apart). */
  endReservation(callId: string, fence: number): Promise<void>;
  reservations(): Promise<readonly { readonly callId: string; readonly agentId: string; readonly fence: number }[]>;

  /** Takes or renews a named lease. The epoch rises with every change of owner; a lower one is a fenced process. */
  lease(
    name: string,
    owner: string,
    ttlMs: number,
  ): Promise<{ readonly mine: boolean; readonly epoch: number; readonly owner: string }>;
  releaseLease(name: string, owner: string): Promise<void>;
  leases(): Promise<readonly { readonly name: string; readonly owner: string }[]>;

  append(events: readonly JournalEvent[]): Promise<void>;
  /** Events after `cursor` (null: from the oldest kept), oldest first. */
  read(cursor: string | null, limit: number): Promise<readonly StoredEvent[]>;
  lastCursor(): Promise<string | null>;
  /** Follows the journal from `cursor` on; returns how to stop. Delivery goes on by itself after a lost connection, without gaps. */
  follow(cursor: string | null, onEvents: (events: readonly StoredEvent[]) => void): () => void;

  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

interface ReserveRequest {
  readonly callId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly agentBody: unknown;
  /** The hold lapses by itself after this long, so that a dead process keeps nobody. */
  readonly ttlMs: number;
  readonly events: readonly JournalEvent[];
}

export interface Reservation {
  readonly ok: true;
  readonly fence: number;
  readonly agentVersion: number;
}

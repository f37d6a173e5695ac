import type { StoredEvent } from './live-store.ts';

/** An event in the hands of a consumer. */
export interface TakenEvent extends StoredEvent {
  /** How often it was given to somebody, this time included. */
  readonly tries: number;
}

export interface TakeRequest {
  readonly group: string;
  /** Who takes them; what he does not report as done goes to others after `lapsedMs`. */
  readonly consumer: string;
  readonly limit: number;
  readonly lapsedMs: number;
  /** What was taken so often and never done is a dead letter. */
  readonly mostTries: number;
}

export interface DeadLetter extends StoredEvent {
  readonly tries: number;
}

export interface GroupStanding {
  readonly group: string;
  /** Events that nobody of the group has taken yet. */
  readonly waiting: number;
  /** Taken and not done. */
  readonly taken: number;
  readonly dead: number;
}

/**
 * Consumers who share the journal's events between them. Guarantees:
 *
 * - Each event is taken by one consumer of a group at a time; one that is not done goes to the next who asks, until it is done or
 *   dead. So nothing is lost, and what was done by one who died before he could say so comes twice, with the same id.
 * - The first takes of events are in the order of the journal; order between consumers, and after a lapse, is not kept.
 * - What a group has not done the live store does not forget, as long as no more than it can hold gathers.
 */
export interface EventGroups {
  /** Opens a group that begins after the cursor (null: with the oldest kept); one that is open goes on where it is. */
  open(group: string, from: string | null): Promise<void>;
  /** Lapsed events first, then new ones; none when there are none, and null when there is no such group. */
  take(request: TakeRequest): Promise<readonly TakenEvent[] | null>;
  /** How many of them were in hand, and are done now. */
  done(group: string, cursors: readonly string[]): Promise<number>;
  /** Null: there is no such group. */
  dead(group: string, limit: number): Promise<readonly DeadLetter[] | null>;
  /** Gives all dead letters out again, with their tries at nought; how many. Null: there is no such group. */
  revive(group: string): Promise<number | null>;
  /**
   * Who may tell that the group has dead letters: true to one of all who ask, until they were revived or the group was closed. He has
   * `heldMs` for it; then it is true to another, unless he has said `deadTold`.
   */
  claimDead(group: string, heldMs: number): Promise<boolean>;
  /** Nothing, when they were revived meanwhile: the next are news. */
  deadTold(group: string): Promise<void>;
  standings(): Promise<readonly GroupStanding[]>;
  /** Ends a group with all that it knew; false: there was none. */
  close(group: string): Promise<boolean>;
}

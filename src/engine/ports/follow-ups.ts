import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { FollowUp, FollowUpEvent } from '../../work/follow-up.ts';
import type { FollowUpCommand, FollowUpWish } from '../../work/follow-up-decide.ts';
import type { Owner } from '../../work/follow-up-rules.ts';
import type { Answer } from './service.ts';

export type { FollowUp, FollowUpCommand, FollowUpEvent, FollowUpWish };

/** When something has to be told of a follow-up next (null: never), and by which rules that was reckoned. */
export interface Plan {
  readonly wakeAt: EpochMs | null;
  /** A name of the rules that changes with them. */
  readonly rules: string;
}

export interface FollowUpQuery {
  readonly state?: FollowUp['state'];
  /** Only of these; none: of all. */
  readonly owners?: readonly Owner[];
  readonly dueBefore?: EpochMs;
  readonly callId?: string;
  readonly kind?: string;
  /** `due`: the soonest due first. `age`: the oldest first. */
  readonly order: 'due' | 'age';
  readonly limit: number;
  /** The last id of the page before. */
  readonly after?: string;
}

/** What somebody has before him. */
export interface Backlog<Who = Owner> {
  readonly owner: Who;
  readonly open: number;
  readonly overdue: number;
  readonly oldestAt: EpochMs;
  readonly nextDueAt: EpochMs;
}

/**
 * Where follow-ups are written down. Guarantees:
 *
 * - A follow-up and the facts that made it so are written together or not at all.
 * - Of two who change what they both saw as fact `seen`, one writes and the other is answered false.
 * - A fact is untold until somebody says that it was told: a process that dies between the two leaves it for the next one.
 */
export interface FollowUpStore {
  /** False: there is one of that id, and nothing was written. */
  add(followUp: FollowUp, events: readonly FollowUpEvent[], plan: Plan): Promise<boolean>;
  /** False: it is not as it was at fact `seen`, and nothing was written. No events: only the plan is another. */
  save(followUp: FollowUp, seen: number, events: readonly FollowUpEvent[], plan: Plan): Promise<boolean>;
  one(id: string): Promise<FollowUp | null>;
  list(query: FollowUpQuery): Promise<readonly FollowUp[]>;
  /** Its facts from the first. */
  history(id: string): Promise<readonly FollowUpEvent[]>;
  /** Of everybody who owns something open; the oldest first. */
  backlog(now: EpochMs): Promise<readonly Backlog[]>;
  /** Open ones whose moment has come, or was reckoned by other rules; the earliest first. */
  waking(now: EpochMs, rules: string, limit: number): Promise<readonly FollowUp[]>;
  /** Facts of one that nobody has told, in order. */
  untold(id: string): Promise<readonly FollowUpEvent[]>;
  /** Ids of those that have such facts from before that time. */
  untoldBefore(at: EpochMs, limit: number): Promise<readonly string[]>;
  /** Those up to number `seq` were told. */
  told(id: string, seq: number): Promise<void>;
  /** Forgets those that were closed before that time, with their history; how many. */
  trim(closedBefore: EpochMs): Promise<number>;
}

/** Who asks. `agentId`: he sees only what he can own himself; null: everything. */
export interface Asker {
  readonly name: string;
  readonly agentId: AgentId | null;
}

/** Who has open work: an owner of follow-ups, or the queue that owes callbacks. */
export type AnyOwner = Owner | { readonly kind: 'queue'; readonly id: string };

/** A follow-up as it is shown; a callback that waits is shown as one of its queue. */
export type SeenFollowUp = Omit<FollowUp, 'owner'> & { readonly owner: AnyOwner };

export type FollowUpsAsked = Omit<FollowUpQuery, 'owners'> & { readonly owner?: AnyOwner };

/** Follow-ups to those outside. What an asker may not see is `not-found` to him. */
export interface FollowUps {
  /** The same `id` twice makes it once: whoever may ask again gives one. Kind `callback` is refused. */
  create(wish: FollowUpWish, by: Asker, id?: string): Promise<Answer<FollowUp>>;
  command(id: string, command: FollowUpCommand, by: Asker): Promise<Answer<FollowUp>>;
  one(id: string, by: Asker): Promise<Answer<FollowUpStory>>;
  /** Of callbacks only those that wait, and only by the queue or the kind; the soonest due first, whatever the order. */
  list(asked: FollowUpsAsked, by: Asker): Promise<readonly SeenFollowUp[]>;
  /** What is open, by owner; the oldest first. Callbacks stand under their queue: a view of what is promised there. */
  queues(by: Asker): Promise<readonly Backlog<AnyOwner>[]>;
}

export interface FollowUpStory {
  readonly followUp: SeenFollowUp;
  readonly history: readonly FollowUpEvent[];
}

import type { Customer } from '../../call/customer.ts';
import type { DestinationVerdict } from '../../call/destinations.ts';
import type { QueueProfile, QueueRequest } from '../../call/routing.ts';
import type { CallId, EpochMs, LeadId, QueueName } from '../../call/ids.ts';
import type { Calendar } from '../../ivr/calendar.ts';
import type { Flow } from '../../ivr/flow.ts';

/** Why a number outside is not dialled: the house does not allow it, or one of its caps is reached. */
export type OutsideRefusal = Exclude<DestinationVerdict, 'allowed'> | 'concurrent' | 'per-hour' | 'minutes-per-day';

/** On whose behalf a number outside is dialled: each has caps of his own besides those of the house. */
export interface Asker {
  readonly kind: 'agent' | 'flow' | 'campaign';
  readonly name: string;
}

/** A call that is to leave the house. */
export interface WayOrder {
  /** The call that keeps a promise by it, and may have taken a line beforehand; null: it keeps none. */
  readonly promise: CallId | null;
  /** Whom a campaign dials by it: it goes by the trunks of the campaign, and only while that may go on; null: no campaign does. */
  readonly lead: LeadId | null;
  /** A trunk, or a group of them. */
  readonly via: string;
  readonly number: string;
  /** Trunks that have failed with it already. */
  readonly tried: readonly string[];
  /** Somebody waits for it on the line: it goes by a trunk that campaigns are spared, rather than not at all. */
  readonly pressing: boolean;
}

/** What a call may read of the world around it; a value for the length of one step. */
export interface CallWorld {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Prompts that have sound, per language. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>;
  /** What `${env.NAME}` in a lookup's address stands for. */
  readonly env: ReadonlyMap<string, string>;
  readonly queues: ReadonlyMap<string, QueueProfile>;
  /** Whom the site's list of customers names by this number; null: nobody, or the number was withheld. */
  customerOf(number: string | null): Customer | null;
  /** Why this number may not be dialled now; null when it may. */
  outsideRefusal(number: string, asker?: Asker): OutsideRefusal | null;
  /** By which trunk it goes now, and what that shows of its own; null: none takes it. Whoever dials it takes the line. */
  way(order: WayOrder): { readonly trunk: string; readonly callerId: string | null; readonly at: EpochMs } | null;
  /** How many wait in the queue already, and who could take a call that asks for this. */
  queueFacts(
    queue: QueueName,
    asked?: Pick<QueueRequest, 'require' | 'relax' | 'priority'>,
  ): {
    readonly waiting: number;
    /** Is anybody logged in who could take it, now or once it asks for less? */
    readonly isStaffed: boolean;
    /** For who would join now, ms; null, or left out: nobody knows. */
    readonly estimateMs?: number | null;
  };
}

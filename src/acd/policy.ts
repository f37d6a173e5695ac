import type { EpochMs, QueueName } from '../call/ids.ts';
import type { Overflow, QueueProfile } from '../call/routing.ts';

/** A queue's hours as they are now; null at a queue that is always open. */
export interface HoursSeen {
  readonly open: boolean;
  /** When that changes; null: not within weeks. */
  readonly changesAt: EpochMs | null;
}

/** How a queue stands, in figures that cost no look at its calls. */
export interface QueueFigures {
  /** Agents logged in who serve it. */
  readonly staffed: number;
  /** For who would join it now, ms; null: nobody knows. */
  readonly estimateMs: number | null;
  /** Share of the latest calls that were answered within the target; null: too few to tell. */
  readonly serviceLevel: number | null;
  readonly hours: HoursSeen | null;
}

/** Why others help out. */
type Reason = 'estimate' | 'staffed' | 'service-level' | 'closed';

/** Of each entry of `overflow`: why it is in force, and since when it need not be; null: it is not in force. */
export type Overflowing = readonly ({ readonly because: Reason; readonly calmSince: EpochMs | null } | null)[];

/** Help goes on for so long after the need for it has passed: it comes and goes with each single call otherwise. */
export const CALM_MS = 30_000;
/** What is better than the limit by so much is calm; in between, all stays as it is. */
const CALM = { estimate: 0.8, serviceLevel: 0.05 } as const;

/** Moves the overflow of a queue on. An entry is in force as soon as one of its conditions holds. */
export function judgeOverflow(
  overflow: readonly Overflow[],
  figures: QueueFigures,
  before: Overflowing,
  now: EpochMs,
): Overflowing {
  return overflow.map(({ when }, at) => {
    const was = before[at] ?? null;
    const because = needOf(when, figures, false);
    if (because) return { because, calmSince: null };
    if (was === null) return null;
    if (needOf(when, figures, true)) return was.calmSince === null ? was : { ...was, calmSince: null };
    const calmSince = was.calmSince ?? now;
    return now - calmSince >= CALM_MS ? null : { ...was, calmSince };
  });
}

/** The first condition that holds; `still`: with the margin by which one in force goes on holding. */
function needOf(when: Overflow['when'], figures: QueueFigures, still: boolean): Reason | null {
  const { staffed, estimateMs, serviceLevel, hours } = figures;
  const longest = (when.estimateOverMs ?? Infinity) * (still ? CALM.estimate : 1);
  const least = when.serviceLevelUnder === undefined ? -1 : when.serviceLevelUnder + (still ? CALM.serviceLevel : 0);
  if (when.closed === true && hours?.open === false) return 'closed';
  if (staffed < (when.staffedUnder ?? 0)) return 'staffed';
  if (estimateMs !== null && estimateMs > longest) return 'estimate';
  return serviceLevel !== null && serviceLevel < least ? 'service-level' : null;
}

/** Who helps with one call, and when that changes by its wait alone. */
export interface Help {
  /** Queues whose agents take it too, in the order of the site's file. */
  readonly also: readonly QueueName[];
  /** Other sites that it may be sent to. */
  readonly sites: readonly Extract<Overflow['to'], { number: string }>[];
  /** After so long a wait the next entry applies; null: none. */
  readonly nextAfterMs: number | null;
}

export function helpFor(overflow: readonly Overflow[], inForce: Overflowing, waitedMs: number): Help {
  const due = overflow.filter(({ when }, at) => inForce[at] || waitedMs >= (when.waitedOverMs ?? Infinity));
  const later = overflow.flatMap(({ when: { waitedOverMs = 0 } }) => (waitedOverMs > waitedMs ? [waitedOverMs] : []));
  return {
    also: [...new Set(due.flatMap(({ to }) => ('queue' in to ? [to.queue] : [])))],
    sites: due.flatMap(({ to }) => ('queue' in to ? [] : [to])),
    nextAfterMs: later.length === 0 ? null : Math.min(...later),
  };
}

/**
 * Why a call may not join a queue, or null when it may. `noAgents` only where the queue asks for it, and then while nobody
 * who could take the call, now or once it asks for less, is logged in, in whatever state.
 */
export function refusalOf(arrival: {
  readonly profile: QueueProfile;
  /** How many wait in this queue already, how long one more would wait, and whether anybody could take it; asked only for what is needed. */
  readonly facts: {
    readonly waiting: number;
    readonly isStaffed: boolean;
    readonly estimateMs?: number | null;
  };
  readonly hours: HoursSeen | null;
  readonly now: EpochMs;
}): 'closed' | 'full' | 'noAgents' | null {
  const { profile, facts, hours, now } = arrival;
  const most = profile.refuseWhenEstimateOverMs;
  const asked = most !== null || (profile.closing.sweep && hours !== null && isClosing(hours, now));
  const estimateMs = asked ? (facts.estimateMs ?? null) : null;
  const helpers = profile.overflow.some(({ when }) => when.closed === true);
  if (hours?.open === false && !helpers) return 'closed';
  if (profile.closing.sweep && isTooLate(estimateMs, hours, now)) return 'closed';
  if (estimateMs !== null && estimateMs > (most ?? Infinity)) return 'full';
  if (facts.waiting >= profile.maxWaiting) return 'full';
  return profile.refuseWhenNoAgents && !facts.isStaffed ? 'noAgents' : null;
}

/** The sweep begins so long before closing time; whoever comes earlier may be served by what nobody foresees. */
export const SWEEP_MS = 10 * 60_000;
/** An estimate is a guess: a call is given up only when it would come this much too late. */
const SURELY = 1.5;

/** Is it closed, or so near to closing time that the calls are to be looked at one by one? */
export function isClosing({ open, changesAt }: HoursSeen, now: EpochMs): boolean {
  return !open || (changesAt !== null && changesAt - now <= SWEEP_MS);
}

/** Will the queue be closed before this call's turn comes? */
export function isTooLate(estimateMs: number | null, hours: HoursSeen | null, now: EpochMs): boolean {
  if (!hours?.open || hours.changesAt === null || estimateMs === null || !isClosing(hours, now)) return false;
  return estimateMs > (hours.changesAt - now) * SURELY;
}

/**
 * Is the waiting call to be told that nobody will serve it today? `estimateMs` is for its own place. A call that others help
 * with after hours is theirs.
 */
export function isSwept(
  { closing, overflow }: Pick<QueueProfile, 'closing' | 'overflow'>,
  hours: HoursSeen | null,
  estimateMs: number | null,
  now: EpochMs,
): boolean {
  if (!closing.sweep || hours === null || overflow.some(({ when }) => when.closed === true)) return false;
  return hours.open ? isTooLate(estimateMs, hours, now) : true;
}

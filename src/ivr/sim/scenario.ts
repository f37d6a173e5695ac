import type { Language } from '../../call/ids.ts';
import type { FlowAnswer, FlowRequest, Json } from '../../call/request.ts';
import type { QueueOutcome, QueueRequest, Requirement } from '../../call/routing.ts';
import type { Calendar, Hours, Interval } from '../calendar.ts';
import type { Value } from '../expression.ts';

/** What is true around one simulated call. */
export interface Scenario {
  readonly flow: string;
  /** Id of the call, which decides the shares of a `split`. */
  readonly callId: string;
  readonly at: number;
  /** Null: the number is withheld. */
  readonly from: string | null;
  readonly to: string;
  /** Language to begin in; null: the flow's default. */
  readonly language: Language | null;
  /** What is remembered of this caller. */
  readonly remembered: Readonly<Record<string, string>>;
  /** Variables that do not begin with their defaults. */
  readonly vars: Readonly<Record<string, Value>>;
  /** Answers of the world by node (`flow/node` in a called flow); of several, one after another, the last one again and again. */
  readonly mocks: Readonly<Record<string, readonly Mock[]>>;
  readonly queues: Readonly<Record<string, QueueFacts>>;
  readonly calendars: Readonly<Record<string, Hours>>;
}

export interface Mock {
  readonly outcome: string;
  readonly data: Json;
  /** How long the answer takes; null: as long as such an answer usually takes. */
  readonly afterMs: number | null;
}

export interface QueueFacts {
  /** Null: at once when an agent is ready, never when none is. */
  readonly estimateMs: number | null;
  readonly waiting: number;
  readonly agentsReady: number;
  readonly outcome: QueueOutcome | null;
  readonly afterMs: number | null;
}

/** An agent is free. */
const CALM: QueueFacts = { estimateMs: null, waiting: 0, agentsReady: 1, outcome: null, afterMs: null };

export const factsOf = ({ queues }: Scenario, queue: string): QueueFacts => queues[queue] ?? CALM;

/** A talk with an agent, or with who took the transfer. */
export const TALK_MS = 60_000;
/** A queue that the site does not know ends the wait as a new queue's would. */
const MAX_WAIT_MS = 20 * 60_000;

export interface QueuePlan {
  readonly outcome: QueueOutcome;
  /** When an agent takes the call; null: nobody does. */
  readonly answeredAfterMs: number | null;
  readonly leftAfterMs: number;
}

/** How a wait in a queue goes when the caller only waits. */
export function planQueue(request: QueueRequest, facts: QueueFacts, ownMaxWaitMs: number | undefined): QueuePlan {
  const maxWaitMs = request.maxWaitMs ?? ownMaxWaitMs ?? MAX_WAIT_MS;
  const waitMs = facts.estimateMs ?? (facts.agentsReady > 0 ? 0 : Number.POSITIVE_INFINITY);
  const outcome = facts.outcome ?? (waitMs > maxWaitMs ? 'timeout' : 'answeredEnd');
  if (outcome === 'answeredEnd') {
    const answeredAfterMs = Number.isFinite(waitMs) ? waitMs : 0;
    return { outcome, answeredAfterMs, leftAfterMs: facts.afterMs ?? answeredAfterMs + TALK_MS };
  }
  return { outcome, answeredAfterMs: null, leftAfterMs: facts.afterMs ?? (outcome === 'timeout' ? maxWaitMs : 0) };
}

/** What is asked of an agent once the call has waited so long. */
export function requirementsAfter({ require, relax }: QueueRequest, waitedMs: number): readonly Requirement[] {
  return relax.findLast(({ afterMs }) => afterMs <= waitedMs)?.require ?? require;
}

/** What answers when a test does not say; null: nobody can know, so a test has to. */
export function usualAnswer(
  request: FlowRequest,
  scenario: Scenario,
  remembered: ReadonlyMap<string, string>,
): FlowAnswer | null {
  switch (request.kind) {
    case 'lookup':
    case 'ask':
      return null;
    case 'metrics': {
      const { estimateMs, waiting, agentsReady } = factsOf(scenario, request.queue);
      const data = { waitSeconds: Math.ceil((estimateMs ?? 0) / 1_000), waiting, ready: agentsReady };
      return { outcome: 'ok', data };
    }
    case 'recall': {
      const value = remembered.get(request.what);
      return value === undefined ? { outcome: 'none', data: null } : { outcome: 'ok', data: value };
    }
    case 'callback':
      return { outcome: 'taken', data: 'callback-1' };
    case 'speech':
      return { outcome: 'noInput', data: null };
    default:
      return { outcome: 'ok', data: null };
  }
}

const ALL_DAY: Interval = { from: 0, to: 24 * 60 };
const DAYS_AROUND = [-1, 0, 1];

/** The calendar as it would have to be to say so at that time. */
export function calendarSaying(calendar: Calendar, hours: Hours, at: number): Calendar {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(calendar.timezone).toPlainDate();
  const days = DAYS_AROUND.map((days) => today.add({ days }).toString());
  const week = hours === 'open' ? [1, 2, 3, 4, 5, 6, 7].map((day) => [day, [ALL_DAY]] as const) : [];
  return {
    ...calendar,
    weekly: new Map(week),
    holidays: new Map(hours === 'holiday' ? days.map((day) => [day, 'Holiday']) : []),
    exceptions: new Map(),
    forced: hours === 'forced',
  };
}

import type { QueueName } from '../../call/ids.ts';
import { ratio, spreadOf } from '../kpi/spread.ts';
import { queueOf } from '../pool-rules.ts';
import { isOnTheLine, type Outcome, type Rules } from './run.ts';

/** What a day was for the callers of one queue. */
export interface QueueDay {
  readonly calls: number;
  readonly answered: number;
  readonly abandoned: number;
  /** Waited as long as the queue lets anybody, or took another way out. */
  readonly left: number;
  /** Of answered calls, ms. */
  readonly meanWaitMs: number | null;
  readonly p90WaitMs: number | null;
  /** Answered within the target ÷ all. */
  readonly serviceLevel: number | null;
}

/** Without callbacks and messages, for which nobody waited on the line. */
export const customers = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ visit }) => isOnTheLine(visit));

export function queueDays(outcomes: readonly Outcome[], { queues }: Rules): Readonly<Record<QueueName, QueueDay>> {
  const byQueue = Map.groupBy(customers(outcomes), ({ visit }) => visit.queue);
  const days = [...byQueue].map(([queue, those]) => [queue, dayOf(those, queueOf(queues, queue).targetMs)] as const);
  return Object.fromEntries(days.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function dayOf(outcomes: readonly Outcome[], targetMs: number): QueueDay {
  const waits = outcomes.filter(({ how }) => how === 'answered').map(({ waitedMs }) => waitedMs);
  const count = (how: Outcome['how']) => outcomes.filter((each) => each.how === how).length;
  const { mean, p90 } = spreadOf(waits);
  return {
    calls: outcomes.length,
    answered: waits.length,
    abandoned: count('abandoned'),
    left: count('left'),
    meanWaitMs: mean,
    p90WaitMs: p90,
    serviceLevel: ratio(waits.filter((ms) => ms <= targetMs).length, outcomes.length),
  };
}

/** How far two tellings of the same day agree: of the calls, callbacks and messages that either says were answered, the share that one agent got in both. */
export function agreement(a: readonly Outcome[], b: readonly Outcome[]): number | null {
  const got = new Map(b.map(({ visit, agentId }) => [visit.id, agentId]));
  const answered = a.filter(({ visit, agentId }) => agentId !== null || (got.get(visit.id) ?? null) !== null);
  return ratio(answered.filter(({ visit, agentId }) => got.get(visit.id) === agentId).length, answered.length);
}

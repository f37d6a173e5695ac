import type { JournalEvent } from '../../src/call/journal.ts';
import { facts, isOf, type Of, part, type Story } from './kpi-count-story.ts';

export interface QueueTerms {
  /** T_short. */
  readonly shortMs: number;
  readonly targetMs: number;
}

/** Waits in queues, and promises to ring back. Who waits in vain waits for no agent. */
export function waits(stories: readonly Story[], of: Of, { shortMs, targetMs }: QueueTerms) {
  const here = (queue: string) => of.by !== 'queue' || queue === of.key;
  const perAgent = of.by === 'agent' || of.by === 'team';
  const told = perAgent ? [] : stories;
  const queued = told.filter((story) => facts([story], 'call.queued').some(({ queue }) => here(queue)));
  const gaveUp = facts(told, 'call.abandoned').filter(({ queue }) => here(queue));
  const lost = facts(told, 'call.queue.left').filter(
    ({ queue, outcome }) => here(queue) && ['timeout', 'noAgents'].includes(outcome),
  );
  const short = gaveUp.filter(({ waitedMs }) => waitedMs <= shortMs).length;
  return {
    offered: queued.length,
    abandoned: gaveUp.length,
    abandonedShort: short,
    unserved: lost.length,
    abandonment: part(gaveUp.length - short, queued.length - short),
    gaveUpInTime: gaveUp.filter(({ waitedMs }) => waitedMs <= targetMs).length,
    callbacksTaken: facts(told, 'callback.requested').filter(({ queue }) => here(queue)).length,
  };
}

/** Customers who were rung back and answered in that time: their queue's, and of who rang. */
export function rungBack(events: readonly JournalEvent[], of: Of): number {
  if (of.by !== null && !['queue', 'agent', 'team'].includes(of.by)) return 0;
  return events.filter(({ type, at, data }) => {
    if (type !== 'callback.answered' || data.of !== 'callback' || at < of.from || at >= of.to) return false;
    return of.by === 'queue' ? data.queue === of.key : isOf(of, data.agentId);
  }).length;
}

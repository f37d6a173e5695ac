import type { EpochMs } from '../call/ids.ts';
import type { WorkFact } from '../call/work-facts.ts';
import type { FollowUp } from './follow-up.ts';
import { type EscalationStep, type FollowUpRules, ladderOf } from './follow-up-rules.ts';

type Deed =
  | { readonly at: EpochMs; readonly what: 'due-soon' | 'overdue' }
  | { readonly at: EpochMs; readonly what: 'step'; readonly step: EscalationStep };

/**
 * What has to be told of an open follow-up by now: the earliest thing that was not. Null: nothing is late. Who was away for hours
 * asks again and again and gets everything in the order in which it should have been, but no warning of what is overdue by then.
 * A step is done when it is later, from the due time on, than the last one that was: so two ladders cannot hand it to and fro.
 */
export function dueFact(followUp: FollowUp, rules: FollowUpRules, now: EpochMs): WorkFact | null {
  const deed = nextDeed(followUp, rules, now);
  return deed && deed.at <= now ? factOf(deed, followUp) : null;
}

/** Whether its call has ended is looked up so often, ms, where nobody heard of it. */
const CALL_LOOK_MS = 10_000;

/** When somebody has to look at it next; null: never, as rules and due time are now. */
export function wakeAt(followUp: FollowUp, rules: FollowUpRules, now: EpochMs): EpochMs | null {
  const told = nextDeed(followUp, rules, now)?.at ?? null;
  if (followUp.calling === null || followUp.state === 'closed') return told;
  return Math.min(told ?? Infinity, now + CALL_LOOK_MS);
}

function nextDeed({ state, dueAt, told, owner }: FollowUp, rules: FollowUpRules, now: EpochMs): Deed | null {
  if (state === 'closed') return null;
  const { dueSoonMs, steps } = ladderOf(owner, rules);
  const step = steps.find(({ afterMs }) => told.stepMs === null || afterMs > told.stepMs);
  const deeds: Deed[] = [
    ...(told.dueSoon || dueSoonMs === 0 || now >= dueAt ? [] : [{ at: dueAt - dueSoonMs, what: 'due-soon' } as const]),
    ...(told.overdue ? [] : [{ at: dueAt, what: 'overdue' } as const]),
    ...(step ? [{ at: dueAt + step.afterMs, what: 'step', step } as const] : []),
  ];
  return deeds.reduce<Deed | null>((first, deed) => (first === null || deed.at < first.at ? deed : first), null);
}

function factOf(deed: Deed, followUp: FollowUp): WorkFact {
  const data = promiseOf(followUp);
  if (deed.what === 'step') {
    const { afterMs, to, alarm } = deed.step;
    const from = followUp.owner;
    return { type: 'followup.escalated', data: { ...data, owner: to ?? from, from, afterMs, alarm } };
  }
  return { type: deed.what === 'overdue' ? 'followup.overdue' : 'followup.due-soon', data };
}

/** The part of a follow-up that every alarm carries. */
export const promiseOf = ({ id, kind, reason, owner, dueAt, callId }: FollowUp) => ({
  followUpId: id,
  kind,
  reason,
  owner,
  dueAt,
  callId,
});

import { PLAIN_TICKET, type WaitingCall } from '../../acd/queue.ts';
import type { CallState } from './state.ts';

/**
 * What of a call waits for an agent, read from its state alone, so that a process that adopts the call finds every place
 * again. While the last ring is still being ended nobody else is rung, so nothing waits then.
 */
export function ticketsOf(state: CallState): readonly WaitingCall[] {
  const waits = state.phase === 'queued' || state.phase === 'promised';
  return waits && state.offers.length === 0 ? visitOf(state) : [];
}

/** A dial that rings: whoever answers it must find an agent, so an agent is kept for it. */
export function expectedOf(state: CallState): WaitingCall | null {
  return state.phase === 'dialing' ? (visitOf(state)[0] ?? null) : null;
}

function visitOf({ id, visit, attempt, errand }: CallState): readonly WaitingCall[] {
  if (!visit) return [];
  const { queue, require, relax, priority } = visit.request;
  const { enqueuedAt, also = [] } = visit;
  const campaignId = attempt?.campaignId ?? null;
  const kind = errand?.kind ?? (attempt ? 'campaign' : 'call');
  return [{ ...PLAIN_TICKET, kind, callId: id, queue, also, require, relax, priority, enqueuedAt, campaignId }];
}

import type { FlowEvent } from '../../ivr/state.ts';
import type { Draft } from './actions.ts';
import { waitedSoFar, waitInput } from './queue-phase.ts';
import type { CallState } from './state.ts';

/** Somebody at the other site took the call. */
export function servedElsewhere(draft: Draft): void {
  const { away, record } = draft.state;
  if (!away) return;
  const waitedMs = waitedSoFar({ ...draft.state, visit: away }, draft.now);
  draft
    .record({ waitedMs: record.waitedMs + waitedMs })
    .fact({ type: 'call.queue.left', data: { queue: away.request.queue, outcome: 'overflow', waitedMs } });
}

/** He hung up while the other site rang. */
export function gaveUpAway(draft: Draft): void {
  const { away, phase, record } = draft.state;
  if (!away || phase !== 'transferring') return;
  const waitedMs = waitedSoFar({ ...draft.state, visit: away }, draft.now);
  draft
    .set({ away: null })
    .record({ waitedMs: record.waitedMs + waitedMs, outcome: 'abandoned' })
    .fact({ type: 'call.abandoned', data: { queue: away.request.queue, waitedMs, while: 'ringing' } });
}

/**
 * What the flow is to be told after another site was tried: nobody answered there, so that the call waits on at its place
 * (null), or the talk there is over.
 */
export function backFromSite(draft: Draft, event: FlowEvent): FlowEvent | null {
  const { away } = draft.state;
  if (!away) return event;
  draft.set({ away: null });
  if (event.type !== 'transfer.ended') return event;
  if (event.outcome === 'answeredEnd') return { type: 'queue.left', outcome: 'answeredEnd' };
  waitOn(draft, away);
  return null;
}

function waitOn(draft: Draft, visit: NonNullable<CallState['visit']>): void {
  draft.set({ phase: 'queued', visit });
  for (const [name, at] of Object.entries(visit.treatment?.timers ?? {})) {
    draft.timer(`wait:${name}`, Math.max(at, draft.now));
  }
  waitInput(draft, { type: 'resumed' });
}

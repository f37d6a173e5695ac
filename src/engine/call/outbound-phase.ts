import type { EpochMs } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { detectionOf } from './detection-plan.ts';
import { endCall } from './ending.ts';
import { queued } from './queue-phase.ts';
import { customer } from './state.ts';

interface Dial {
  readonly number: string;
  readonly trunk: string;
  readonly callerId: string;
}

export function dial(draft: Draft, order: Dial): void {
  const { attempt, ani, dnis, source, id } = draft.state;
  const leg = customer(draft.state);
  if (!attempt) return;
  const { campaignId, leadId, attemptId, keeps, profile } = attempt;
  const { number, trunk, callerId } = order;
  const about = { number, trunk, callerId, ...(profile !== undefined && { profile }), ...(keeps && { keeps }) };
  draft
    .fact({ type: 'call.arrived', data: { direction: 'outbound', ani, dnis, source, legId: leg.id } })
    .fact({
      type: 'attempt.started',
      data: { campaignId, leadId, attemptId, ...about },
    })
    .timer('call:dial', draft.now + attempt.ringMs)
    .tell({
      type: 'originate',
      legId: leg.id,
      to: { kind: 'number', number: order.number, trunk: order.trunk },
      callerId: order.callerId,
      callerName: null,
      ringMs: attempt.ringMs + 2_000,
      callId: id,
      ...detectionOf(draft.state),
    });
}

/** Nobody picked up in the time the campaign allows. */
export function dialTooLong(draft: Draft): void {
  if (draft.state.phase !== 'dialing') return;
  endCall(draft);
}

/**
 * A person picked up: he waits for an agent of the campaign, before everybody else and not for long.
 *
 * @param since from when on the agent's time to come counts.
 */
export function answeredByPerson(draft: Draft, since: EpochMs): void {
  const { attempt, visit } = draft.state;
  if (attempt?.flow !== undefined) return handedToFlow(draft);
  if (!attempt || !visit) return endCall(draft);
  const { request } = visit;
  moveAttempt(draft, 'answered');
  draft
    .set({ phase: 'queued', visit: { ...visit, enqueuedAt: draft.now } })
    .record({ queue: request.queue })
    .timer('call:dial', null)
    .timer('call:connect', Math.max(draft.now, since + attempt.connectDeadlineMs))
    .fact(queued(request));
}

/** A flow talks with him, and at once; the step begins it, since it needs the world. */
function handedToFlow(draft: Draft): void {
  moveAttempt(draft, 'answered');
  moveAttempt(draft, 'connected');
  draft.set({ phase: 'flow' }).timer('call:dial', null);
}

import { CAUSE } from '../../call/cause.ts';
import type { AgentId } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { stopTreatment } from './queue-phase.ts';
import { type CallLeg, customer, isLive } from './state.ts';

interface Offer {
  readonly agentId: AgentId;
  readonly phone: string;
  readonly fence: number;
  readonly ringMs: number;
  readonly wrapUpMs: number;
}

/** An agent is reserved for this call: ring him. The caller keeps his place and his music meanwhile. */
export function offerAgent(draft: Draft, offer: Offer): void {
  const { state, now } = draft;
  if (state.phase !== 'queued' || !state.visit || !isLive(customer(state))) return declineOffer(draft, offer);
  const legId = draft.newId('leg');
  const { agentId, fence } = offer;
  draft
    .set({
      phase: 'offering',
      legs: [...draft.state.legs, { ...newLeg(legId, now), role: 'agent' }],
      offer: { agentId, legId, fence, at: now, ended: null },
      wrapUpMs: offer.wrapUpMs,
    })
    .timer('call:ring', now + offer.ringMs)
    .fact({
      type: 'call.offered',
      data: { queue: state.visit.request.queue, agentId, legId, waitedMs: now - state.visit.enqueuedAt },
    })
    .tell({
      type: 'originate',
      legId,
      to: { kind: 'phone', name: offer.phone },
      callerId: state.direction === 'inbound' ? state.ani : state.dnis,
      callerName: null,
      // Our own timer rules; the switch's is the net below it.
      ringMs: offer.ringMs + 2_000,
      callId: state.id,
    });
}

/** The caller left while the reservation was being made: the agent is free again at once. */
function declineOffer(draft: Draft, offer: Offer): void {
  draft
    .act({ type: 'agent', agentId: offer.agentId, event: { type: 'fail', verdict: 'cancelled' } })
    .act({ type: 'reservation.end', fence: offer.fence });
}

/** The agent's phone answered: bridge the two. */
export function connect(draft: Draft, leg: CallLeg): void {
  const { state, now } = draft;
  const { offer, visit } = state;
  const wanted = state.phase === 'offering' && offer?.legId === leg.id && offer.ended === null;
  // He picked up as we let go: nobody is to sit in silence, and the caller's place stays his.
  if (!wanted || !visit || !isLive(customer(state))) {
    return void draft.tell({ type: 'hangup', legId: leg.id, cause: CAUSE.normal });
  }
  const bridgeId = draft.newId('bridge');
  const { agentId } = offer;
  const waitedMs = now - visit.enqueuedAt;
  stopTreatment(draft);
  draft
    .set({ phase: 'talking', offer: null, visit: null, talk: { agentId, legId: leg.id, bridgeId, since: now } })
    .timer('call:ring', null)
    .timer('call:connect', null)
    .record({ agentId, waitedMs: draft.state.record.waitedMs + waitedMs, outcome: 'handled' })
    .tell({ type: 'bridge', bridgeId, legIds: [customer(state).id, leg.id] })
    .act({ type: 'agent', agentId, event: { type: 'answer' } }, { type: 'reservation.end', fence: offer.fence })
    .fact({
      type: 'call.connected',
      data: { queue: visit.request.queue, agentId, waitedMs, rangMs: now - offer.at },
    });
  moveAttempt(draft, 'connected');
}

import { CAUSE } from '../../call/cause.ts';
import type { QueueName } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { serve } from './agent-leg.ts';
import { moveAttempt } from './attempt.ts';
import { dropLeg } from './drop.ts';
import { endCall } from './ending.ts';
import { arrived, brief } from './errand-phase.ts';
import { seated } from './outbound-phase.ts';
import { stopTreatment, waitedSoFar } from './queue-phase.ts';
import { letGo, reachAgent, type Reserved } from './reach-agent.ts';
import { cancelRings } from './ring.ts';
import { type CallLeg, type CallOffer, customer, isLive } from './state.ts';
import { newTalk } from './talk-state.ts';
import type { CallWorld } from './world.ts';

interface Offer {
  readonly agents: readonly Reserved[];
  readonly ringMs: number;
  readonly wrapUpMs: number;
}

/** Agents are reserved for this call: ring them. The caller keeps his place and his music meanwhile. */
export function offerAgents(draft: Draft, offer: Offer, world: CallWorld): void {
  const { state, now } = draft;
  const { visit } = state;
  const waits = state.phase === 'queued' || state.phase === 'promised';
  if (!waits || !visit || !isLive(customer(state))) return declineOffer(draft, offer);
  arrived(draft);
  for (const agent of offer.agents) {
    const legId = reachAgent(draft, agent, { ringMs: offer.ringMs, for: 'visit', role: 'agent' }, world);
    if (legId === null) continue;
    const data = { queue: visit.request.queue, agentId: agent.agentId, legId, waitedMs: now - visit.enqueuedAt };
    draft.fact({ type: 'call.offered', data });
  }
  if (!draft.state.offers.some((each) => each.for === 'visit')) return state.preview ? endCall(draft) : undefined;
  draft.set({ phase: 'offering', wrapUpMs: offer.wrapUpMs }).timer('call:ring', now + offer.ringMs);
}

/** The caller left while the reservation was being made: the agents are free again at once. */
function declineOffer(draft: Draft, { agents }: Pick<Offer, 'agents'>): void {
  for (const agent of agents) letGo(draft, agent, 'cancelled');
}

/** The agent's phone answered: bridge the two. */
export function connect(draft: Draft, leg: CallLeg): void {
  const { state, now } = draft;
  const { visit } = state;
  const offer = state.offers.find(({ legId }) => legId === leg.id);
  const wanted = state.phase === 'offering' && offer !== undefined && offer.ended === null;
  // He picked up as we let go: nobody is to sit in silence, and the caller's place stays his.
  if (!wanted || !visit || !isLive(customer(state))) {
    return dropLeg(draft, leg.id, CAUSE.normal);
  }
  if (state.errand) return meet(draft, offer, visit.request.queue);
  if (state.preview) return seated(draft, offer, draft.newId('bridge'));
  const bridgeId = draft.newId('bridge');
  const { agentId } = offer;
  const waitedMs = waitedSoFar(state, now);
  stopTreatment(draft);
  cancelRings(draft, 'cancelled', leg.id);
  serve(draft, offer, state.wrapUpMs, visit.request.queue);
  draft
    .set({
      phase: 'talking',
      visit: null,
      talk: newTalk(agentId, leg.id, bridgeId, now),
      room: bridgeId,
      place: { request: visit.request, enqueuedAt: visit.enqueuedAt, music: visit.treatment?.music ?? 'default' },
    })
    .timer('call:ring', null)
    .timer('call:connect', null)
    .record({ agentId, waitedMs: draft.state.record.waitedMs + waitedMs, outcome: 'handled' })
    .fact({
      type: 'call.connected',
      data: { queue: visit.request.queue, agentId, waitedMs, rangMs: now - offer.at },
    });
  moveAttempt(draft, 'connected');
}

/** The agent is there, and nobody is on the line to be joined with him yet. */
function meet(draft: Draft, { agentId, legId, fence }: CallOffer, queue: QueueName): void {
  cancelRings(draft, 'cancelled', legId);
  draft
    .set({
      offers: draft.state.offers.filter((offer) => offer.legId !== legId),
      talk: newTalk(agentId, legId, draft.newId('bridge'), draft.now),
    })
    .timer('call:ring', null)
    .act({ type: 'agent', agentId, event: { type: 'answer', queue } }, { type: 'reservation.end', fence });
  brief(draft, legId);
}

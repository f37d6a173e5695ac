import { CAUSE } from '../../call/cause.ts';
import type { AgentId, BridgeId, EpochMs, LegId } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { stopTreatment, waitedSoFar } from './queue-phase.ts';
import { cancelRings } from './ring.ts';
import { type CallLeg, type CallState, customer, isLive } from './state.ts';

/** An agent who is held for this call, and the phone that reaches him. */
export interface Reserved {
  readonly agentId: AgentId;
  readonly phone: string;
  readonly fence: number;
}

interface Offer {
  readonly agents: readonly Reserved[];
  readonly ringMs: number;
  readonly wrapUpMs: number;
}

/** Agents are reserved for this call: ring them. The caller keeps his place and his music meanwhile. */
export function offerAgents(draft: Draft, offer: Offer): void {
  const { state, now } = draft;
  if (state.phase !== 'queued' || !state.visit || !isLive(customer(state))) return declineOffer(draft, offer);
  draft.set({ phase: 'offering', wrapUpMs: offer.wrapUpMs }).timer('call:ring', now + offer.ringMs);
  for (const agent of offer.agents) ring(draft, agent, offer.ringMs, state.visit);
}

function ring(draft: Draft, agent: Reserved, ringMs: number, visit: NonNullable<CallState['visit']>): void {
  const { state, now } = draft;
  const { agentId, fence, phone } = agent;
  const legId = draft.newId('leg');
  draft
    .set({
      legs: [...draft.state.legs, { ...newLeg(legId, now), role: 'agent' }],
      offers: [...draft.state.offers, { agentId, legId, fence, at: now, for: 'visit', ended: null }],
    })
    .fact({
      type: 'call.offered',
      data: { queue: visit.request.queue, agentId, legId, waitedMs: now - visit.enqueuedAt },
    })
    .tell({
      type: 'originate',
      legId,
      to: { kind: 'phone', name: phone },
      callerId: state.direction === 'inbound' ? state.ani : state.dnis,
      callerName: null,
      // Our own timer rules; the switch's is the net below it.
      ringMs: ringMs + 2_000,
      callId: state.id,
    });
}

/** The caller left while the reservation was being made: the agents are free again at once. */
export function declineOffer(draft: Draft, { agents }: Pick<Offer, 'agents'>): void {
  for (const { agentId, fence } of agents) {
    draft
      .act({ type: 'agent', agentId, event: { type: 'fail', verdict: 'cancelled' } })
      .act({ type: 'reservation.end', fence });
  }
}

function newTalk(agentId: AgentId, legId: LegId, bridgeId: BridgeId, since: EpochMs) {
  return {
    agentId,
    legId,
    bridgeId,
    since,
    held: false,
    muted: false,
    side: 'customer',
    heldSince: null,
    heldMs: 0,
  } as const;
}

/** The agent's phone answered: bridge the two. */
export function connect(draft: Draft, leg: CallLeg): void {
  const { state, now } = draft;
  const { visit } = state;
  const offer = state.offers.find(({ legId }) => legId === leg.id);
  const wanted = state.phase === 'offering' && offer !== undefined && offer.ended === null;
  // He picked up as we let go: nobody is to sit in silence, and the caller's place stays his.
  if (!wanted || !visit || !isLive(customer(state))) {
    return void draft.tell({ type: 'hangup', legId: leg.id, cause: CAUSE.normal });
  }
  const bridgeId = draft.newId('bridge');
  const { agentId } = offer;
  const waitedMs = waitedSoFar(state, now);
  stopTreatment(draft);
  cancelRings(draft, 'cancelled', leg.id);
  draft
    .set({
      phase: 'talking',
      offers: draft.state.offers.filter(({ legId }) => legId !== leg.id),
      visit: null,
      talk: newTalk(agentId, leg.id, bridgeId, now),
    })
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

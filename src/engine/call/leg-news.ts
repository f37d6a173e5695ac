import { CAUSE, type HangupCause, verdictOf } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import { legStep } from '../../call/leg.ts';
import type { Draft } from './actions.ts';
import { agentLegEnded } from './agent-leg.ts';
import { apologised } from './apology-phase.ts';
import { endAttempt, moveAttempt } from './attempt.ts';
import { disconnected, endCall } from './ending.ts';
import { dropLeg } from './drop.ts';
import { agentCameIn, dismiss, guestCameIn, guestLegEnded, guestRingEnded } from './guests.ts';
import { connect } from './offer-phase.ts';
import { isOnHold, membersIn } from './seating.ts';
import { cameIn, left } from './talk.ts';
import { agentGone, missed, reached } from './errand-phase.ts';
import { lostTalking, lostWaiting } from './returning-phase.ts';
import { reroute } from './reroute.ts';
import { noteEnd } from './ring.ts';
import { gaveUpAway } from './away.ts';
import { waitedSoFar } from './queue-phase.ts';
import { pickedUp } from './detect-phase.ts';
import { type CallLeg, type CallPhase, isLive } from './state.ts';
import { transferAnswered, transferEnded } from './transfer-phase.ts';

export type LegNews =
  | { readonly type: 'leg.ringing' | 'leg.answered'; readonly legId: LegId; readonly at: EpochMs }
  | { readonly type: 'leg.ended'; readonly legId: LegId; readonly at: EpochMs; readonly cause: HangupCause };

/** What a leg did, and what that means for the call. News that changes nothing (late, twice) is dropped here. */
export function legNews(draft: Draft, news: LegNews): void {
  const before = draft.state.legs.find((leg) => leg.id === news.legId);
  if (!before || before.planned === true) return;
  const input = news.type === 'leg.ended' ? 'ended' : news.type === 'leg.answered' ? 'answered' : 'ringing';
  const cause = news.type === 'leg.ended' ? news.cause : undefined;
  const leg: CallLeg = { ...before, ...legStep(before, input, draft.now, cause) };
  if (leg.phase === before.phase) return;
  draft.set({ legs: draft.state.legs.map((each) => (each.id === leg.id ? leg : each)) });
  if (input === 'ringing') ringing(draft, leg);
  else if (input === 'answered') answered(draft, leg, before.phase === 'ringing');
  else ended(draft, leg, before.phase);
}

function ringing(draft: Draft, leg: CallLeg): void {
  draft.fact({ type: 'leg.ringing', data: { legId: leg.id } });
  if (leg.role === 'customer') moveAttempt(draft, 'ringing');
  const offer = draft.state.offers.find(({ legId }) => legId === leg.id);
  if (offer) {
    draft.act({ type: 'agent', agentId: offer.agentId, event: { type: 'ring', legId: leg.id } });
  }
}

function answered(draft: Draft, leg: CallLeg, rang: boolean): void {
  if (leg.role === 'customer') {
    draft.set({ answeredAt: draft.state.answeredAt ?? draft.now });
    draft.fact({ type: 'call.answered', data: { legId: leg.id } });
    if (draft.state.phase === 'dialing') pickedUp(draft);
    if (draft.state.phase === 'calling-back') reached(draft);
    return;
  }
  // Some phones answer without ringing; the agent machine hears of a ring first all the same.
  if (!rang) ringing(draft, leg);
  draft.fact({ type: 'leg.answered', data: { legId: leg.id } });
  if (leg.role === 'transfer') transferAnswered(draft, leg);
  else if (leg.role === 'guest') cameIn(draft, guestCameIn(draft, leg));
  else agentAnswered(draft, leg);
}

function agentAnswered(draft: Draft, leg: CallLeg): void {
  const offer = draft.state.offers.find(({ legId }) => legId === leg.id);
  if (!offer || offer.for === 'visit') connect(draft, leg);
  else cameIn(draft, agentCameIn(draft, leg, offer));
}

function ended(draft: Draft, leg: CallLeg, before: CallLeg['phase']): void {
  const cause = leg.cause ?? CAUSE.unknown;
  const verdict = verdictOf(cause, leg.answeredAt !== undefined);
  const data = { legId: leg.id, q850: cause.q850, sip: cause.sip ?? null, verdict };
  draft.fact({ type: 'leg.ended', data });
  if (before === 'new' && reroute(draft, leg)) return undefined;
  if (leg.role === 'customer') customerEnded(draft);
  else if (leg.role === 'agent') agentEnded(draft, leg);
  else if (leg.role === 'guest') partEnded(draft, leg);
  else transferEnded(draft, leg);
}

function customerEnded(draft: Draft): void {
  const { state } = draft;
  if (state.phase === 'queued' || state.phase === 'offering') abandoned(draft);
  gaveUpAway(draft);
  if (state.phase === 'calling-back') return missed(draft);
  if (state.phase === 'talking') lostTalking(draft);
  if (state.phase === 'talking' || state.phase === 'awaiting') customerLeftTalk(draft);
  if (state.phase === 'transferred' && state.transfer) {
    draft.fact({ type: 'call.transferred', data: { to: state.transfer.to, outcome: 'answeredEnd' } });
  }
  if (state.phase === 'flow') draft.record({ outcome: state.record.outcome ?? 'contained' });
  for (const { legId } of state.offers) noteEnd(draft, legId, 'cancelled');
  apologised(draft, false);
  endAttempt(draft);
  if (state.phase === 'ending') return;
  if (state.flow) draft.resumeFlow({ type: 'caller.left' });
  else endCall(draft);
}

function abandoned(draft: Draft): void {
  const { visit, phase, record } = draft.state;
  if (!visit) return;
  const waitedMs = waitedSoFar(draft.state, draft.now);
  const during = phase === 'offering' ? 'ringing' : 'waiting';
  lostWaiting(draft);
  draft
    .record({ waitedMs: record.waitedMs + waitedMs, outcome: 'abandoned' })
    .fact({ type: 'call.abandoned', data: { queue: visit.request.queue, waitedMs, while: during } });
}

/** With these the agent of a preview who puts down, or does not come, ends the call: nobody else has seen the lead. */
const BEFORE_TALK: ReadonlySet<CallPhase> = new Set(['offering', 'briefing', 'dialing']);

function agentEnded(draft: Draft, leg: CallLeg): void {
  const { phase, talk } = draft.state;
  const offer = agentLegEnded(draft, leg);
  if (offer && offer.for !== 'visit') return guestRingEnded(draft, leg, offer);
  const rings = draft.state.offers.some((each) => each.for === 'visit');
  if (draft.state.preview && !rings && BEFORE_TALK.has(phase)) return endCall(draft);
  if (phase === 'offering' && !rings) draft.set({ phase: draft.state.errand ? 'promised' : 'queued' });
  if (phase === 'briefing' || phase === 'calling-back') return agentGone(draft, leg);
  if (phase !== 'talking' || talk?.legId !== leg.id) return offer ? undefined : partEnded(draft, leg);
  draft.farewell = !isOnHold(draft.state);
  disconnected(draft, 'agent');
  draft.set({ talk: null });
}

/** A guest has left: the last one with whom the customer spoke may have been he. */
function partEnded(draft: Draft, leg: CallLeg): void {
  const spoke = membersIn(draft.state).some(({ legId }) => legId === leg.id) && !isOnHold(draft.state);
  const guest = guestLegEnded(draft, leg);
  if (!guest) return;
  if (spoke) draft.farewell = true;
  left(draft, guest);
}

/** Nobody is left with somebody to speak with: all are let go, and whoever is rung stops ringing. */
function customerLeftTalk(draft: Draft): void {
  const { guests, legs, parked, phase } = draft.state;
  if (phase === 'talking') disconnected(draft, 'caller');
  if (parked) {
    const parkedMs = Math.max(0, draft.now - parked.at);
    draft.fact({ type: 'call.unparked', data: { slot: parked.slot, agentId: null, parkedMs, outcome: 'abandoned' } });
  }
  for (const guest of guests) dismiss(draft, guest);
  for (const { id, role } of legs) if (role === 'agent' || role === 'guest') dropLeg(draft, id, CAUSE.normal);
  draft.set({ parked: null }).timer('call:park', null);
}

/** No trunk took the leg, so it was never dialled. */
export function noWay(draft: Draft, legId: LegId): void {
  const { legs } = draft.state;
  draft.set({ legs: legs.map(({ planned, ...leg }) => (leg.id === legId || !planned ? leg : { ...leg, planned })) });
  legNews(draft, { type: 'leg.ended', legId, at: draft.now, cause: CAUSE.congestion });
}

/** The switch never said that the legs ended: close them, so that no agent stays busy with nobody. */
export function forceEnd(draft: Draft): void {
  for (const { id: legId } of draft.state.legs.filter(isLive)) {
    legNews(draft, { type: 'leg.ended', legId, at: draft.now, cause: CAUSE.unknown });
  }
}

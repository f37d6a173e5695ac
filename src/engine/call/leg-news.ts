import { CAUSE, type HangupCause, verdictOf } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import { legStep } from '../../call/leg.ts';
import type { Draft } from './actions.ts';
import { agentLegEnded } from './agent-leg.ts';
import { endAttempt, moveAttempt } from './attempt.ts';
import { disconnected, endCall } from './ending.ts';
import { connect } from './offer-phase.ts';
import { agentGone, missed, reached } from './errand-phase.ts';
import { noteEnd } from './ring.ts';
import { waitedSoFar } from './queue-phase.ts';
import { answeredByPerson } from './outbound-phase.ts';
import { type CallLeg, customer, isLive } from './state.ts';
import { transferAnswered, transferEnded } from './transfer-phase.ts';
import { gaveUpAway } from './policy-phase.ts';

export type LegNews =
  | { readonly type: 'leg.ringing' | 'leg.answered'; readonly legId: LegId; readonly at: EpochMs }
  | { readonly type: 'leg.ended'; readonly legId: LegId; readonly at: EpochMs; readonly cause: HangupCause };

/** What a leg did, and what that means for the call. News that changes nothing (late, twice) is dropped here. */
export function legNews(draft: Draft, news: LegNews): void {
  const before = draft.state.legs.find((leg) => leg.id === news.legId);
  if (!before) return;
  const input = news.type === 'leg.ended' ? 'ended' : news.type === 'leg.answered' ? 'answered' : 'ringing';
  const cause = news.type === 'leg.ended' ? news.cause : undefined;
  const leg: CallLeg = { ...before, ...legStep(before, input, draft.now, cause) };
  if (leg.phase === before.phase) return;
  draft.set({ legs: draft.state.legs.map((each) => (each.id === leg.id ? leg : each)) });
  if (input === 'ringing') ringing(draft, leg);
  else if (input === 'answered') answered(draft, leg, before.phase === 'ringing');
  else ended(draft, leg);
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
    if (draft.state.phase === 'dialing') answeredByPerson(draft);
    if (draft.state.phase === 'calling-back') reached(draft);
    return;
  }
  // Some phones answer without ringing; the agent machine hears of a ring first all the same.
  if (!rang) ringing(draft, leg);
  draft.fact({ type: 'leg.answered', data: { legId: leg.id } });
  if (leg.role === 'agent') connect(draft, leg);
  else transferAnswered(draft, leg);
}

function ended(draft: Draft, leg: CallLeg): void {
  const cause = leg.cause ?? CAUSE.unknown;
  const verdict = verdictOf(cause, leg.answeredAt !== undefined);
  const data = { legId: leg.id, q850: cause.q850, sip: cause.sip ?? null, verdict };
  draft.fact({ type: 'leg.ended', data });
  if (leg.role === 'customer') customerEnded(draft);
  else if (leg.role === 'agent') agentEnded(draft, leg);
  else transferEnded(draft, leg);
}

function customerEnded(draft: Draft): void {
  const { state } = draft;
  if (state.phase === 'queued' || state.phase === 'offering') abandoned(draft);
  if (state.phase === 'calling-back') return missed(draft);
  if (state.phase === 'talking') disconnected(draft, 'caller');
  if (state.phase === 'transferred' && state.transfer) {
    draft.fact({ type: 'call.transferred', data: { to: state.transfer.to, outcome: 'answeredEnd' } });
  }
  if (state.phase === 'flow') draft.record({ outcome: state.record.outcome ?? 'contained' });
  if (state.phase === 'offering') for (const { legId } of state.offers) noteEnd(draft, legId, 'cancelled');
  endAttempt(draft);
  if (state.phase === 'ending') return;
  if (state.flow) draft.resumeFlow({ type: 'caller.left' });
  else endCall(draft);
}
  gaveUpAway(draft);

function abandoned(draft: Draft): void {
  const { visit, phase, record } = draft.state;
  if (!visit) return;
  const waitedMs = waitedSoFar(draft.state, draft.now);
  const during = phase === 'offering' ? 'ringing' : 'waiting';
  draft
    .record({ waitedMs: record.waitedMs + waitedMs, outcome: 'abandoned' })
    .fact({ type: 'call.abandoned', data: { queue: visit.request.queue, waitedMs, while: during } });
}

function agentEnded(draft: Draft, leg: CallLeg): void {
  const { phase, talk } = draft.state;
  agentLegEnded(draft, leg);
  if (phase === 'offering' && draft.state.offers.length === 0) draft.set({ phase: draft.state.errand ? 'promised' : 'queued' });
  if (phase === 'briefing' || phase === 'calling-back') return agentGone(draft, leg);
  if (phase !== 'talking' || talk?.legId !== leg.id) return;
  disconnected(draft, 'agent');
  draft.tell({ type: 'unbridge', bridgeId: talk.bridgeId }).set({ talk: null });
  if (isLive(customer(draft.state))) draft.resumeFlow({ type: 'queue.left', outcome: 'answeredEnd' });
}

/** The switch never said that the legs ended: close them, so that no agent stays busy with nobody. */
export function forceEnd(draft: Draft): void {
  for (const { id: legId } of draft.state.legs.filter(isLive)) {
    legNews(draft, { type: 'leg.ended', legId, at: draft.now, cause: CAUSE.unknown });
  }
}

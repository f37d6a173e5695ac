import { CAUSE, type HangupCause, verdictOf } from '../../call/cause.ts';
import type { Draft } from './actions.ts';
import { dropLeg } from './drop.ts';
import { finishErrand } from './errand-end.ts';
import { noteEnd } from './ring.ts';
import { customer, isLive } from './state.ts';

/** Legs the switch has not reported gone this long after we hung them up are taken for gone. */
const ENDING_LIMIT_MS = 10_000;

/** Hangs up every live leg; the call is over for its customer from now on. */
export function hangUp(draft: Draft, cause: HangupCause): void {
  for (const { legId } of draft.state.offers) noteEnd(draft, legId, 'cancelled');
  for (const leg of draft.state.legs) {
    dropLeg(draft, leg.id, leg.role === 'customer' ? cause : CAUSE.normal);
  }
  draft
    .set({ phase: 'ending', timers: {}, guests: [], parked: null })
    .timer('call:ending', draft.now + ENDING_LIMIT_MS);
}

export const endCall = (draft: Draft): void => hangUp(draft, CAUSE.normal);

export function finishWhenDone(draft: Draft): void {
  const { state, now } = draft;
  if (state.phase !== 'ending' || state.legs.some(isLive)) return;
  finishErrand(draft);
  if (state.errand && state.seq + draft.facts.length === 0) return void draft.set({ phase: 'ended', timers: {} });
  const leg = customer(state);
  const cause = leg.cause ?? CAUSE.unknown;
  draft
    .set({ phase: 'ended', timers: {}, talk: null, transfer: null, offers: [], serving: [] })
    .act({ type: 'record' })
    .fact({
      type: 'call.ended',
      data: {
        verdict: verdictOf(cause, state.answeredAt !== null),
        q850: cause.q850,
        sip: cause.sip ?? null,
        durationMs: Math.max(0, now - state.startedAt),
        queue: state.record.queue,
        agentId: state.record.agentId,
        waitedMs: state.record.waitedMs,
        talkedMs: state.record.talkedMs,
        detected: state.detected,
      },
    });
}

/** The house itself ends the call: a command, or a call that lasted too long. */
export function endBySystem(draft: Draft): void {
  if (draft.state.phase === 'talking') disconnected(draft, 'system');
  if (draft.state.phase !== 'ending') endCall(draft);
}

/** The agent's part in leading the talk is over: how long it was, and who ended it. */
export function disconnected(draft: Draft, by: 'caller' | 'agent' | 'system' | 'transfer'): void {
  const { talk, record } = draft.state;
  if (!talk) return;
  const heldMs = talk.heldMs + (talk.heldSince === null ? 0 : Math.max(0, draft.now - talk.heldSince));
  const talkedMs = Math.max(0, draft.now - talk.since - heldMs);
  draft
    .record({ talkedMs: record.talkedMs + talkedMs, heldMs: record.heldMs + heldMs })
    .fact({ type: 'call.disconnected', data: { agentId: talk.agentId, talkedMs, heldMs, by } });
}

import { CAUSE, verdictOf } from '../../call/cause.ts';
import { type AttemptInput, attemptStep, outcomeOf } from '../../dialer/attempt.ts';
import type { Draft } from './actions.ts';
import { customer } from './state.ts';

/** Moves the campaign's attempt on, when this call is one. */
export function moveAttempt(draft: Draft, input: AttemptInput): void {
  const { attempt } = draft.state;
  if (attempt) draft.set({ attempt: { ...attempt, phase: attemptStep(attempt.phase, input) } });
}

/** The customer's leg is gone: the attempt ends with its one outcome. */
export function endAttempt(draft: Draft): void {
  const { attempt, record } = draft.state;
  if (!attempt || attempt.phase === 'over') return;
  const leg = customer(draft.state);
  const cause = leg.cause ?? CAUSE.unknown;
  const rangMs = Math.max(0, (leg.answeredAt ?? draft.now) - leg.startedAt);
  const verdict = verdictOf(cause, leg.answeredAt !== undefined);
  const { found, message } = draft.state.listening ?? { found: null, message: null };
  const heard = found?.silent === true && found.result !== 'human' ? 'silent' : (found?.result ?? null);
  const messageLeft = message?.left === true;
  const { phase, ringMs } = attempt;
  const outcome = outcomeOf(verdict, { phase, rangMs, ringMs, heard, messageLeft });
  const { campaignId, leadId, attemptId } = attempt;
  const [q850, sip] = [cause.q850, cause.sip ?? null];
  const screened = found?.screened && { screened: found.screened };
  moveAttempt(draft, 'ended');
  draft
    .act({ type: 'attempt.end', outcome, q850, sip, agentId: record.agentId, ...screened })
    .fact({ type: 'attempt.ended', data: { campaignId, leadId, attemptId, outcome, q850, sip, rangMs } });
}

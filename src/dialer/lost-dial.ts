import { answeredOf, type EvidenceCall } from './evidence.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from './outcome.ts';

/**
 * The outcome of a dial whose call is gone, by what was written down before. Whoever picked up and had nobody yet is
 * `abandoned`: no rule excuses it that our process died, and he is to rest as anybody who was. Null: nobody is known to have
 * picked up, and it may have rung.
 */
export function lostOutcome(call: EvidenceCall): AttemptOutcome | null {
  const told = ATTEMPT_OUTCOMES.find((outcome) => outcome === call.outcome);
  if (told !== undefined) return told;
  const dial = answeredOf(call, false);
  if (!dial) return null;
  if (dial.connectedAt !== null || dial.byFlow) return 'connected';
  if (!dial.keptOut || dial.gaveUpAt !== null) return 'abandoned';
  const result = call.detected?.result;
  return result === 'fax' || result === 'silent' ? result : 'machine';
}

import type { Detection } from '../../call/detection.ts';
import type { DetectionPlan } from '../../dialer/amd-policy.ts';
import type { CallState } from './state.ts';

/**
 * How this attempt is listened to. Where an agent's time does not count from the greeting's end, listening takes none of it beyond its end: who is
 * undecided then is `unsure`.
 */
export function planOf({ attempt }: CallState): DetectionPlan | null {
  if (!attempt?.detect) return null;
  const { countFrom, own, switch: bySwitch } = attempt.detect;
  const most = countFrom === 'greeting-end' ? Infinity : attempt.connectDeadlineMs;
  return {
    ...attempt.detect,
    own: { ...own, maxMs: Math.min(own.maxMs, most), lastMs: Math.min(own.lastMs, most) },
    switch: { ...bySwitch, totalMs: Math.min(bySwitch.totalMs, most) },
  };
}

/** How the leg of this call is to be listened to, for its originate. */
export function detectionOf(state: CallState): { readonly detect?: Detection } {
  const plan = planOf(state);
  if (!plan) return {};
  if (plan.by === 'switch') return { detect: { kind: 'switch', settings: plan.switch } };
  return { detect: { kind: 'own', quietMs: plan.own.quietMs } };
}

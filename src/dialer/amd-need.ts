import type { EpochMs } from '../call/ids.ts';
import { amdBegin, amdStep } from './amd.ts';
import type { AmdInput } from './amd-hearing.ts';
import type { DetectionPlan } from './amd-policy.ts';

/** A person as he mostly picked up in calls between two Asterisks (docs/amd.md): silent for so long, then a greeting of so long. */
const USUAL = { silentMs: 1_200, greetsMs: 800 } as const;

/** How long after the pick-up, or after the end of his greeting, a usual person is known for one, ms. */
export function detectionNeedMs(plan: DetectionPlan, from: 'pick-up' | 'greeting-end'): number {
  const { silentMs, greetsMs } = USUAL;
  const greeted = silentMs + greetsMs;
  const known =
    plan.by === 'own' ? ownNeed(plan.own) : Math.min(greeted + plan.switch.afterGreetingSilenceMs, plan.switch.totalMs);
  return from === 'pick-up' ? known : Math.max(0, known - greeted);
}

function ownNeed(own: DetectionPlan['own']): number {
  const { silentMs, greetsMs } = USUAL;
  const endAt = silentMs + greetsMs + own.quietMs;
  const heard: readonly (readonly [EpochMs, AmdInput])[] = [
    [silentMs, { type: 'started', at: silentMs }],
    [endAt, { type: 'stopped', at: endAt, durationMs: greetsMs }],
  ];
  let state = amdBegin(0);
  for (const [at, input] of heard) {
    const before = soonest(state, own, at);
    if (before !== null) return before;
    state = amdStep(state, input, own, at).state;
  }
  return soonest(state, own, Infinity) ?? own.lastMs;
}

/** When it would be known with nothing more heard before `until`; null: not by then. */
function soonest(state: ReturnType<typeof amdBegin>, own: DetectionPlan['own'], until: EpochMs): EpochMs | null {
  let at = state.silentSince === null ? (state.soundSince ?? 0) : state.silentSince + own.quietMs;
  for (;;) {
    const { verdict } = amdStep(state, { type: 'time' }, own, at);
    if (verdict.kind === 'found') return at;
    if (verdict.until >= until) return null;
    at = verdict.until;
  }
}

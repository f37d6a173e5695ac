import type { HangupCause } from './cause.ts';
import type { EpochMs, LegId } from './ids.ts';

/**
 * One channel of a call.
 *
 *     new ──ringing──▶ ringing ──answered──▶ up ──ended──▶ ended
 *      └────────────── answered ────────────▶ ┘             ▲
 *      └───────────────── ended ────────────────────────────┘
 */
export type LegPhase = 'new' | 'ringing' | 'up' | 'ended';

export type LegInput = 'ringing' | 'answered' | 'ended';

export interface Leg {
  readonly id: LegId;
  readonly phase: LegPhase;
  readonly startedAt: EpochMs;
  readonly answeredAt?: EpochMs;
  readonly endedAt?: EpochMs;
  readonly cause?: HangupCause;
}

const NEXT: Readonly<Record<LegPhase, Readonly<Record<LegInput, LegPhase>>>> = {
  new: { ringing: 'ringing', answered: 'up', ended: 'ended' },
  ringing: { ringing: 'ringing', answered: 'up', ended: 'ended' },
  up: { ringing: 'up', answered: 'up', ended: 'ended' }, // a late 180 after the 200 changes nothing
  ended: { ringing: 'ended', answered: 'ended', ended: 'ended' }, // events that crossed the hang-up
};

export const LEG_PHASES = Object.keys(NEXT) as readonly LegPhase[];

export function newLeg(id: LegId, startedAt: EpochMs, phase: LegPhase = 'new'): Leg {
  return { id, phase, startedAt };
}

export function legStep(leg: Leg, input: LegInput, at: EpochMs, cause?: HangupCause): Leg {
  const phase = NEXT[leg.phase][input];
  if (phase === leg.phase) return leg;
  if (phase === 'up') return { ...leg, phase, answeredAt: at };
  if (phase === 'ended') return { ...leg, phase, endedAt: at, ...(cause ? { cause } : {}) };
  return { ...leg, phase };
}

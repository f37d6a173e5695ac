import type { Verdict } from '../call/cause.ts';
import type { EpochMs } from '../call/ids.ts';

/**
 * One dial of one lead.
 *
 *     dialing ──ringing──▶ ringing ──answered──▶ waiting ──connected──▶ talking ──ended──▶ over
 *        ├────────── answered ───────────────────▶ │
 *        │                                         └──deadline──▶ abandoned ──ended──▶ over
 *        └────────── ended (also from ringing and waiting) ─────────────────────────▶ over
 *
 * `waiting`: a person is on the line and no agent yet. `abandoned`: none came within the campaign's deadline, and the
 * person hears the message; an agent who comes now comes too late.
 */
export type AttemptPhase = 'dialing' | 'ringing' | 'waiting' | 'talking' | 'abandoned' | 'over';

export type AttemptInput = 'ringing' | 'answered' | 'connected' | 'deadline' | 'ended';

const NEXT: Readonly<Record<AttemptPhase, Readonly<Record<AttemptInput, AttemptPhase>>>> = {
  dialing: { ringing: 'ringing', answered: 'waiting', connected: 'dialing', deadline: 'dialing', ended: 'over' },
  ringing: { ringing: 'ringing', answered: 'waiting', connected: 'ringing', deadline: 'ringing', ended: 'over' },
  waiting: { ringing: 'waiting', answered: 'waiting', connected: 'talking', deadline: 'abandoned', ended: 'over' },
  talking: { ringing: 'talking', answered: 'talking', connected: 'talking', deadline: 'talking', ended: 'over' },
  abandoned: {
    ringing: 'abandoned',
    answered: 'abandoned',
    connected: 'abandoned',
    deadline: 'abandoned',
    ended: 'over',
  },
  over: { ringing: 'over', answered: 'over', connected: 'over', deadline: 'over', ended: 'over' },
};

export const ATTEMPT_PHASES = Object.keys(NEXT) as readonly AttemptPhase[];

/** Inputs that have no meaning in a phase (a late 180, an agent after the message began) leave it as it is. */
export function attemptStep(phase: AttemptPhase, input: AttemptInput): AttemptPhase {
  return NEXT[phase][input];
}

/** How an attempt ended; every one ends with exactly one of these. */
export const ATTEMPT_OUTCOMES = [
  'connected',
  'abandoned',
  'busy',
  'no-answer',
  'rejected',
  'invalid-number',
  'unreachable',
  'congestion',
  'cancelled',
  'failed',
] as const;

export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Switches count ring time in whole seconds and on their own clock. */
const RING_TOLERANCE_MS = 500;

export interface AttemptFacts {
  /** The phase the attempt was in when its leg ended. */
  readonly phase: AttemptPhase;
  /** From the originate to the end of the leg. */
  readonly rangMs: number;
  /** The campaign's ring time. */
  readonly ringMs: number;
}

/**
 * The outcome of an attempt whose leg has ended. A person who was answered by nobody is `abandoned`, also one who hung up
 * before the deadline: the stricter reading. A dial that we took back because its ring time was over rang out (`no-answer`),
 * though the switch says it was cancelled.
 */
export function outcomeOf(verdict: Verdict, { phase, rangMs, ringMs }: AttemptFacts): AttemptOutcome {
  if (phase === 'talking') return 'connected';
  if (phase === 'waiting' || phase === 'abandoned') return 'abandoned';
  if (verdict === 'cancelled' && rangMs >= ringMs - RING_TOLERANCE_MS) return 'no-answer';
  // Answered as the switch sees it, but no answer ever reached us: nobody was spoken to.
  return verdict === 'completed' ? 'failed' : verdict;
}

/** Outcomes that say "try again later"; the others are an answer, a refusal, or a number that will never do. */
const WORTH_A_RETRY: ReadonlySet<AttemptOutcome> = new Set(['busy', 'no-answer', 'congestion', 'unreachable']);

export interface RetryRule {
  /** Dials of one lead at most, the first one included. */
  readonly maxAttempts: number;
  readonly retryAfterMs: number;
}

/** What becomes of a lead after an attempt. `attempts` counts the one that just ended. */
export function afterAttempt(
  rule: RetryRule,
  attempts: number,
  outcome: AttemptOutcome,
  now: EpochMs,
): { readonly status: 'done' } | { readonly status: 'pending'; readonly notBefore: EpochMs } {
  if (!WORTH_A_RETRY.has(outcome) || attempts >= rule.maxAttempts) return { status: 'done' };
  return { status: 'pending', notBefore: now + rule.retryAfterMs };
}

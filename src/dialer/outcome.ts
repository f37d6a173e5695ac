import type { Verdict } from '../call/cause.ts';
import type { AttemptPhase } from './attempt.ts';

/** How an attempt ended; every one ends with exactly one of these. */
export const ATTEMPT_OUTCOMES = [
  'connected', // a person talked with an agent, or with the flow of an agentless campaign
  'abandoned', // a person answered, and nobody was there for him
  'machine', // an answering machine, and nothing was left on it
  'message-left', // an answering machine, and the message was played to its end
  'fax',
  'silent', // picked up, nothing to be heard, and so judged to be nobody
  'busy',
  'no-answer',
  'rejected', // the person, the device or a filter on the way declined
  'invalid-number',
  'unreachable', // device off, out of coverage, nobody registered
  'congestion', // no circuit, trouble in the network: says nothing about the number
  'cancelled', // we took the dial back before its ring time was over
  'failed', // our own request, account or switch is at fault
] as const;

export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** What a detector heard on the line; null: it was not asked, or the line ended before it knew. */
export type Heard = 'human' | 'machine' | 'unsure' | 'fax' | 'silent' | null;

/** Special information tones (ITU-T E.180 §6, by segments in ANSI T1.401): three rising tones before a network announcement. */
export type Tone = 'intercept' | 'vacant-code' | 'reorder' | 'no-circuit';

/** Intercept and vacant code: the number is not in service. Reorder and no circuit: trouble on the way. */
const BY_TONE: Readonly<Record<Tone, AttemptOutcome>> = {
  intercept: 'invalid-number',
  'vacant-code': 'invalid-number',
  reorder: 'congestion',
  'no-circuit': 'congestion',
};

/** Switches count ring time in whole seconds and on their own clock. */
const RING_TOLERANCE_MS = 500;

export interface AttemptFacts {
  /** The phase the attempt was in when its leg ended. */
  readonly phase: AttemptPhase;
  /** From the originate to the answer, or to the end of a leg that nobody answered. */
  readonly rangMs: number;
  /** The campaign's ring time. */
  readonly ringMs: number;
  readonly heard?: Heard;
  /** Heard on the line, before or after an answer. */
  readonly tone?: Tone | null;
  /** The message for machines was played to its end. */
  readonly messageLeft?: boolean;
}

/**
 * The outcome of an attempt whose leg has ended. A person who was answered by nobody is `abandoned`, also one who hung up
 * before the deadline or while the detector still listened, or who picked up while we were hanging up: the stricter reading. A
 * dial that we took back because its ring time was over rang out (`no-answer`), though the switch says it was cancelled.
 */
export function outcomeOf(verdict: Verdict, facts: AttemptFacts): AttemptOutcome {
  const { phase, rangMs, ringMs, tone = null } = facts;
  if (phase === 'talking') return 'connected';
  if (phase === 'abandoned') return 'abandoned';
  if (tone !== null) return BY_TONE[tone];
  if (phase === 'machine') return ofNobody(facts);
  if (phase === 'waiting' || phase === 'detecting') return 'abandoned';
  if (verdict === 'cancelled' && rangMs >= ringMs - RING_TOLERANCE_MS) return 'no-answer';
  // The answer crossed our hang-up: he met silence, and is to rest as anybody who did.
  return verdict === 'completed' ? 'abandoned' : verdict;
}

/** The line was judged to have no person on it. */
function ofNobody({ heard = null, messageLeft = false }: AttemptFacts): AttemptOutcome {
  if (messageLeft) return 'message-left';
  return heard === 'fax' || heard === 'silent' ? heard : 'machine';
}

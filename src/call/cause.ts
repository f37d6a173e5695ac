import { verdictOfSip } from './sip-response.ts';

/**
 * How a leg ended, said once. Switches report Q.850 cause values (ITU-T Q.850 §2.2.5) and SIP final responses
 * (RFC 3261 §21, mapping RFC 3398 §8.2.6); everything inside Callwright reads only the verdict.
 */
export interface HangupCause {
  /** ITU-T Q.850 cause value, 0 when the switch gave none. */
  readonly q850: number;
  /** SIP final response that ended the INVITE, when the switch knows it. */
  readonly sip?: number;
}

/** A failed or finished leg is classified once, into this closed set; metric, record and retry rule read it. */
export type Verdict =
  | 'completed' // was answered and ended normally
  | 'busy'
  | 'no-answer'
  | 'rejected' // a person or device declined
  | 'cancelled' // we gave up before an answer
  | 'invalid-number'
  | 'unreachable' // device off, not registered, out of coverage
  | 'congestion' // no circuit, network trouble: worth another trunk or a later try
  | 'failed';

export const VERDICTS: readonly Verdict[] = [
  'completed',
  'busy',
  'no-answer',
  'rejected',
  'cancelled',
  'invalid-number',
  'unreachable',
  'congestion',
  'failed',
];

const BY_Q850: ReadonlyMap<number, Verdict> = new Map([
  [1, 'invalid-number'], // unallocated number
  [3, 'unreachable'], // no route to destination
  [16, 'cancelled'], // normal clearing before an answer: one of the two gave up
  [17, 'busy'],
  [18, 'no-answer'], // no user responding
  [19, 'no-answer'], // user alerted, no answer
  [20, 'unreachable'], // subscriber absent
  [21, 'rejected'],
  [22, 'invalid-number'], // number changed
  [26, 'cancelled'],
  [27, 'unreachable'], // destination out of order
  [28, 'invalid-number'], // invalid number format
  [31, 'cancelled'],
  [34, 'congestion'],
  [38, 'congestion'],
  [41, 'congestion'],
  [42, 'congestion'],
  [44, 'congestion'],
  [58, 'congestion'],
]);

/**
 * Classifies a leg's end. An answered leg is `completed` whatever closed it. For an unanswered one the SIP response, being
 * the more exact, is read before the Q.850 value; what neither table names is `failed`.
 */
export function verdictOf(cause: HangupCause, answered: boolean): Verdict {
  if (answered) return 'completed';
  const bySip = cause.sip === undefined ? undefined : verdictOfSip(cause.sip);
  return bySip ?? BY_Q850.get(cause.q850) ?? 'failed';
}

type CauseName = 'normal' | 'busy' | 'noAnswer' | 'rejected' | 'absent' | 'unallocated' | 'congestion' | 'unknown';

/** Q.850 values Callwright itself sends. */
export const CAUSE: Readonly<Record<CauseName, HangupCause>> = {
  normal: { q850: 16 },
  busy: { q850: 17 },
  noAnswer: { q850: 19 },
  rejected: { q850: 21 },
  absent: { q850: 20 },
  unallocated: { q850: 1 },
  congestion: { q850: 34 },
  unknown: { q850: 0 },
};

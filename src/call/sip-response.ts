import type { Verdict } from './cause.ts';

type Row = readonly [phrase: string, verdict: Verdict];

/**
 * Final responses to an INVITE that carriers send, by the name of the SIP parameters registry of IANA (RFC 3261 §21 and the
 * RFCs it names), and what each says of a call. 404, 410, 484, 485, 604 and a moved number (301) speak of the number; 480 of
 * the device; 500 and above, but for 6xx, of the network on the way; 6xx of the person. What is wrong with our own request or
 * account is `failed`: another try would end the same.
 */
const SIP_RESPONSES: ReadonlyMap<number, Row> = new Map<number, Row>([
  [300, ['Multiple Choices', 'failed']],
  [301, ['Moved Permanently', 'invalid-number']],
  [302, ['Moved Temporarily', 'unreachable']],
  [305, ['Use Proxy', 'failed']],
  [380, ['Alternative Service', 'failed']],
  [400, ['Bad Request', 'failed']],
  [401, ['Unauthorized', 'failed']],
  [402, ['Payment Required', 'failed']],
  [403, ['Forbidden', 'rejected']],
  [404, ['Not Found', 'invalid-number']],
  [405, ['Method Not Allowed', 'failed']],
  [406, ['Not Acceptable', 'failed']],
  [407, ['Proxy Authentication Required', 'failed']],
  [408, ['Request Timeout', 'no-answer']],
  [410, ['Gone', 'invalid-number']],
  [413, ['Request Entity Too Large', 'failed']],
  [414, ['Request-URI Too Long', 'failed']],
  [415, ['Unsupported Media Type', 'failed']],
  [416, ['Unsupported URI Scheme', 'failed']],
  [420, ['Bad Extension', 'failed']],
  [421, ['Extension Required', 'failed']],
  [422, ['Session Interval Too Small', 'failed']],
  [423, ['Interval Too Brief', 'failed']],
  [428, ['Use Identity Header', 'failed']],
  [430, ['Flow Failed', 'unreachable']],
  [433, ['Anonymity Disallowed', 'rejected']],
  [436, ['Bad Identity Info', 'failed']],
  [437, ['Unsupported Credential', 'failed']],
  [438, ['Invalid Identity Header', 'failed']],
  [480, ['Temporarily Unavailable', 'unreachable']],
  [481, ['Call/Transaction Does Not Exist', 'failed']],
  [482, ['Loop Detected', 'failed']],
  [483, ['Too Many Hops', 'failed']],
  [484, ['Address Incomplete', 'invalid-number']],
  [485, ['Ambiguous', 'invalid-number']],
  [486, ['Busy Here', 'busy']],
  [487, ['Request Terminated', 'cancelled']],
  [488, ['Not Acceptable Here', 'failed']],
  [491, ['Request Pending', 'failed']],
  [493, ['Undecipherable', 'failed']],
  [494, ['Security Agreement Required', 'failed']],
  [500, ['Server Internal Error', 'failed']],
  [501, ['Not Implemented', 'failed']],
  [502, ['Bad Gateway', 'congestion']],
  [503, ['Service Unavailable', 'congestion']],
  [504, ['Server Time-out', 'congestion']],
  [505, ['Version Not Supported', 'failed']],
  [513, ['Message Too Large', 'failed']],
  [580, ['Precondition Failure', 'congestion']],
  [600, ['Busy Everywhere', 'busy']],
  [603, ['Decline', 'rejected']],
  [604, ['Does Not Exist Anywhere', 'invalid-number']],
  [606, ['Not Acceptable', 'failed']],
  [607, ['Unwanted', 'rejected']],
  [608, ['Rejected', 'rejected']],
]);

/** Undefined for a response that the registry does not know. */
export const verdictOfSip = (sip: number): Verdict | undefined => SIP_RESPONSES.get(sip)?.[1];

/** A final response as people say it, `486 Busy Here`; the number alone where it has no name. */
export function sipText(sip: number): string {
  const phrase = SIP_RESPONSES.get(sip)?.[0];
  return phrase === undefined ? String(sip) : `${sip} ${phrase}`;
}

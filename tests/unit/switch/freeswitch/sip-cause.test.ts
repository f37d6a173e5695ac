import { describe, expect, it } from 'vitest';
import { CAUSE, verdictOf } from '../../../../src/call/cause.ts';
import { causeOfSip, q850In, reasonHeader, sipStatusOf } from '../../../../src/switch/freeswitch/sip-cause.ts';

describe('causes of SIP and Q.850', () => {
  it.each([
    ['486 Busy Here', 486, undefined, 'busy'],
    ['600 Busy Everywhere', 600, undefined, 'busy'],
    ['404 Not Found', 404, undefined, 'invalid-number'],
    ['408 Request Timeout', 408, undefined, 'no-answer'],
    ['480 Temporarily Unavailable', 480, undefined, 'unreachable'],
    ['603 Decline', 603, undefined, 'rejected'],
    ['503 Service Unavailable', 503, undefined, 'congestion'],
    ['487 Request Terminated', 487, undefined, 'cancelled'],
  ])('%s', (_name, status, reason, verdict) => {
    expect(verdictOf(causeOfSip(status, reason), false)).toBe(verdict);
  });

  it('takes the Q.850 value of a Reason header (RFC 3326), wherever it stands', () => {
    expect(q850In('Q.850;cause=17;text="busy"')).toBe(17);
    expect(q850In('SIP;cause=200, Q.850 ;text="a; b" ;cause=34')).toBe(34);
    expect(q850In('SIP;cause=200')).toBeNull();
    expect(q850In(undefined)).toBeNull();
    expect(causeOfSip(486, 'Q.850;cause=0')).toEqual({ q850: 17, sip: 486 });
    expect(causeOfSip(500, 'Q.850;cause=38')).toEqual({ q850: 38, sip: 500 });
    expect(causeOfSip(499, undefined)).toEqual({ q850: 127, sip: 499 });
  });

  it('turns a call away with what fits, and says why', () => {
    expect(sipStatusOf(CAUSE.busy)).toBe(486);
    expect(sipStatusOf(CAUSE.congestion)).toBe(503);
    expect(sipStatusOf({ q850: 99 })).toBe(500);
    expect(sipStatusOf({ q850: 17, sip: 600 })).toBe(600);
    expect(reasonHeader(CAUSE.busy)).toEqual({ Reason: 'Q.850;cause=17' });
    expect(reasonHeader(CAUSE.unknown)).toEqual({});
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS, verdictOf } from '../../../src/call/cause.ts';

describe('an unanswered leg', () => {
  it.each([
    ['486 Busy Here', { q850: 17, sip: 486 }, 'busy'],
    ['600 Busy Everywhere', { q850: 17, sip: 600 }, 'busy'],
    ['408 Request Timeout', { q850: 18, sip: 408 }, 'no-answer'],
    ['404 Not Found', { q850: 1, sip: 404 }, 'invalid-number'],
    ['410 Gone', { q850: 22, sip: 410 }, 'invalid-number'],
    ['484 Address Incomplete', { q850: 28, sip: 484 }, 'invalid-number'],
    ['480 Temporarily Unavailable', { q850: 18, sip: 480 }, 'unreachable'],
    ['487 Request Terminated', { q850: 0, sip: 487 }, 'cancelled'],
    ['503 Service Unavailable', { q850: 34, sip: 503 }, 'congestion'],
    ['603 Decline', { q850: 21, sip: 603 }, 'rejected'],
    ['Q.850 17 user busy', { q850: 17 }, 'busy'],
    ['Q.850 19 no answer', { q850: 19 }, 'no-answer'],
    ['Q.850 20 subscriber absent', { q850: 20 }, 'unreachable'],
    ['Q.850 34 no circuit', { q850: 34 }, 'congestion'],
    ['nothing known', { q850: 0 }, 'failed'],
    ['an unknown SIP status with a known cause', { q850: 17, sip: 699 }, 'busy'],
  ] as const)('%s', (_name, cause, verdict) => expect(verdictOf(cause, false)).toBe(verdict));
});

it('an answered leg is completed, whatever closed it; every cause has a verdict', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.option(fc.integer({ min: 100, max: 699 })), (q850, sip) => {
      const cause = { q850, ...(sip === null ? {} : { sip }) };
      expect(verdictOf(cause, true)).toBe('completed');
      expect(VERDICTS).toContain(verdictOf(cause, false));
      expect(verdictOf(cause, false)).not.toBe('completed');
    }),
  );
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS, verdictOf } from '../../../src/call/cause.ts';
import { sipText } from '../../../src/call/sip-response.ts';
import { ATTEMPT_PHASES, type AttemptPhase } from '../../../src/dialer/attempt.ts';
import {
  ATTEMPT_OUTCOMES,
  type AttemptFacts,
  type AttemptOutcome,
  type Heard,
  outcomeOf,
  type Tone,
} from '../../../src/dialer/outcome.ts';

const RANG: AttemptFacts = { phase: 'ringing', rangMs: 4_000, ringMs: 20_000 };

/** What a carrier's answer to a dial makes of the attempt. */
const BY_RESPONSE: Readonly<Record<string, AttemptOutcome>> = {
  '300 Multiple Choices': 'failed',
  '301 Moved Permanently': 'invalid-number',
  '302 Moved Temporarily': 'unreachable',
  '305 Use Proxy': 'failed',
  '380 Alternative Service': 'failed',
  '400 Bad Request': 'failed',
  '401 Unauthorized': 'failed',
  '402 Payment Required': 'failed',
  '403 Forbidden': 'rejected',
  '404 Not Found': 'invalid-number',
  '405 Method Not Allowed': 'failed',
  '406 Not Acceptable': 'failed',
  '407 Proxy Authentication Required': 'failed',
  '408 Request Timeout': 'no-answer',
  '410 Gone': 'invalid-number',
  '413 Request Entity Too Large': 'failed',
  '414 Request-URI Too Long': 'failed',
  '415 Unsupported Media Type': 'failed',
  '416 Unsupported URI Scheme': 'failed',
  '420 Bad Extension': 'failed',
  '421 Extension Required': 'failed',
  '422 Session Interval Too Small': 'failed',
  '423 Interval Too Brief': 'failed',
  '428 Use Identity Header': 'failed',
  '430 Flow Failed': 'unreachable',
  '433 Anonymity Disallowed': 'rejected',
  '436 Bad Identity Info': 'failed',
  '437 Unsupported Credential': 'failed',
  '438 Invalid Identity Header': 'failed',
  '480 Temporarily Unavailable': 'unreachable',
  '481 Call/Transaction Does Not Exist': 'failed',
  '482 Loop Detected': 'failed',
  '483 Too Many Hops': 'failed',
  '484 Address Incomplete': 'invalid-number',
  '485 Ambiguous': 'invalid-number',
  '486 Busy Here': 'busy',
  '487 Request Terminated': 'cancelled',
  '488 Not Acceptable Here': 'failed',
  '491 Request Pending': 'failed',
  '493 Undecipherable': 'failed',
  '494 Security Agreement Required': 'failed',
  '500 Server Internal Error': 'failed',
  '501 Not Implemented': 'failed',
  '502 Bad Gateway': 'congestion',
  '503 Service Unavailable': 'congestion',
  '504 Server Time-out': 'congestion',
  '505 Version Not Supported': 'failed',
  '513 Message Too Large': 'failed',
  '580 Precondition Failure': 'congestion',
  '600 Busy Everywhere': 'busy',
  '603 Decline': 'rejected',
  '604 Does Not Exist Anywhere': 'invalid-number',
  '606 Not Acceptable': 'failed',
  '607 Unwanted': 'rejected',
  '608 Rejected': 'rejected',
};

describe('a dial that a carrier refused', () => {
  it.each(Object.entries(BY_RESPONSE))('%s: %s', (response, outcome) => {
    const sip = Number(response.slice(0, 3));
    expect(sipText(sip)).toBe(response);
    expect(outcomeOf(verdictOf({ q850: 0, sip }, false), RANG)).toBe(outcome);
  });

  it('has a row here for every response that has a name, and a number for the others', () => {
    const named = Array.from({ length: 400 }, (_, i) => 300 + i).filter((sip) => sipText(sip) !== String(sip));
    expect(named.map(sipText)).toEqual(Object.keys(BY_RESPONSE));
    expect(sipText(699)).toBe('699');
  });

  it('rang out when we took it back at the end of its ring time, and was cancelled before', () => {
    expect(outcomeOf('cancelled', { ...RANG, rangMs: 19_600 })).toBe('no-answer');
    expect(outcomeOf('cancelled', { ...RANG, rangMs: 19_400 })).toBe('cancelled');
    expect(outcomeOf('busy', { ...RANG, rangMs: 20_000 })).toBe('busy');
  });

  it('abandoned whoever picked up while we were hanging up, also when his ring time was over', () => {
    expect(outcomeOf('completed', RANG)).toBe('abandoned');
    expect(outcomeOf('completed', { ...RANG, phase: 'dialing', rangMs: 20_000 })).toBe('abandoned');
  });
});

describe('what a detector heard', () => {
  it.each<[string, AttemptPhase, Heard, boolean, AttemptOutcome]>([
    ['a machine, hung up on', 'machine', 'machine', false, 'machine'],
    ['a machine that has the message', 'machine', 'machine', true, 'message-left'],
    ['nobody can say, treated as a machine', 'machine', 'unsure', false, 'machine'],
    ['a fax', 'machine', 'fax', false, 'fax'],
    ['silence', 'machine', 'silent', false, 'silent'],
    ['still listening when the line ended', 'detecting', null, false, 'abandoned'],
    ['a person, and no agent', 'waiting', 'human', false, 'abandoned'],
    ['a machine that an agent got', 'talking', 'machine', false, 'connected'],
    ['a machine that heard the message of the abandoned', 'abandoned', 'machine', false, 'abandoned'],
  ])('%s', (_name, phase, heard, messageLeft, outcome) => {
    expect(outcomeOf('completed', { ...RANG, phase, heard, messageLeft })).toBe(outcome);
  });

  it.each<[Tone, AttemptOutcome]>([
    ['intercept', 'invalid-number'],
    ['vacant-code', 'invalid-number'],
    ['reorder', 'congestion'],
    ['no-circuit', 'congestion'],
  ])('the tone %s, before or after an answer: %s', (tone, outcome) => {
    for (const phase of ['dialing', 'ringing', 'detecting', 'machine', 'waiting'] as const) {
      expect(outcomeOf('cancelled', { ...RANG, rangMs: 20_000, phase, tone })).toBe(outcome);
    }
    expect(outcomeOf('completed', { ...RANG, phase: 'talking', tone })).toBe('connected');
    expect(outcomeOf('completed', { ...RANG, phase: 'abandoned', tone })).toBe('abandoned');
  });
});

it('gives every attempt exactly one outcome, and calls nobody abandoned who was not answered', () => {
  const facts = fc.record({
    phase: fc.constantFrom(...ATTEMPT_PHASES),
    rangMs: fc.nat(60_000),
    ringMs: fc.nat(60_000),
    heard: fc.constantFrom<Heard>('human', 'machine', 'unsure', 'fax', 'silent', null),
    tone: fc.constantFrom<Tone | null>('intercept', 'vacant-code', 'reorder', 'no-circuit', null),
    messageLeft: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.constantFrom(...VERDICTS), facts, (verdict, seen) => {
      const outcome = outcomeOf(verdict, seen);
      expect(ATTEMPT_OUTCOMES).toContain(outcome);
      const wasAnswered = verdict === 'completed' || ['detecting', 'waiting', 'abandoned'].includes(seen.phase);
      if (outcome === 'abandoned') expect(wasAnswered).toBe(true);
      if (seen.phase === 'talking') expect(outcome).toBe('connected');
    }),
  );
});

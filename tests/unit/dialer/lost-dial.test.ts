import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/call/journal.ts';
import { callFrom } from '../../../src/dialer/evidence.ts';
import { lostOutcome } from '../../../src/dialer/lost-dial.ts';

const about = { campaignId: 'c1', leadId: 'l1', attemptId: 'a1' };
const STARTED = {
  type: 'attempt.started',
  data: { ...about, number: '+358401234599', trunk: 'public', profile: 'uk-ofcom@2' },
} as Fact;
const ANSWERED = { type: 'call.answered', data: { legId: 'leg-1' } } as Fact;
const GAVE_UP = { type: 'call.abandoned', data: { queue: 'campaign:c1', waitedMs: 1_850, while: 'waiting' } } as Fact;
const CONNECTED = { type: 'call.connected', data: { queue: 'campaign:c1', agentId: 'alice' } } as unknown as Fact;
const FLOW = { type: 'flow.started', data: { flow: 'reminder' } } as unknown as Fact;
const heard = (result: string, action: string) =>
  ({ type: 'attempt.detected', data: { ...about, by: 'asterisk', result, action, tookMs: 900 } }) as unknown as Fact;
const ended = (outcome: string) =>
  ({ type: 'attempt.ended', data: { ...about, outcome, q850: 17, sip: 486, rangMs: 0 } }) as Fact;

const outcomeAfter = (...facts: readonly Fact[]) => {
  const call = callFrom(
    [STARTED, ...facts].map((fact, index) => ({ ...fact, subject: 'call/1', seq: index + 1, at: index })),
  );
  return call && lostOutcome(call);
};

describe('what a dial came to whose call is gone', () => {
  it.each<readonly [string, readonly Fact[], string | null]>([
    ['nobody is known to have picked up', [], null],
    ['it was told how it ended', [ended('busy')], 'busy'],
    ['a person picked up, and nobody was there yet', [ANSWERED], 'abandoned'],
    ['a person picked up, and AMD found him to be one', [ANSWERED, heard('human', 'connect')], 'abandoned'],
    ['the message had begun', [ANSWERED, GAVE_UP], 'abandoned'],
    ['an agent was there', [ANSWERED, CONNECTED], 'connected'],
    ['an agent came when the message had begun', [ANSWERED, GAVE_UP, CONNECTED], 'connected'],
    ['a flow talked', [ANSWERED, FLOW], 'connected'],
    ['a machine that was hung up on', [ANSWERED, heard('machine', 'hangup')], 'machine'],
    ['a fax', [ANSWERED, heard('fax', 'hangup')], 'fax'],
    ['silence', [ANSWERED, heard('silent', 'hangup')], 'silent'],
    ['a machine that was put to agents, and none came', [ANSWERED, heard('machine', 'connect'), GAVE_UP], 'abandoned'],
  ])('%s', (_, facts, outcome) => {
    expect(outcomeAfter(...facts)).toBe(outcome);
  });
});

import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import { ledgerFactsOf } from '../../../src/dialer/compliance/answered.ts';
import { answeredOf, callFrom } from '../../../src/dialer/evidence.ts';
import { type CallState, outboundCall } from '../../../src/engine/call/state.ts';
import type { CallInput } from '../../../src/engine/call/step.ts';
import { answered, ended, LEG, Told } from './talk-world.ts';

const dial: CallInput = { type: 'dial', number: '+358501112223', trunk: 'public', callerId: '+358400000009', at: 0 };
const terms = { phase: 'dialing', ringMs: 20_000, connectDeadlineMs: 2_000, wrapUpMs: 0 } as const;
const queue = { queue: 'campaign:c', language: 'en', require: [], priority: 0, maxWaitMs: null, ...PLAIN_REQUEST };

const campaignCall = (own: Partial<NonNullable<CallState['attempt']>> = {}): CallState => {
  const ends = { id: 'call-1', legId: LEG, ani: '+358400000009', dnis: '+358501112223', source: 'public' };
  const attempt = { campaignId: 'c', leadId: 'l', attemptId: 'a', ...terms, ...own };
  const request = own.flow === undefined ? queue : null;
  return outboundCall({ ...ends, language: 'en', attempt, request }, 0);
};

/** All that is said of the call from the dial on, as the journal has it. */
function journalOf(call: Told, inputs: readonly CallInput[]) {
  const facts = inputs.flatMap((input) => call.tell(input).last.facts.map((fact) => ({ ...fact, at: call.now })));
  return facts.map((fact, seq) => ({ ...fact, id: `${seq}`, seq, subject: 'call/call-1' }) as const);
}

describe('who picks up while we hang up', () => {
  it.each<[string, Partial<NonNullable<CallState['attempt']>>, CallInput]>([
    ['the ring time is over', {}, { type: 'timer', name: 'call:dial' }],
    ['he asked not to be called', {}, { type: 'hangup' }],
    ['where a detector would listen', { detect: detectionPlanSchema.parse({}) }, { type: 'hangup' }],
    ['where a flow would talk', { flow: 'support' }, { type: 'hangup' }],
  ])('was abandoned, for the lock-out as for the rate: %s', (_name, own, giveUp) => {
    const call = new Told(campaignCall(own));
    const ringing = { type: 'leg.ringing', at: 0, legId: LEG } as const;
    const events = journalOf(call, [dial, ringing, giveUp, answered(LEG), ended(LEG)]);
    expect(call.state.phase).toBe('ended');
    expect(call.last.actions).toContainEqual(expect.objectContaining({ type: 'attempt.end', outcome: 'abandoned' }));
    const told = callFrom(events);
    const dialled = told && answeredOf(told, false);
    const rules = builtInProfiles().get('uk-ofcom')?.profile.abandonment;
    const counted = rules && dialled && ledgerFactsOf(rules, dialled).map(({ type }) => type);
    expect(rules?.leftInTime.value).toBe('abandoned');
    expect(counted).toEqual(['left-in-time']);
  });
});

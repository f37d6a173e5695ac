import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import type { AnsweredDial } from '../../../src/dialer/compliance/answered.ts';
import { ledgerFactsOf } from '../../../src/dialer/compliance/answered.ts';
import { EvidencePicker } from '../../../src/engine/evidence-picker.ts';

const T = Date.parse('2026-11-23T12:00:00Z');
const about = { campaignId: 'c', leadId: 'l', attemptId: 'a' };

/** Facts of one call and what its agent says of it, so many ms after its dial, as the journal has them. */
const journal = (facts: readonly (readonly [ms: number, fact: Fact])[]): JournalEvent[] =>
  facts.map(([ms, fact], seq) => {
    const subject = fact.type === 'call.disposed' ? 'agent/alice' : 'call/1';
    return { subject, seq, at: T + ms, ...fact };
  });

const began: Fact = {
  type: 'attempt.started',
  data: { ...about, number: '+442079460018', trunk: 'public', callerId: '+442079460019' },
};
const answered: Fact = { type: 'call.answered', data: { legId: 'leg' } };
const connected: Fact = {
  type: 'call.connected',
  data: { queue: 'campaign:c', agentId: 'alice', waitedMs: 0, rangMs: 0 },
};
const left: Fact = { type: 'attempt.ended', data: { ...about, outcome: 'machine', q850: 16, sip: null, rangMs: 0 } };
const detected = (result: 'human' | 'machine' | 'unsure', action: 'connect' | 'hang-up' | 'message'): Fact => ({
  type: 'attempt.detected',
  data: {
    ...about,
    by: 'own',
    result,
    silent: false,
    cause: null,
    confidence: 0.9,
    logOdds: 2,
    parts: {},
    tookMs: 900,
    greetedMs: 800,
    action,
    sampled: false,
  },
});
const disposed = (disposition: string, kind?: string): Fact => ({
  type: 'call.disposed',
  data: {
    callId: '1',
    agentId: 'alice',
    queue: 'campaign:c',
    disposition,
    ...about,
    ...(kind !== undefined && { kind }),
  },
});

/** What the ledger last heard of the call. */
function heard(...facts: readonly (readonly [ms: number, fact: Fact])[]): AnsweredDial | null {
  const picker = new EvidencePicker();
  return journal(facts).reduce<AnsweredDial | null>((last, event) => picker.pick(event).news?.after ?? last, null);
}
const countsAs = (profile: string, dial: AnsweredDial | null) => {
  const rules = builtInProfiles().get(profile)?.profile.abandonment;
  return rules && dial && ledgerFactsOf(rules, dial);
};

describe('what the journal says of a dial, for the rate of abandonment', () => {
  it.each(['hang-up', 'message'] as const)('a machine is one, whatever was done with it: %s', (action) => {
    const dial = heard([0, began], [5_000, answered], [5_900, detected('machine', action)], [9_000, left]);
    expect(countsAs('uk-ofcom', dial)).toEqual([{ type: 'taken-for-machine', at: T + 5_000 }]);
  });

  it('who was not sure to be a person, and was kept from agents, is one of those of whom some were', () => {
    const dial = heard([0, began], [5_000, answered], [5_900, detected('unsure', 'hang-up')], [9_000, left]);
    expect(countsAs('uk-ofcom', dial)).toMatchObject([{ type: 'taken-for-machine' }]);
  });

  it('a call that nobody listened to is told apart from one that was', () => {
    const plain = heard([0, began], [5_000, answered], [6_000, connected]);
    expect(countsAs('uk-ofcom', plain)).toEqual([{ type: 'connected', at: T + 5_000, screened: false }]);
    const found = detected('human', 'connect');
    const listened = heard([0, began], [5_000, answered], [5_900, found], [6_000, connected]);
    expect(countsAs('uk-ofcom', listened)).toEqual([{ type: 'connected', at: T + 5_000, screened: true }]);
  });

  it('two seconds run from the end of the greeting that was heard, where the rule says so', () => {
    const call = (at: number) =>
      heard([0, began], [5_000, answered], [5_900, detected('human', 'connect')], [at, connected]);
    // Picked up at 5.0 s, greeted until 5.8 s.
    expect(countsAs('us-ftc', call(7_800))).toMatchObject([{ type: 'connected' }]);
    expect(countsAs('us-ftc', call(7_801))).toMatchObject([{ type: 'abandoned' }]);
    expect(countsAs('uk-ofcom', call(7_001))).toMatchObject([{ type: 'abandoned' }]);
  });

  it('of what agents say the last word counts, by its kind before its name', () => {
    const talk = [[0, began] as const, [5_000, answered] as const, [6_000, connected] as const];
    const after = (...words: readonly Fact[]) =>
      countsAs('uk-ofcom', heard(...talk, ...words.map((word, nth) => [20_000 + nth, word] as const)));
    expect(after(disposed('a voicemail'))).toMatchObject([{ type: 'connected' }, { type: 'met-machine' }]);
    expect(after(disposed('machine sold', 'success'))).toMatchObject([{ type: 'connected' }]);
    expect(after(disposed('nobody', 'machine'), disposed('sold', 'success'))).toMatchObject([{ type: 'connected' }]);
  });
});

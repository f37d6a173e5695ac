import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerIdOf, consentOf, type DialFacts, numberKindOf } from '../../../../src/dialer/compliance/dial-facts.ts';
import { hoursBook, NO_HOURS } from '../../../../src/dialer/compliance/hours.ts';
import { DIAL_RULES, gates, mayDial } from '../../../../src/dialer/compliance/may-dial.ts';
import { at, DAY, dialFacts, HOUR, NOON, profileNamed } from './facts.ts';

type Change = NonNullable<Parameters<typeof dialFacts>[0]>;

const fcc = profileNamed('us-fcc');
const ofcom = profileNamed('uk-ofcom');
const register = { name: 'TPS', isRegister: true };
const internal = { name: 'told an agent', isRegister: false };

/** For each rule a change that it, and no other, forbids; in the order in which they are asked. */
const FORBIDDEN: readonly (readonly [rule: string, Change, sentence: string, until: number | null])[] = [
  ['campaign-not-running', { campaign: { status: 'paused' } }, 'The campaign is paused.', null],
  [
    'ring-too-short',
    { campaign: { ringMs: 14_999 } },
    'The campaign lets it ring 14.999 s; at least 15 s are asked for.',
    null,
  ],
  ['caller-id', { campaign: { callerId: null } }, 'The campaign shows no caller id.', null],
  [
    'abandoned-message',
    { campaign: { message: null } },
    'The campaign has no message for people who get no agent.',
    null,
  ],
  [
    'dnc-register-missing',
    { campaign: { registerImportedAt: NOON - 29 * DAY } },
    'The national do-not-call register was imported 29 days ago.',
    null,
  ],
  ['lead-not-open', { lead: { status: 'done' } }, 'The lead is done.', null],
  ['number-dead', { number: { dead: true } }, 'The number is no number, or not his.', null],
  ['premium-rate', { number: { premium: true } }, 'The number is of premium rate, which is never dialled.', null],
  ['dnc', { number: { dnc: [register] } }, 'The number is not to be called: TPS.', null],
  [
    'consent',
    { campaign: { mode: 'agentless' } },
    `Profile ${ofcom.id} asks for express consent to a call by a flow; the lead has none.`,
    null,
  ],
  [
    'locked-out',
    { number: { abandonedAt: NOON - 71 * HOUR } },
    'The number was abandoned less than 72 h ago.',
    NOON + HOUR,
  ],
  [
    'attempts-cap',
    { number: { attempts: [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR] } },
    'The number may be dialled 3 times within 24 h, by all campaigns together.',
    NOON + 21 * HOUR,
  ],
  ['not-yet-due', { lead: { notBefore: NOON + 5 } }, 'It is not yet time for the lead.', NOON + 5],
  [
    'zone-unknown',
    { number: { zones: [] } },
    'It is not known in which time zone the person is; give the lead an address.',
    null,
  ],
  [
    'calling-hours',
    { number: { zones: ['Europe/London', 'America/New_York'] } },
    'It is no hour to call in America/New_York, one of 2 zones where the person may be.',
    at('2026-11-23T13:00Z'),
  ],
];

describe('mayDial', () => {
  it('lets a call through that nothing forbids', () => {
    expect(mayDial(dialFacts())).toEqual({ allowed: true });
    expect(gates(dialFacts()).every(({ pass, sentence, until }) => pass && sentence === null && until === null)).toBe(
      true,
    );
  });

  it('asks the rules in a fixed order, and every rule can forbid', () => {
    expect(FORBIDDEN.map(([rule]) => rule)).toEqual(DIAL_RULES);
  });

  it.each(FORBIDDEN)('%s', (rule, change, sentence, until) => {
    const facts = dialFacts(change);
    expect(mayDial(facts)).toEqual({ allowed: false, rule, sentence, until });
    expect(gates(facts).filter(({ pass }) => !pass)).toEqual([{ rule, pass: false, sentence, until }]);
  });

  it.each([
    ['fixed', 'express', 'a call by an agent to a fixed line'],
    ['unknown', 'written', 'a call by an agent to a number that may be mobile'],
  ] as const)('names the profile and the consent it wants: to a number that is %s, %s', (kind, wanted, call) => {
    const toAgent = { value: 'express', cite: 'a test' } as const;
    const consent = { ...ofcom.consent, toAgent, mobileToAgent: { ...toAgent, value: 'written' } as const };
    const verdict = mayDial(dialFacts({ profile: { ...ofcom, consent }, number: { kind } }));
    expect(verdict).toMatchObject({
      rule: 'consent',
      sentence: `Profile ${ofcom.id} asks for ${wanted} consent to ${call}; the lead has none.`,
    });
  });

  it('tells the first of all that forbid, whatever they are', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: FORBIDDEN.length - 1 }), { minLength: 1 });
    fc.assert(
      fc.property(some, (picked) => {
        const order = picked.toSorted((a, b) => a - b);
        // Agentless calls have no message to the abandoned, and a lead without zones is outside no hours.
        const facts = order.reduce<DialFacts>(
          (all, index) => join(all, dialFacts(FORBIDDEN[index]?.[1] ?? {})),
          dialFacts(),
        );
        const seen = gates(facts)
          .filter(({ pass }) => !pass)
          .map(({ rule }) => rule);
        const verdict = mayDial(facts);
        expect(verdict.allowed ? null : verdict.rule).toBe(seen[0]);
        expect(DIAL_RULES.filter((rule) => seen.includes(rule))).toEqual(seen);
      }),
    );
  });

  it.each<[string, Change, string | null]>([
    ['a lock-out ends to the millisecond', { number: { abandonedAt: NOON - 72 * HOUR } }, null],
    ['a machine rests for 24 h', { number: { takenForMachineAt: NOON - 23 * HOUR } }, 'locked-out'],
    ['and no longer', { number: { takenForMachineAt: NOON - 24 * HOUR } }, null],
    [
      'an agent who is held for the call ends a lock-out',
      { number: { abandonedAt: NOON - HOUR }, agentGuaranteed: true },
      null,
    ],
    [
      'but not where the profile says that he does not',
      {
        profile: {
          ...ofcom,
          lockOut: { ...ofcom.lockOut, unlessAgentGuaranteed: { value: false, cite: 'a test' } },
        },
        number: { abandonedAt: NOON - HOUR },
        agentGuaranteed: true,
      },
      'locked-out',
    ],
    ['consent stands above the register', { number: { dnc: [register] }, lead: { consent: 'express' } }, null],
    [
      'but not above what was said to the house',
      { number: { dnc: [register, internal] }, lead: { consent: 'written' } },
      'dnc',
    ],
    ['agentless with consent', { campaign: { mode: 'agentless', message: null }, lead: { consent: 'express' } }, null],
    ['preview abandons nobody', { campaign: { mode: 'preview', message: null } }, null],
    [
      'a message without the number',
      { campaign: { message: { says: ['name'], optOutKey: true, marketing: false } } },
      'abandoned-message',
    ],
    [
      'a message that sells',
      { campaign: { message: { says: ['name', 'number'], optOutKey: true, marketing: true } } },
      'abandoned-message',
    ],
    ['a premium caller id', { campaign: { callerId: callerIdOf('+449098790000', true) } }, 'caller-id'],
    ['a caller id that nobody answers', { campaign: { callerId: callerIdOf('+442079460018', false) } }, 'caller-id'],
    ['a caller id that is no number', { campaign: { callerId: callerIdOf('+4420', true) } }, 'caller-id'],
    ['the register was never imported', { campaign: { registerImportedAt: null } }, 'dnc-register-missing'],
    [
      'FCC: a mobile needs written consent',
      { profile: fcc, number: { kind: 'mobile', zones: ['America/New_York'] }, now: NOON + 3 * HOUR },
      'consent',
    ],
    [
      'FCC: what is not known is held to be mobile',
      { profile: fcc, number: { kind: 'unknown', zones: ['America/New_York'] }, now: NOON + 3 * HOUR },
      'consent',
    ],
    [
      'FCC: a fixed line needs none',
      { profile: fcc, number: { zones: ['America/New_York'] }, now: NOON + 3 * HOUR },
      null,
    ],
    [
      'FCC: the message needs a key to opt out',
      {
        profile: fcc,
        campaign: { message: { says: ['name', 'number', 'purpose'], optOutKey: false, marketing: false } },
      },
      'abandoned-message',
    ],
  ])('%s', (_name, change, rule) => {
    const verdict = mayDial(dialFacts(change));
    expect(verdict.allowed ? null : verdict.rule).toBe(rule);
  });

  it('`until` is when the rule that forbade lets go', () => {
    for (const [rule, change, , until] of FORBIDDEN) {
      if (until === null) continue;
      const ruleAt = (now: number) => gates({ ...dialFacts(change), now }).find((gate) => gate.rule === rule)?.pass;
      expect([rule, ruleAt(until - 1), ruleAt(until)]).toEqual([rule, false, true]);
    }
  });

  it('costs little with a book of hours', () => {
    const facts = dialFacts({ number: { zones: ['Europe/London', 'Europe/Guernsey', 'Europe/Jersey'] } });
    const book = hoursBook(facts.profile.hours, facts.number.zones, NOON, NO_HOURS);
    const withBook = { ...facts, hours: book };
    const before = process.cpuUsage();
    for (let i = 0; i < 20_000; i += 1) mayDial(withBook);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 20_000).toBeLessThan(50); // microseconds each
  });
});

/** What of `b` is not as usual, put into `a`. */
function join(a: DialFacts, b: DialFacts): DialFacts {
  const usual = dialFacts();
  const changed = <T extends object>(mine: T, other: T, plain: T): T => ({
    ...mine,
    ...Object.fromEntries(
      Object.entries(other).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key as keyof T])),
    ),
  });
  return {
    ...a,
    campaign: changed(a.campaign, b.campaign, usual.campaign),
    lead: changed(a.lead, b.lead, usual.lead),
    number: changed(a.number, b.number, usual.number),
  };
}

describe('what a list says', () => {
  it.each([
    ['written', 'written'],
    [' Express ', 'express'],
    ['yes', 'none'],
    ['', 'none'],
    [undefined, 'none'],
  ])('consent %s is %s', (said, level) => {
    expect(consentOf(said)).toBe(level);
  });

  it.each([
    ['+447911123456', '', 'mobile'],
    ['+442079460018', 'mobile', 'fixed'],
    ['+12125550123', '', 'unknown'],
    ['+12125550123', 'home', 'unknown'],
    ['+12125550123', 'Cell', 'mobile'],
    ['+12125550123', 'landline', 'fixed'],
    ['+0', '', 'unknown'],
  ])('%s, said to be “%s”, is %s', (number, said, kind) => {
    expect(numberKindOf(number, said)).toBe(kind);
  });
});

import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../../src/config/profiles/built-in.ts';
import { type AnsweredDial, ledgerFactsOf } from '../../../../src/dialer/compliance/answered.ts';

const rulesOf = (name: string) => {
  const found = builtInProfiles().get(name);
  if (!found) throw new Error(`no profile ${name}`);
  return found.profile.abandonment;
};

/** A dial whose line is still up and of which nothing is known. */
const OPEN: AnsweredDial = {
  pickedUpAt: 1_000,
  greetingEndedAt: null,
  connectedAt: null,
  gaveUpAt: null,
  leftAt: null,
  screened: false,
  keptOut: false,
  byFlow: false,
  metMachine: false,
};

const typesOf = (change: Partial<AnsweredDial>, profile = 'eu-default') =>
  ledgerFactsOf(rulesOf(profile), { ...OPEN, ...change }).map(({ type }) => type);

describe('what a dial that was picked up counts as', () => {
  it.each<[string, Partial<AnsweredDial>, readonly string[]]>([
    ['nothing while it is open', {}, []],
    ['connected, as soon as an agent is there', { connectedAt: 3_000 }, ['connected']],
    ['abandoned, when he came too late', { connectedAt: 3_001 }, ['abandoned']],
    ['abandoned, as soon as it was given up', { gaveUpAt: 2_500 }, ['abandoned']],
    ['abandoned, when he stayed and nobody gave up', { leftAt: 3_001 }, ['abandoned']],
    ['left in time', { leftAt: 3_000 }, ['left-in-time']],
    ['abandoned, though he hung up at once when the message began', { gaveUpAt: 2_500, leftAt: 2_600 }, ['abandoned']],
    ['nothing, where a flow talked', { byFlow: true, leftAt: 9_000 }, []],
    ['taken for a machine, once it is over', { keptOut: true, screened: true, leftAt: 2_000 }, ['taken-for-machine']],
    ['nothing, while the message is left on it', { keptOut: true, screened: true }, []],
    ['connected, when a sampled machine was put to an agent', { keptOut: true, connectedAt: 2_000 }, ['connected']],
    ['met a machine', { connectedAt: 2_000, metMachine: true }, ['connected', 'met-machine']],
    ['nothing, when he came too late and met a machine', { connectedAt: 9_000, metMachine: true }, []],
    ['abandoned, whatever is said of a call that no agent had', { gaveUpAt: 3_000, metMachine: true }, ['abandoned']],
  ])('%s', (_, change, types) => {
    expect(typesOf(change)).toEqual(types);
  });

  it('counts from the end of the greeting only where the rule does', () => {
    const late = { greetingEndedAt: 4_000, connectedAt: 6_000 };
    expect(typesOf(late, 'us-ftc')).toEqual(['connected']);
    expect(typesOf(late, 'eu-default')).toEqual(['abandoned']);
  });

  it('lands on the day of the pick-up, and says whether AMD had listened', () => {
    const facts = ledgerFactsOf(rulesOf('eu-default'), {
      ...OPEN,
      connectedAt: 2_000,
      screened: true,
      metMachine: true,
    });
    expect(facts).toEqual([
      { type: 'connected', at: 1_000, screened: true },
      { type: 'met-machine', at: 1_000, screened: true },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { mayCallBack, type Promised } from '../../../../src/dialer/compliance/may-dial.ts';
import { CONSENT_LEVELS } from '../../../../src/dialer/compliance/profile.ts';

const cited = <T>(value: T) => ({ value, cite: 'House: for the tests', secondary: false });
const profile = (lifts: Promised['profile']['dnc']['consentLifts']['value']): Promised['profile'] => ({
  dnc: { register: cited(true), registerMaxAgeMs: cited(0), consentLifts: cited(lifts) },
});
const REGISTER = { name: 'national register', isRegister: true };
const OWN = { name: 'asked on the phone', isRegister: false };

describe('may somebody be rung back', () => {
  it.each([...CONSENT_LEVELS, 'never'] as const)('who is on no list, whatever lifts the register: %s', (lifts) => {
    expect(mayCallBack({ profile: profile(lifts), consent: 'none', dnc: [] })).toEqual({ allowed: true });
  });

  it.each([
    ['none', 'express', false],
    ['express', 'express', true],
    ['written', 'express', true],
    ['express', 'written', false],
    ['written', 'written', true],
    ['written', 'never', false],
  ] as const)('who is in the register and has %s consent, where %s lifts it: %s', (consent, lifts, allowed) => {
    expect(mayCallBack({ profile: profile(lifts), consent, dnc: [REGISTER] }).allowed).toBe(allowed);
  });

  it('never who is on a list of the house, whatever he signed', () => {
    const asked = { profile: profile('none'), consent: 'written', dnc: [REGISTER, OWN] } as const;
    expect(mayCallBack(asked)).toEqual({
      allowed: false,
      rule: 'dnc',
      sentence: 'The number is not to be called: asked on the phone.',
      until: null,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { detectionNeedMs } from '../../../src/dialer/amd-need.ts';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import { detectionFault } from '../../../src/engine/detection-fault.ts';

const profile = (name: string) => {
  const found = builtInProfiles().get(name);
  if (!found) throw new Error(`no profile ${name}`);
  return found.profile;
};
const plan = (change: Parameters<typeof detectionPlanSchema.parse>[0] = {}) => detectionPlanSchema.parse(change);
const campaign = (change: object = {}, connectDeadlineMs = 2_000) =>
  ({ mode: 'predictive', detect: plan(change), connectDeadlineMs }) as const;

describe('how long it takes to know a person', () => {
  // What was measured over SIP (docs/amd.md): 2.5 s from the pick-up by our own, 2.8 s by the switch.
  it('is what was measured on real calls', () => {
    expect(detectionNeedMs(plan(), 'pick-up')).toBeGreaterThan(2_200);
    expect(detectionNeedMs(plan(), 'pick-up')).toBeLessThan(2_700);
    expect(detectionNeedMs(plan({ by: 'switch' }), 'pick-up')).toBe(2_800);
  });

  it('is short from the end of his greeting', () => {
    expect(detectionNeedMs(plan(), 'greeting-end')).toBeLessThan(700);
    expect(detectionNeedMs(plan({ by: 'switch' }), 'greeting-end')).toBe(800);
  });

  it('grows with how sure one wants to be, up to the end of listening', () => {
    const needs = [0.6, 0.8, 0.9, 0.99].map((sureOfHuman) =>
      detectionNeedMs(plan({ own: { sureOfHuman } }), 'pick-up'),
    );
    expect(needs).toEqual(needs.toSorted((a, b) => a - b));
    expect(detectionNeedMs(plan({ own: { maxMs: 300 } }), 'pick-up')).toBe(300);
    expect(detectionNeedMs(plan({ own: { lastMs: 1_000 } }), 'pick-up')).toBe(1_000);
    expect(detectionNeedMs(plan({ by: 'switch', switch: { totalMs: 1_800 } }), 'pick-up')).toBe(1_800);
  });
});

describe('listening for machines under a profile', () => {
  it.each(['us-ftc', 'us-fcc'])('is as %s counts, from the end of the greeting, unless it is set stricter', (name) => {
    expect(detectionFault(campaign(), profile(name))).toBeNull();
    expect(detectionFault(campaign({ countFrom: 'greeting-end' }), profile(name))).toBeNull();
    expect(detectionFault(campaign({ countFrom: 'pick-up' }), profile(name))).toMatch(/2.\d s after the pick-up/u);
  });

  it.each(['uk-ofcom', 'eu-default', 'ca-crtc'])(
    'takes all of an agent’s time under %s, and the rule is told',
    (name) => {
      const fault = detectionFault(campaign(), profile(name));
      expect(fault).toContain('an agent has to be there 2 s after it, so that nearly everybody who answers');
      expect(fault).toContain(profile(name).abandonment.connectWithinMs.cite);
      const lax = detectionFault(campaign({ countFrom: 'greeting-end' }), profile(name));
      expect(lax).toContain('from the pick-up, and the campaign');
      expect(lax).toContain(profile(name).abandonment.countsFrom.cite);
    },
  );

  it('goes where a profile leaves more time, and where no agent is waited for', () => {
    const house = profile('eu-default');
    expect(detectionFault(campaign({}, 4_000), house)).toBeNull();
    expect(detectionFault({ ...campaign(), mode: 'agentless' }, house)).toBeNull();
    expect(detectionFault({ ...campaign(), detect: null }, house)).toBeNull();
  });

  it('tells a deadline that is over before even the end of a greeting is known', () => {
    expect(detectionFault(campaign({}, 300), profile('us-ftc'))).toContain("after the greeting's end");
  });
});

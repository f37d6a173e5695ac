import { describe, expect, it } from 'vitest';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import { liveFault } from '../../../src/dialer/campaign-modes.ts';
import type { HeardMachines } from '../../../src/dialer/compliance/abandonment.ts';
import type { DialerState } from '../../../src/dialer/pacing/index.ts';
import { CampaignPacer } from '../../../src/engine/campaign-pacer.ts';
import { NO_TOTALS } from '../../../src/engine/dialer-feed.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const detect = detectionPlanSchema.parse({});

function pacer(change: Partial<Campaign> = {}, profile = labProfile()) {
  const clock = new SimulatedClock();
  const campaign: Campaign = {
    ...AUTUMN,
    mode: 'power',
    ratio: 10,
    maxLines: 100,
    cps: 100,
    ...change,
    id: 'c',
    status: 'running',
    createdAt: clock.now(),
  };
  const known: { heard: HeardMachines } = { heard: { heard: 0, persons: 0 } };
  const made = new CampaignPacer(
    campaign,
    {
      clock,
      log: silent,
      history: { leadCounts: async () => ({ pending: 1_000, leased: 0, done: 0 }) },
      law: { profileOf: () => profile },
      amd: { heardOf: () => known.heard },
    },
    500,
  );
  return { made, known, campaign };
}

/** Two idle agents, and so many calls in the campaign's past. */
function state(totals: Partial<DialerState['totals']>): DialerState {
  return {
    now: 3_600,
    agents: [0, 1].map((id) => ({ id, state: 'idle', since: 3_000 })),
    calls: [],
    counts: { idle: 2, talk: 0, wrap: 0, ringing: 0, amd: 0, waiting: 0 },
    totals: { ...NO_TOTALS, ...totals },
    lines: { max: 100, inUse: 0 },
  };
}
const launched = (of: ReturnType<typeof pacer>, totals: Partial<DialerState['totals']>) =>
  of.made.decide(state(totals), null, []).launch;

/** 0.03 × 1,000 − 20: ten more may be abandoned. */
const HALF_USED = { launched: 4_000, answered: 1_000, connected: 980, abandoned: 20 };

describe('the policy of a campaign', () => {
  it('is strict where it is asked to be: never more dials than may be lost beyond the free agents', () => {
    expect(launched(pacer({ guard: 'strict' }), HALF_USED)).toBe(12);
    // To whom nobody answers, more may ring for each who could be lost.
    const usual = pacer();
    for (let callId = 0; callId < 400; callId += 1) {
      usual.made.on({ type: 'call.launched', t: 8 * callId, callId });
      usual.made.on({ type: 'call.ended', t: 8 * callId + 20, callId, cause: 'noanswer', ageSec: 20 });
    }
    expect(launched(usual, HALF_USED)).toBe(20);
  });

  it('charges persons whom AMD took for machines as the profile does', () => {
    // 3 % of 400 machines are 12 abandoned persons: then nothing is left.
    const machines = { ...HALF_USED, machine: 400 };
    expect(launched(pacer({ guard: 'strict', detect }), machines)).toBe(2);
    expect(launched(pacer({ guard: 'strict', detect: null }), machines)).toBe(12);
    const { abandonment } = labProfile();
    const none = labProfile({
      abandonment: { ...abandonment, falsePositives: { value: 'none', cite: 'House: a test' } },
    });
    expect(launched(pacer({ guard: 'strict', detect }, none), machines)).toBe(12);
  });

  it('is made anew when agents tell of more mistakes than it charged, or of fewer', () => {
    const house = pacer({ guard: 'strict', detect });
    const machines = { ...HALF_USED, machine: 400 };
    house.known.heard = { heard: 40, persons: 1 };
    expect(house.made.isOver).toBe(false);
    house.known.heard = { heard: 200, persons: 2 };
    expect(house.made.isOver).toBe(true);
    house.made.begin(house.campaign);
    expect(house.made.isOver).toBe(false);
    // 1 % of 400 are four persons, who answered too: six more may be abandoned.
    expect(launched(house, machines)).toBe(8);
  });

  it('may be made strict while it runs, not less so', () => {
    expect(liveFault({ mode: 'power' }, { guard: 'strict' })).toBeNull();
    expect(liveFault({ mode: 'power', guard: 'strict' }, { guard: 'quantile' })).toMatch(/less strict/u);
  });
});

import { ABANDON_CAP, agentless } from '../dialer/campaign-modes.ts';
import { createPolicy, createPower, type Policy, type PolicyConfig, progressive } from '../dialer/pacing/index.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { capOf } from './campaign-law-words.ts';
import type { Campaign } from './ports/history.ts';

/** No ringing call is taken back sooner: 15 s or four rings, 16 CFR 310.4(b)(4)(ii) and 47 CFR 64.1200(a)(6). */
const MIN_RING_MS = 15_000;

/** The shortest ring of a profile, and never less than the rules known to us have. */
export const minRingOf = (profile: ComplianceProfile | null): number =>
  Math.max(MIN_RING_MS, profile?.ring.minimumMs.value ?? 0);

/** Who paces a campaign of this mode, under the cap and the ring time of its profile. */
export function policyOf(campaign: Campaign, profile: ComplianceProfile | null, tickMs: number): Policy {
  switch (campaign.mode) {
    case 'agentless':
      return agentless;
    case 'progressive':
      return progressive;
    case 'power':
      return createPower(configOf(campaign, profile, tickMs), campaign.ratio ?? 1);
    case 'predictive':
      return createPolicy(configOf(campaign, profile, tickMs));
  }
}

const configOf = (campaign: Campaign, profile: ComplianceProfile | null, tickMs: number): PolicyConfig => ({
  abandonTarget: Math.min(campaign.abandonCap ?? ABANDON_CAP, profile ? capOf(profile) : 1),
  connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
  minRingSec: minRingOf(profile) / 1_000,
  maxRingSec: campaign.ringMs / 1_000,
  maxLines: campaign.maxLines,
  cps: campaign.cps,
  tickSec: tickMs / 1_000,
  dayHours: 8,
  amd: campaign.detect !== undefined && campaign.detect !== null,
  amdFalsePositiveEstimate: 0,
  seed: 1,
});

import { ABANDON_CAP, agentless, previewing } from '../dialer/campaign-modes.ts';
import { createPolicy, createPower, type Policy, type PolicyConfig, progressive } from '../dialer/pacing/index.ts';
import { falsePositiveShare, type HeardMachines } from '../dialer/compliance/abandonment.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { capOf } from './campaign-law-words.ts';
import type { Campaign } from './ports/history.ts';

/** No ringing call is taken back sooner: 15 s or four rings, 16 CFR 310.4(b)(4)(ii) and 47 CFR 64.1200(a)(6). */
const MIN_RING_MS = 15_000;

/** The shortest ring of a profile, and never less than the rules known to us have. */
export const minRingOf = (profile: ComplianceProfile | null): number =>
  Math.max(MIN_RING_MS, profile?.ring.minimumMs.value ?? 0);

/** The share (0–1) of AMD's machines that the profile counts as abandoned persons, as far as is known. */
export const chargedShareOf = ({ abandonment }: ComplianceProfile, heard: HeardMachines): number =>
  abandonment.falsePositives.value === 'both-sides' ? falsePositiveShare(abandonment, heard) : 0;

interface PaceFacts {
  readonly profile: ComplianceProfile | null;
  readonly tickMs: number;
  readonly chargedShare: number;
  /** How long the run lasts as far as is known when it is asked, hours. */
  readonly hours: () => number;
}

/** Who paces a campaign of this mode, under the cap and the ring time of its profile. */
export function policyOf(campaign: Campaign, facts: PaceFacts): Policy {
  switch (campaign.mode) {
    case 'agentless':
      return agentless;
    case 'preview':
      return previewing;
    case 'progressive':
      return progressive;
    case 'power':
      return createPower(configOf(campaign, facts), campaign.ratio ?? 1);
    case 'predictive':
      return createPolicy(configOf(campaign, facts));
  }
}

const configOf = (campaign: Campaign, { profile, tickMs, chargedShare, hours }: PaceFacts): PolicyConfig => ({
  abandonTarget: Math.min(campaign.abandonCap ?? ABANDON_CAP, profile ? capOf(profile) : 1),
  connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
  minRingSec: minRingOf(profile) / 1_000,
  maxRingSec: campaign.ringMs / 1_000,
  maxLines: campaign.maxLines,
  cps: campaign.cps,
  tickSec: tickMs / 1_000,
  // Read at each decision: leads are added and run out, and the pace changes.
  get dayHours() {
    return hours();
  },
  amd: Boolean(campaign.detect),
  amdFalsePositiveEstimate: chargedShare,
  amdEstimateOf: 'machines',
  guard: campaign.guard ?? 'quantile',
  seed: 1,
});

import { ABANDON_CAP, agentless } from '../dialer/campaign-modes.ts';
import { createPolicy, createPower, type Policy, type PolicyConfig, progressive } from '../dialer/pacing/index.ts';
import type { Campaign } from './ports/history.ts';

/** No ringing call is taken back sooner: 15 s or four rings, 16 CFR 310.4(b)(4)(ii) and 47 CFR 64.1200(a)(6). */
export const MIN_RING_MS = 15_000;

/** Who paces a campaign of this mode. */
export function policyOf(campaign: Campaign, tickMs: number): Policy {
  switch (campaign.mode) {
    case 'agentless':
      return agentless;
    case 'progressive':
      return progressive;
    case 'power':
      return createPower(configOf(campaign, tickMs), campaign.ratio ?? 1);
    case 'predictive':
      return createPolicy(configOf(campaign, tickMs));
  }
}

const configOf = (campaign: Campaign, tickMs: number): PolicyConfig => ({
  abandonTarget: campaign.abandonCap ?? ABANDON_CAP,
  connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
  minRingSec: MIN_RING_MS / 1_000,
  maxRingSec: campaign.ringMs / 1_000,
  maxLines: campaign.maxLines,
  cps: campaign.cps,
  tickSec: tickMs / 1_000,
  dayHours: 8,
  amd: campaign.detect !== undefined && campaign.detect !== null,
  amdFalsePositiveEstimate: 0,
  seed: 1,
});

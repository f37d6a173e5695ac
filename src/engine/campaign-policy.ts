import { ABANDON_CAP, agentless } from '../dialer/campaign-modes.ts';
import { createPolicy, type Policy } from '../dialer/pacing/index.ts';
import { progressive } from '../dialer/pacing/progressive.ts';
import type { Campaign } from './ports/history.ts';

/** No ringing call is taken back sooner: 15 s or four rings, 16 CFR 310.4(b)(4)(ii) and 47 CFR 64.1200(a)(6). */
export const MIN_RING_MS = 15_000;

/** Who paces a campaign of this mode. */
export function policyOf(campaign: Campaign, tickMs: number): Policy {
  if (campaign.mode === 'agentless') return agentless;
  if (campaign.mode === 'progressive') return progressive;
  return createPolicy({
    abandonTarget: campaign.abandonCap ?? ABANDON_CAP,
    connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
    minRingSec: MIN_RING_MS / 1_000,
    maxRingSec: campaign.ringMs / 1_000,
    maxLines: campaign.maxLines,
    cps: campaign.cps,
    tickSec: tickMs / 1_000,
    dayHours: 8,
    amd: false,
    amdFalsePositiveEstimate: 0,
    seed: 1,
  });
}

import type { CampaignId } from '../../call/ids.ts';
import type { AmdCharge, AmdCounts, Share } from '../../dialer/amd-rates.ts';

export type { Screened } from '../../dialer/amd-policy.ts';

/** What is kept of calls that were listened to. */
export interface AmdBook {
  /** Dials of the campaign that have ended, by what became of them and what agents said they were. */
  amdCounts(id: CampaignId): Promise<AmdCounts>;
}

/** How often the detection of a campaign was wrong, since the campaign was made. */
export interface AmdView {
  /** Calls that were put to nobody. */
  readonly machines: number;
  /** Taken for machines and put to an agent all the same, by what he said they were. */
  readonly sampled: { readonly persons: number; readonly machines: number };
  /** Let through, by what the agent said they were. */
  readonly passed: { readonly persons: number; readonly machines: number };
  /** Persons among those taken for machines, 0–1; null: no agent has said anything of a sampled one. */
  readonly falsePositive: Share | null;
  /** Machines among those let through, 0–1; null: no agent has said anything yet. */
  readonly missed: Share | null;
  /** What the abandonment rate is charged with, by the formula of the profile. */
  readonly charged: AmdCharge;
  readonly definition: string;
}

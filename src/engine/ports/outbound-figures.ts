import type { CampaignId } from '../../call/ids.ts';
import type { AbandonmentLimit } from '../../dialer/compliance/profile.ts';

/** Estimates of the profile's formula included, so the counts need not be whole. */
interface RateSeen {
  readonly abandoned: number;
  readonly of: number;
  /** 0–1; null where nobody answered. */
  readonly rate: number | null;
}

interface DaySeen extends RateSeen {
  /** Local date, as 2026-11-22; of the first and last day only what lies in the span. */
  readonly day: string;
}

/** A limit as it stood at the end of the span. */
interface LimitSeen extends RateSeen, AbandonmentLimit {
  /** First and last local date of its window. */
  readonly from: string;
  readonly to: string;
  readonly kept: boolean;
  readonly definition: string;
}

/** How many of those who answered a campaign in a span of time met nobody, by its compliance profile. */
export interface OutboundAbandonment extends RateSeen {
  readonly campaignId: CampaignId;
  readonly name: string;
  /** Name and version. */
  readonly profile: string;
  /** Whose days these are. */
  readonly zone: string;
  /** What is divided by what. */
  readonly definition: string;
  readonly days: readonly DaySeen[];
  readonly limits: readonly LimitSeen[];
}

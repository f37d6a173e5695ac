import type { EpochMs } from '../../call/ids.ts';
import type { AbandonmentLimit } from '../../dialer/compliance/profile.ts';

/** One limit of a campaign's compliance profile, as it stands at this moment. */
interface LimitView extends AbandonmentLimit {
  /** 0–1; 0 while nobody has answered. */
  readonly rate: number;
  /** Below and above the line, estimates of the profile's formula included. */
  readonly abandoned: number;
  readonly of: number;
  /** First and last local date of the window, as 2026-11-22, in this zone. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  /** When the window ends, or with a rolling one when its oldest day falls out. */
  readonly endsAt: EpochMs;
  /** How many more may be abandoned, one after the other and nobody else answering. */
  readonly budget: number;
  /** Of all limits this one leaves the least. */
  readonly binds: boolean;
  /** What is divided by what, and when. */
  readonly definition: string;
}

export interface AbandonmentView {
  /** Name and version of the profile. */
  readonly profile: string;
  /** In the order of the profile. */
  readonly limits: readonly LimitView[];
}

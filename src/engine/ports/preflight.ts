import type { CampaignId, EpochMs } from '../../call/ids.ts';
import type { KeepRule } from './law.ts';

/** Why a lead is not dialled now: a rule of the profile, or what holds it back. */
export type SkipReason = KeepRule | 'filter' | 'quota' | 'stopped' | 'in-dial';

export interface Skipped {
  readonly reason: SkipReason;
  readonly leads: number;
  /** When the first of them may be dialled, as far as this reason goes; null: not by waiting. */
  readonly until: EpochMs | null;
  readonly text: string;
}

/** From the lower to the upper tenth of the simulated runs. */
export interface Tenths<T> {
  readonly low: T;
  readonly middle: T;
  readonly high: T;
}

export interface Expected {
  /** Who the forecast reckons with, all the time that it may dial. */
  readonly agents: number;
  /** Dials that the leads of the next seven days will take, retries included. */
  readonly dials: number;
  /** Share of the dials that a person answers, 0–1. */
  readonly answerRate: Tenths<number>;
  /** Share of the agents' time in talk and wrap-up, 0–1; null: no agents are needed. */
  readonly utilisation: Tenths<number> | null;
  /** Abandoned of the live answers, 0–1; null: nobody can be abandoned. */
  readonly abandonment: Tenths<number> | null;
  /** What a flow's calls take of what they may have, on average until it is done; null: agents bound it. */
  readonly byFlow: {
    readonly lines: number;
    readonly linesInUse: Tenths<number>;
    readonly cps: number;
    readonly startsPerSecond: Tenths<number>;
  } | null;
  /** `low` is the soonest; null: not within seven days. */
  readonly finishAt: Tenths<EpochMs | null>;
}

/** A number that the forecast goes by, and where it is from. */
export interface Assumption {
  readonly what: string;
  readonly value: string;
  /** `profile`: what the law takes it for; `assumed`: nobody has measured it. */
  readonly from: 'this campaign' | 'similar campaigns' | 'settings' | 'profile' | 'assumed';
}

export interface PreflightWarning {
  /** Nobody will be dialled as long as it is so. */
  readonly blocks: boolean;
  readonly text: string;
}

/** What a campaign will come to, as far as it can be known before it dials. */
export interface Preflight {
  readonly at: EpochMs;
  readonly campaignId: CampaignId;
  /** Name and version of the compliance profile. */
  readonly profile: string;
  readonly leads: {
    readonly all: number;
    readonly done: number;
    readonly now: number;
    readonly later: number;
    /** Not done, and not to be dialled. */
    readonly never: number;
  };
  /** Largest first. */
  readonly skipped: readonly Skipped[];
  /** Of the next seven days: leads that may be dialled when the hour begins, if none of them is dialled before. */
  readonly hours: readonly { readonly at: EpochMs; readonly leads: number }[];
  /** Where the persons may be, and how many leads are there; the largest groups. */
  readonly zones: readonly { readonly zones: readonly string[]; readonly leads: number; readonly open: boolean }[];
  /** Null: no forecast can be made, and `noForecast` says why. */
  readonly expected: Expected | null;
  /** Why there is no forecast and what would mend it, in a sentence; null: there is one. */
  readonly noForecast: string | null;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly PreflightWarning[];
}

export type PreflightState =
  | { readonly done: false; readonly step: 'leads' | 'forecast'; readonly share: number }
  | { readonly done: true; readonly preflight: Preflight };

/** One look at a campaign; whoever asks while it lasts is given the same. */
export interface PreflightRun {
  state(): PreflightState;
  readonly over: Promise<Preflight>;
}

export interface PreflightDesk {
  /** Null: there is no such campaign, or no such profile. */
  look(id: CampaignId): Promise<PreflightRun | null>;
}

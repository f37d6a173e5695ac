import type { EpochMs } from '../call/ids.ts';
import type { Starts } from './clip.ts';

/** A carrier link as the site defines it. */
export interface TrunkRule {
  readonly name: string;
  readonly lines: number;
  /** Call starts per second. */
  readonly cps: number;
  /** Where it may be dialled, `+358` for all that begins so, and at what price per minute; empty: everywhere, for nothing. */
  readonly routes: readonly TrunkRoute[];
  readonly care: TrunkCare;
}

export interface TrunkRoute {
  readonly prefix: string;
  /** In the currency of the house; one for all trunks that are compared. */
  readonly perMinute: number;
  /** Calls at the same time, and call starts per second, that the carrier lets go there; left out: as many as by the trunk. */
  readonly lines?: number;
  readonly cps?: number;
}

/** What calls to a destination with limits of its own have taken. */
export interface RouteUse {
  readonly linesInUse: number;
  readonly starts: Starts;
}

/** How a trunk that fails is spared. */
export interface TrunkCare {
  /** So many failures in a row to a destination before it is left alone: one full cell is no failing trunk. At least 1. */
  readonly backOffAfter: number;
  /** It is then left alone this long, after each further failure twice as long. */
  readonly backOffMs: number;
  readonly backOffMostMs: number;
  /** So many failures in a row, none of them followed by any sign of life, and the whole trunk counts as dead. */
  readonly deadAfter: number;
  /** A dead trunk gets one call this often. */
  readonly probeEveryMs: number;
}

export const PLAIN_CARE: TrunkCare = {
  backOffAfter: 3,
  backOffMs: 2_000,
  backOffMostMs: 5 * 60_000,
  deadAfter: 10,
  probeEveryMs: 30_000,
};

/** How a campaign uses a trunk. */
export interface TrunkUse {
  readonly trunk: string;
  /** Share of the calls beside the other trunks of its tier. At least 1. */
  readonly weight: number;
  /** A tier is used when no trunk of the ones below it can take the call. */
  readonly tier: number;
}

/** Trunks under one name, of which each call gets one. */
export interface TrunkGroup {
  readonly name: string;
  /** Never empty. */
  readonly trunks: readonly TrunkUse[];
  /** Within a tier: by weight, or the cheapest for the number and by weight among equals. */
  readonly prefer: 'weight' | 'rate';
}

/** Something that failed, and is left alone until a time. */
export interface Trouble {
  /** Failures that were let pass. */
  readonly passed: number;
  /** Failures after those; 0: it is not left alone yet. */
  readonly failures: number;
  /** Failures of calls that had begun before are of the same incident. */
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** When the one call began that is to show whether it is over; null: none is under way. */
  readonly probeAt: EpochMs | null;
  /** What the trunk said, `503 Service Unavailable`. */
  readonly said: string;
}

export interface TrunkState {
  /** Lines held, those of calls that are just being started included. */
  readonly linesInUse: number;
  readonly starts: Starts;
  /** By prefix, of the routes that have limits of their own. */
  readonly routes: Readonly<Record<string, RouteUse>>;
  /** Failures in a row over all destinations, without a sign of life from a call that began after the first of them. */
  readonly streak: number;
  /** When the first of them was heard. */
  readonly streakSince: EpochMs;
  readonly dead: Trouble | null;
  /** By destination: the prefix of its route, or the country and area code of the number. */
  readonly troubles: Readonly<Record<string, Trouble>>;
}

/** What is known of all trunks. Plain data: it may be written down and read again. */
export interface TrunksState {
  readonly trunks: Readonly<Record<string, TrunkState>>;
  /** By who shares them out and trunk: how far its turn has come (smooth weighted round robin, as nginx has it). */
  readonly turns: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const NO_TRUNKS: TrunksState = { trunks: {}, turns: {} };

const FRESH: TrunkState = {
  linesInUse: 0,
  starts: [],
  routes: {},
  streak: 0,
  streakSince: 0,
  dead: null,
  troubles: {},
};

export const trunkIn = (state: TrunksState, name: string): TrunkState => state.trunks[name] ?? FRESH;

export const withTrunk = (state: TrunksState, name: string, change: Partial<TrunkState>): TrunksState => ({
  ...state,
  trunks: { ...state.trunks, [name]: { ...trunkIn(state, name), ...change } },
});

/** The route with the longest prefix that fits; undefined: the trunk does not lead there. */
export function routeOf({ routes }: TrunkRule, number: string): TrunkRoute | undefined {
  const fitting = routes.filter(({ prefix }) => number.startsWith(prefix));
  return fitting.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}

/** Without routes, `+` and four digits: a country, and the network or area within it. */
const AREA_LENGTH = 5;

export const destinationOf = (rule: TrunkRule, number: string): string =>
  routeOf(rule, number)?.prefix ?? number.slice(0, AREA_LENGTH);

/** The trouble for which a destination is left alone, if it is. */
export function troubleOf({ troubles }: TrunkState, destination: string): Trouble | null {
  const trouble = troubles[destination];
  return trouble && trouble.failures > 0 ? trouble : null;
}

import { mulberry32 } from '../../tests/support/chance.ts';
import { quantile } from '../calls/statistics.ts';
import type { Seen } from './floor.ts';
import type { Offer } from './phones.ts';

export type Side = 'callwright' | 'appQueue';
export const SIDES = ['callwright', 'appQueue'] as const satisfies readonly Side[];

/** The parts whose CPU time is counted, each a process of its own. */
export type Part = 'callwright' | 'asterisk' | 'redis' | 'sql';
export const PARTS = ['callwright', 'asterisk', 'redis', 'sql'] as const satisfies readonly Part[];
/** Who works for which side. */
const WORKERS: Readonly<Record<Side, readonly Part[]>> = { callwright: PARTS, appQueue: ['asterisk'] };

/** Nearest rank, ms. */
interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** One side with so many agents. */
export interface Run {
  readonly side: Side;
  readonly members: number;
  readonly perSecond: number;
  readonly calls: number;
  /** Calls that agents had. */
  readonly talked: number;
  readonly failed: number;
  readonly why: Readonly<Record<string, number>>;
  /** How often a phone in a call was rung. */
  readonly doubled: number;
  readonly resent: number;
  /** From an agent hanging up to the INVITE on his phone, of calls that had waited by then; null when none had. */
  readonly offerMs: Quantiles | null;
  /** From the caller's INVITE to the INVITE on an agent's phone, of calls that some agent was free for. */
  readonly arrivalMs: Quantiles | null;
  /** Share of the calls that waited for an agent. */
  readonly waited: number;
  /** CPU time of each part that works for this side, ÷ calls that agents had. */
  readonly cpuMsPerCall: Readonly<Partial<Record<Part, number>>>;
  /** Share of the machine that went to anything but this bench, 0 to 1. */
  readonly otherLoad: number;
}

export interface Measured {
  readonly side: Side;
  readonly members: number;
  readonly perSecond: number;
  readonly calls: number;
  readonly seen: Seen;
  /** CPU time, ms. */
  readonly spent: Readonly<Record<Part, number>>;
  readonly otherLoad: number;
}

export function runOf({ seen, spent, ...about }: Measured): Run {
  const { offers, talked, failed, doubled, resent } = seen;
  const why = Object.groupBy(failed, (reason) => reason);
  const waits = offers.flatMap((offer) => offerMs(offer) ?? []);
  return {
    ...about,
    talked,
    failed: about.calls - talked,
    why: Object.fromEntries(Object.entries(why).map(([reason, all]) => [reason, all?.length ?? 0])),
    doubled,
    resent,
    offerMs: quantiles(waits),
    arrivalMs: quantiles(offers.flatMap((offer) => arrivalMs(offer) ?? [])),
    waited: talked === 0 ? 0 : waits.length / talked,
    cpuMsPerCall: Object.fromEntries(WORKERS[about.side].map((part) => [part, spent[part] / Math.max(1, talked)])),
  };
}

/** An agent became free while this caller waited already. */
function offerMs({ at, freeSince, queuedAt }: Offer): number | null {
  if (freeSince === null || queuedAt === null || queuedAt > freeSince) return null;
  return at - freeSince;
}

/** The agent was free already when this caller rang in. */
function arrivalMs({ at, freeSince, invitedAt }: Offer): number | null {
  if (invitedAt === null || (freeSince ?? 0) > invitedAt) return null;
  return at - invitedAt;
}

function quantiles(values: readonly number[]): Quantiles | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  return p50 === null || p99 === null ? null : { p50, p99, count: sorted.length };
}

export const total = ({ cpuMsPerCall }: Run): number =>
  Object.values(cpuMsPerCall).reduce((sum, part) => sum + part, 0);

/** CPU time of Callwright and all that works for it ÷ that of app_queue; null when one of them had no call. */
export function cpuRatio(runs: readonly Run[], members: number): number | null {
  const of = (side: Side) => runs.find((run) => run.side === side && run.members === members);
  const [ours, native] = [of('callwright'), of('appQueue')];
  return ours?.talked && native?.talked ? total(ours) / total(native) : null;
}

/** The figures that goals are set for; null where there was nothing to measure. The times are those with the fewest agents. */
export function figuresOf(runs: readonly Run[]) {
  const offer = (side: Side) => runs.find((run) => run.side === side)?.offerMs ?? null;
  const [ours, native] = [offer('callwright'), offer('appQueue')];
  return {
    cpuRatio300: cpuRatio(runs, 300),
    cpuRatio2000: cpuRatio(runs, 2_000),
    offerP50Ms: ours?.p50 ?? null,
    offerP99Ms: ours?.p99 ?? null,
    appQueueOfferP50Ms: native?.p50 ?? null,
    appQueueOfferP99Ms: native?.p99 ?? null,
  };
}

/** The same calls for both sides: when each comes, ms from the start, and how long its talk is. */
export function errands(perSecond: number, seconds: number, talkMs: number) {
  const chance = mulberry32(SEED);
  const made: { readonly atMs: number; readonly talkMs: number }[] = [];
  for (let atMs = 0; atMs < seconds * 1_000; atMs += (-Math.log(1 - chance()) * 1_000) / perSecond) {
    made.push({ atMs, talkMs: Math.round(talkMs * (1 - TALK_SPREAD + 2 * TALK_SPREAD * chance())) });
  }
  return made;
}

const SEED = 20_261_122;
/** Talks are between so much less and so much more than the mean. */
const TALK_SPREAD = 0.5;

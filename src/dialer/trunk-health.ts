import type { EpochMs } from '../call/ids.ts';
import { sipText } from '../call/sip-response.ts';
import type { AttemptOutcome } from './outcome.ts';
import { freed, withLines } from './trunk-limits.ts';
import {
  destinationOf,
  type Trouble,
  type TrunkCare,
  type TrunkRule,
  type TrunksState,
  type TrunkState,
  trunkIn,
  withTrunk,
} from './trunk-state.ts';

/** What became of a call that `chooseTrunk` gave to a trunk. */
export type TrunkNews = {
  readonly number: string;
  /** When the trunk was chosen for it. */
  readonly startedAt: EpochMs;
} & (
  | {
      /** It rings, or was answered: the trunk carries calls. Holds its line until it has ended. */
      readonly type: 'alive';
    }
  | {
      /** Not dialled after all: the line and the call start are given back, and nothing is learned. */
      readonly type: 'not-dialled';
    }
  | {
      readonly type: 'ended';
      readonly outcome: AttemptOutcome;
      readonly sip: number | null;
      /** Retry-After of the response (RFC 3261 §20.33), when the switch tells it. */
      readonly retryAfterMs?: number | null;
    }
);

/** `failing` counts against destination and trunk, `doubtful` a little against the trunk alone. */
type Shown = 'alive' | 'failing' | 'doubtful' | 'nothing';

/** What outcomes say of the trunk. */
const SHOWS: Readonly<Record<AttemptOutcome, Shown>> = {
  connected: 'alive',
  abandoned: 'alive',
  machine: 'alive',
  'message-left': 'alive',
  fax: 'alive',
  silent: 'alive',
  busy: 'alive',
  'no-answer': 'alive',
  congestion: 'failing',
  failed: 'failing',
  rejected: 'nothing',
  unreachable: 'nothing',
  cancelled: 'nothing',
  // One is a lead's; a whole row of them is a trunk that misreads numbers, and would use up the list.
  'invalid-number': 'doubtful',
};

/** What the far end says as well as a trunk that refuses the account or the caller id, or is gone. */
const UNCLEAR = new Set([403, 408]);

const ACCOUNT_REFUSED = new Set([401, 407]);

function shown(outcome: AttemptOutcome, sip: number | null): Shown {
  if (sip !== null && UNCLEAR.has(sip)) return 'doubtful';
  const ours = sip !== null && (sip < 500 || sip >= 600) && !ACCOUNT_REFUSED.has(sip);
  return outcome === 'failed' && ours ? 'doubtful' : SHOWS[outcome];
}

/** Whether a call that ended so, and never rang, is the trunk's failure and no answer of whom it was for: another one may carry it. */
export const isTrunkFailure = (outcome: AttemptOutcome, sip: number | null): boolean =>
  shown(outcome, sip) === 'failing';

const POINTS: Readonly<Record<'failing' | 'doubtful', number>> = { failing: 1, doubtful: 1 / 3 };

/**
 * Learns from a call. Congestion (502–504, Q.850 34–44, the tones for no circuit) and an account that is refused count
 * against the destination, with a back-off that doubles, and against the trunk, which is dead after so many in a row. Whatever
 * rings, answers or is busy shows that both work, if the call began after the failure. Wrong numbers, requests that are
 * refused as such, 403 and 408 count a third against the trunk, and not against the destination. Refusals of people, devices
 * that are off and dials that we took back show nothing.
 */
export function trunkHeard(rule: TrunkRule, state: TrunksState, news: TrunkNews, now: EpochMs): TrunksState {
  const trunk = trunkIn(state, rule.name);
  const destination = destinationOf(rule, news.number);
  // A ring is of now; how a call ended speaks of the time when it began.
  const seen = { startedAt: news.startedAt, at: news.type === 'alive' ? now : news.startedAt };
  if (news.type === 'alive') return withTrunk(state, rule.name, healthy(trunk, destination, seen));
  const left = freed(rule, trunk, news.number, news.type === 'not-dialled' ? news.startedAt : null);
  if (news.type === 'not-dialled') return withTrunk(state, rule.name, probeOver(left, destination, news.startedAt));
  const shows = shown(news.outcome, news.sip);
  if (shows === 'alive') return withTrunk(state, rule.name, healthy(left, destination, seen));
  const over = probeOver(left, destination, news.startedAt);
  if (shows === 'nothing') return withTrunk(state, rule.name, over);
  const said = news.sip === null ? news.outcome : sipText(news.sip);
  const failure = { shows, said, startedAt: news.startedAt, retryAfterMs: news.retryAfterMs ?? 0 };
  return withTrunk(state, rule.name, failed(rule.care, over, destination, failure, now));
}

/** Lines that calls to these numbers hold already, as found after a restart. */
export const adoptLines = (rule: TrunkRule, state: TrunksState, numbers: readonly string[]): TrunksState =>
  withTrunk(state, rule.name, withLines(rule, trunkIn(state, rule.name), numbers));

/**
 * A call that began before the trouble says nothing of whether it is over, however long it talks. While a row of failures has
 * not led to anything yet, any sign of life since its first one ends it.
 */
function healthy(
  trunk: TrunkState,
  destination: string,
  { startedAt, at }: { readonly startedAt: EpochMs; readonly at: EpochMs },
): TrunkState {
  const over = ({ failures, since }: Trouble) => (failures > 0 ? startedAt > since : at >= since);
  const { [destination]: own, ...others } = trunk.troubles;
  const troubles = !own || over(own) ? others : trunk.troubles;
  const revived = trunk.dead ? startedAt > trunk.dead.since : at >= trunk.streakSince;
  return revived ? { ...trunk, streak: 0, dead: null, troubles } : { ...trunk, troubles };
}

/** A probe that showed nothing: the next call may try. */
function probeOver(trunk: TrunkState, destination: string, startedAt: EpochMs): TrunkState {
  const open = (trouble: Trouble): Trouble => (trouble.probeAt === startedAt ? { ...trouble, probeAt: null } : trouble);
  const own = trunk.troubles[destination];
  const troubles = own ? { ...trunk.troubles, [destination]: open(own) } : trunk.troubles;
  return { ...trunk, dead: trunk.dead && open(trunk.dead), troubles };
}

interface Failure {
  readonly shows: 'failing' | 'doubtful';
  readonly said: string;
  readonly startedAt: EpochMs;
  readonly retryAfterMs: number;
}

function failed(care: TrunkCare, trunk: TrunkState, destination: string, failure: Failure, now: EpochMs): TrunkState {
  const streak = trunk.streak + POINTS[failure.shows];
  const streakSince = trunk.streak === 0 ? now : trunk.streakSince;
  // Thirds do not add up to a whole exactly.
  const isDead = trunk.dead !== null || streak >= care.deadAfter - 0.01;
  const dead = isDead ? worse(trunk.dead ?? undefined, failure, now, 1, () => care.probeEveryMs) : null;
  if (failure.shows === 'doubtful') return { ...trunk, streak, streakSince, dead };
  const own = worse(trunk.troubles[destination], failure, now, care.backOffAfter, (failures) =>
    Math.min(care.backOffMostMs, care.backOffMs * 2 ** (failures - 1)),
  );
  return { ...trunk, streak, streakSince, dead, troubles: { ...trunk.troubles, [destination]: own } };
}

/**
 * One failure more; the first ones pass, unless the trunk itself asks to be left alone. Calls that had begun before the
 * trouble was known do not make it worse: twenty at once are one.
 */
function worse(
  known: Trouble | undefined,
  { said, startedAt, retryAfterMs }: Failure,
  now: EpochMs,
  after: number,
  backOff: (failures: number) => number,
): Trouble {
  if (known && known.failures > 0 && startedAt <= known.since) {
    return { ...known, until: Math.max(known.until, now + retryAfterMs) };
  }
  const passed = known?.passed ?? 0;
  if (passed + 1 < after && retryAfterMs === 0 && (known?.failures ?? 0) === 0) {
    return { passed: passed + 1, failures: 0, since: known?.since ?? now, until: now, probeAt: null, said };
  }
  const failures = (known?.failures ?? 0) + 1;
  const until = now + Math.max(backOff(failures), retryAfterMs);
  return { passed, failures, since: now, until, probeAt: null, said };
}

import type { EpochMs } from '../call/ids.ts';

/** A number that a campaign may show. */
interface CallerId {
  /** E.164. */
  readonly number: string;
  /** Beginnings of called numbers that it is a neighbour of, `+3589`; empty: it stands for the whole pool. */
  readonly areas: readonly string[];
}

export interface CallerIdPool {
  readonly numbers: readonly CallerId[];
  readonly rest: RestRule;
}

/**
 * When a number is rested: it may have been marked as spam somewhere on the way. It is compared with the numbers of the very
 * same areas alone, which call the same people in turn; another area has other people.
 */
export interface RestRule {
  /** Dials of a number before it is judged. At least 1. */
  readonly minDials: number;
  /** Rested when even the upper bound of its answer rate (Wilson, 95 % one-sided) is under this share of its peers' rate. */
  readonly below: number;
  readonly restMs: number;
  /** What was seen counts half after this time. */
  readonly halfLifeMs: number;
}

export const PLAIN_REST: RestRule = {
  minDials: 50,
  below: 0.6,
  restMs: 24 * 3_600_000,
  halfLifeMs: 24 * 3_600_000,
};

interface Seen {
  /** Dials and answers, those of long ago counted less. */
  readonly dials: number;
  readonly answers: number;
  readonly at: EpochMs;
  /** Its place in the rotation: who has waited longest has the smallest. One that was rested does not catch up. */
  readonly turn: number;
  readonly restedUntil: EpochMs | null;
}

/** By caller id. Plain data: it may be written down and read again. */
export type CallerIdState = Readonly<Record<string, Seen>>;

export type CallerIdChoice =
  | { readonly ok: true; readonly callerId: string; readonly why: string; readonly state: CallerIdState }
  | { readonly ok: false; readonly because: string };

/**
 * The number to show: of those that the rules allow and that are not rested, the ones whose area fits the called number best,
 * in rotation. `refusal` is asked for each number (the profile's rules: reachable, not withheld, of the seller) and answers why
 * it may not be shown, or null.
 */
export function chooseCallerId(
  { numbers }: CallerIdPool,
  state: CallerIdState,
  called: string,
  refusal: (callerId: string) => string | null,
  now: EpochMs,
): CallerIdChoice {
  const near = numbers.flatMap((id) => {
    const fit = fitOf(id, called);
    return fit === null ? [] : [{ id, fit }];
  });
  if (near.length === 0) return { ok: false, because: 'The pool has no number for the area that is called.' };
  const refusals = near.map(({ id }) => refusal(id.number));
  const allowed = near.filter((_, i) => refusals[i] === null);
  if (allowed.length === 0) return { ok: false, because: refusals.find((why) => why !== null) ?? '' };
  const awake = allowed.filter(({ id }) => (state[id.number]?.restedUntil ?? 0) <= now);
  if (awake.length === 0) return { ok: false, because: 'Each number that may be shown there is rested.' };
  const best = Math.max(...awake.map(({ fit }) => fit));
  const fitting = awake.filter(({ fit }) => fit === best).map(({ id }) => id);
  const least = Math.min(...fitting.map(({ number }) => state[number]?.turn ?? 0));
  const callerId = fitting.find(({ number }) => (state[number]?.turn ?? 0) === least)?.number ?? '';
  const why =
    best === 0 ? 'A number of the whole pool, in turn.' : `A number of the area ${called.slice(0, best)}, in turn.`;
  return { ok: true, callerId, why, state: turned(state, callerId, now) };
}

/** The length of the longest area that fits; null: none does. */
function fitOf({ areas }: CallerId, called: string): number | null {
  if (areas.length === 0) return 0;
  const fitting = areas.filter((area) => called.startsWith(area)).map((area) => area.length);
  return fitting.length === 0 ? null : Math.max(...fitting);
}

const unseen = (now: EpochMs): Seen => ({ dials: 0, answers: 0, at: now, turn: 0, restedUntil: null });

function turned(state: CallerIdState, callerId: string, now: EpochMs): CallerIdState {
  const last = Math.max(0, ...Object.values(state).map(({ turn }) => turn));
  return { ...state, [callerId]: { ...(state[callerId] ?? unseen(now)), turn: last + 1 } };
}

/**
 * Learns how a call ended that showed this number; `answered`: by a person or a machine, since both pick up who is not filtered.
 * Dials that say nothing of it (wrong numbers, congestion, those that we took back) are not to be told. A number whose rest
 * is over begins anew.
 */
export function callerIdHeard(
  pool: CallerIdPool,
  state: CallerIdState,
  heard: { readonly callerId: string; readonly answered: boolean },
  now: EpochMs,
): CallerIdState {
  const id = pool.numbers.find(({ number }) => number === heard.callerId);
  if (!id) return state;
  const { rest } = pool;
  const before = state[id.number] ?? unseen(now);
  const old = before.restedUntil !== null && before.restedUntil <= now ? { ...unseen(now), turn: before.turn } : before;
  const faded = fade(old, rest, now);
  const seen = { ...faded, dials: faded.dials + 1, answers: faded.answers + (heard.answered ? 1 : 0) };
  const next = { ...state, [id.number]: seen };
  if (seen.restedUntil !== null || !isFarUnder(pool, next, id, now)) return next;
  return { ...next, [id.number]: { ...seen, restedUntil: now + rest.restMs } };
}

function fade(seen: Seen, { halfLifeMs }: RestRule, now: EpochMs): Seen {
  const left = 0.5 ** (Math.max(0, now - seen.at) / halfLifeMs);
  return { ...seen, dials: seen.dials * left, answers: seen.answers * left, at: now };
}

const peersOf = ({ numbers }: CallerIdPool, id: CallerId): readonly CallerId[] => {
  const areas = id.areas.toSorted().join(' ');
  return numbers.filter((other) => other.number !== id.number && other.areas.toSorted().join(' ') === areas);
};

/** At least half of the numbers of an area stay in use, whatever is measured. */
function isFarUnder(pool: CallerIdPool, state: CallerIdState, id: CallerId, now: EpochMs): boolean {
  const { rest } = pool;
  const own = state[id.number] ?? unseen(now);
  const peers = peersOf(pool, id);
  const awake = peers.filter(({ number }) => (state[number]?.restedUntil ?? 0) <= now);
  if (own.dials < rest.minDials || awake.length < Math.ceil((peers.length + 1) / 2)) return false;
  const others = awake.map(({ number }) => fade(state[number] ?? unseen(now), rest, now));
  const dials = others.reduce((sum, seen) => sum + seen.dials, 0);
  const answers = others.reduce((sum, seen) => sum + seen.answers, 0);
  return dials >= rest.minDials && upperBound(own) < rest.below * (answers / dials);
}

/** Quantile of the normal distribution, one-sided 95 %. */
const Z = 1.645;

/** Upper bound of a share (Wilson 1927). */
function upperBound({ dials, answers }: Seen): number {
  const share = answers / dials;
  const spread = Z * Math.sqrt((share * (1 - share)) / dials + (Z * Z) / (4 * dials * dials));
  return (share + (Z * Z) / (2 * dials) + spread) / (1 + (Z * Z) / dials);
}

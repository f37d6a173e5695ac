import type { EpochMs } from '../call/ids.ts';

export interface FinishFacts {
  readonly now: EpochMs;
  /** Leads that are not done. */
  readonly leads: number;
  readonly done: number;
  /** Dials so far. */
  readonly dials: number;
  readonly maxAttempts: number;
  readonly retryAfterMs: number;
  /** How many dials each piece of the last minutes had. */
  readonly pace: readonly { readonly ms: number; readonly dials: number }[];
  /** Call starts per second that are allowed. */
  readonly cps: number;
  readonly lines: number;
  /** How long a dial holds a line on average, ms; null: not known yet. */
  readonly lineMs: number | null;
  /** The latest time that a lead waits for; null: none waits. */
  readonly lastDueAt: EpochMs | null;
  /** Of those not done, the fewest dials that one had. */
  readonly leastAttempts: number;
  /** Hours in which somebody may be dialled, as a preflight told; null: nobody asked for one, every hour is taken. */
  readonly hours: readonly { readonly at: EpochMs; readonly leads: number }[] | null;
}

export interface Finish {
  /** In about one case of ten it is done before. */
  readonly low: EpochMs;
  readonly likely: EpochMs;
  /** In about one case of ten it takes longer. */
  readonly high: EpochMs;
}

const ENOUGH_DIALS = 20;
const ENOUGH_MS = 60_000;
/** Of the normal distribution: a tenth lies beyond. */
const TENTH = 1.2816;
const HOUR_MS = 3_600_000;
/** However uneven the pace was, the slow end is not taken for slower than so much of it. */
const SLOWEST = 0.2;

/**
 * When the last lead will be done, from the pace of the last minutes and its spread, and from how many dials a lead takes. Never
 * before the lines and call starts would let one dial of each lead be made, nor before the last time that a lead waits for. Null:
 * there were fewer than 20 dials in the last minutes, or less than a minute was seen.
 */
export function finishOf(facts: FinishFacts): Finish | null {
  const { now, leads, hours, lastDueAt } = facts;
  const pace = paceOf(facts.pace);
  if (leads === 0 || pace === null) return null;
  const perLead = dialsALead(facts);
  const needed = { low: leads * perLead.low, likely: leads * perLead.likely, high: leads * perLead.high };
  const least = leads / mostPerMs(facts);
  const at = (dials: number, perMs: number, tailMs: number): EpochMs => {
    const ms = Math.max(dials / perMs, least);
    return Math.ceil(Math.max(laidOver(hours, now, ms), now + tailMs, lastDueAt ?? 0));
  };
  const tail = tailOf(facts, perLead.finishing);
  const low = at(needed.low, pace.perMs * (1 + TENTH * pace.spread), 0);
  const likely = Math.max(low, at(needed.likely, pace.perMs, tail.likely));
  const slow = pace.perMs * Math.max(SLOWEST, 1 - TENTH * pace.spread);
  return { low, likely, high: Math.max(likely, at(needed.high, slow, tail.high)) };
}

/** Dials per ms, and the standard error of it as a share: of the pieces, or of the count when that tells of more. */
function paceOf(pieces: FinishFacts['pace']) {
  const ms = pieces.reduce((sum, piece) => sum + piece.ms, 0);
  const dials = pieces.reduce((sum, piece) => sum + piece.dials, 0);
  if (ms < ENOUGH_MS || dials < ENOUGH_DIALS) return null;
  const perMs = dials / ms;
  const squares = pieces.reduce((sum, piece) => sum + piece.ms * (piece.dials / piece.ms - perMs) ** 2, 0);
  const ofPieces = squares / ms / perMs ** 2 / Math.max(1, pieces.length - 1);
  return { perMs, spread: Math.sqrt(Math.max(ofPieces, 1 / dials)) };
}

/** Dials that a lead takes: one after the other until one finishes it or its attempts are used up. */
function dialsALead({ done, dials, maxAttempts }: FinishFacts) {
  const finishing = Math.min(1, (done + 0.5) / (dials + 1));
  const sd = Math.sqrt((finishing * (1 - finishing)) / (dials + 1));
  const of = (share: number) => (share <= 0.001 ? maxAttempts : (1 - (1 - share) ** maxAttempts) / share);
  return {
    finishing,
    low: of(Math.min(1, finishing + TENTH * sd)),
    likely: of(finishing),
    high: of(Math.max(0, finishing - TENTH * sd)),
  };
}

/** What lines and call starts allow, dials per ms. */
const mostPerMs = ({ cps, lines, lineMs }: FinishFacts): number =>
  Math.min(cps / 1_000, lineMs === null || lineMs <= 0 ? Infinity : lines / lineMs);

/** Who uses up all attempts is done no sooner than the pauses between them are over. */
function tailOf({ leads, maxAttempts, retryAfterMs, leastAttempts }: FinishFacts, finishing: number) {
  const left = Math.max(0, maxAttempts - 1 - leastAttempts);
  const toTheEnd = leads * (1 - finishing) ** left;
  const ms = left * retryAfterMs;
  return { likely: toTheEnd >= 1 ? ms : 0, high: toTheEnd >= 0.1 ? ms : 0 };
}

/** So many ms of dialling from now on, in the hours in which somebody may be dialled; after the last known one they go on. */
function laidOver(hours: FinishFacts['hours'], now: EpochMs, ms: number): EpochMs {
  let left = ms;
  let at = now;
  for (const { at: begins, leads } of hours ?? []) {
    const ends = (Math.floor(begins / HOUR_MS) + 1) * HOUR_MS;
    const from = Math.max(at, begins);
    if (ends <= from) continue;
    if (leads > 0 && left <= ends - from) return from + left;
    if (leads > 0) left -= ends - from;
    at = ends;
  }
  return at + left;
}

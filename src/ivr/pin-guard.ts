import type { EpochMs } from '../call/ids.ts';

/** What is remembered of wrong PINs, per account: whether the account exists makes no difference to it. */
export interface PinRow {
  /** Wrong tries that may still count, oldest first. */
  readonly tries: readonly EpochMs[];
  /** Locks since the last right PIN; each makes the next one twice as long. */
  readonly locks: number;
  /** Locked before this time; 0 when it never was. */
  readonly lockedUntil: EpochMs;
  /** From here on the row says no more than `UNTRIED` does. */
  readonly forgetAt: EpochMs;
}

export type PinVerdict = 'ok' | 'wrong' | 'locked';

/** An account that nobody has guessed at. */
export const UNTRIED: PinRow = { tries: [], locks: 0, lockedUntil: 0, forgetAt: 0 };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MOST_TRIES = 5;
const WINDOW_MS = 15 * MINUTE_MS;
const FIRST_LOCK_MS = 15 * MINUTE_MS;
const LONGEST_LOCK_MS = DAY_MS;
/** Without it, somebody who mistypes once a year would end at a day's lock. */
const LOCKS_FORGOTTEN_AFTER_MS = 30 * DAY_MS;

/**
 * One try at an account's PIN. The fifth wrong one within 15 min locks it: for 15 min, then 30, 60 … at most 24 h, so that
 * the guesses of all calls together come to some five a day. During a lock the right PIN is `locked` too, or a guesser could
 * tell it from the others. A right PIN clears everything (NIST SP 800-63B, 5.2.2).
 */
export function pinTry(
  row: PinRow,
  correct: boolean,
  now: EpochMs,
): { readonly row: PinRow; readonly verdict: PinVerdict } {
  const known = now < row.forgetAt ? row : UNTRIED;
  if (now < known.lockedUntil) return { row: known, verdict: 'locked' };
  if (correct) return { row: UNTRIED, verdict: 'ok' };
  const tries = [...known.tries.filter((at) => now - at < WINDOW_MS), now];
  if (tries.length >= MOST_TRIES) return { row: locked(known.locks, now), verdict: 'locked' };
  return { row: { ...known, tries, forgetAt: Math.max(known.forgetAt, now + WINDOW_MS) }, verdict: 'wrong' };
}

function locked(locks: number, now: EpochMs): PinRow {
  const lockedUntil = now + Math.min(FIRST_LOCK_MS * 2 ** locks, LONGEST_LOCK_MS);
  return { tries: [], locks: locks + 1, lockedUntil, forgetAt: lockedUntil + LOCKS_FORGOTTEN_AFTER_MS };
}

/** Waits between the tries of one message, ms; the last one is repeated until the day is over. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000];
const DAY_MS = 86_400_000;
/** Part of a wait that chance decides, so that messages which failed together do not come back together. */
const JITTER = 0.2;

/**
 * When a message that was not taken is sent again, in whole ms; null: it has been tried for 24 h and is a dead letter.
 *
 * @param tries how often it was sent, 1 after the first time.
 * @param askedMs what the receiver asked for (`Retry-After`); it is given that time, at most an hour.
 * @param chance 0 up to 1.
 */
export function nextTryAt(
  { tries, firstAt }: { readonly tries: number; readonly firstAt: number },
  now: number,
  chance: number,
  askedMs = 0,
): number | null {
  if (now - firstAt >= DAY_MS) return null;
  const usual = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0;
  const wait = Math.round(usual * (1 - JITTER / 2 + JITTER * chance));
  return Math.min(now + Math.max(wait, Math.min(askedMs, 3_600_000)), Math.max(now + 1, firstAt + DAY_MS));
}

import type { EpochMs } from '../../call/ids.ts';
import type { AttemptCap } from './profile.ts';

/** Dials of one number by all campaigns, oldest first; `[]` at the beginning. Plain data, to be kept in a store. */
export type AttemptTimes = readonly EpochMs[];

export type CapVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly cap: AttemptCap; readonly until: EpochMs };

/**
 * May the number be dialled once more? A dial counts for exactly `withinMs` and no longer, whatever days and clock changes
 * lie between. `until` is when all caps would allow it again, if nobody dials it meanwhile.
 */
export function capVerdict(caps: readonly AttemptCap[], times: AttemptTimes, now: EpochMs): CapVerdict {
  let worst: { cap: AttemptCap; until: EpochMs } | null = null;
  for (const cap of caps) {
    const until = freeAt(cap, times, now);
    if (until > now && (worst === null || until > worst.until)) worst = { cap, until };
  }
  return worst === null ? { ok: true } : { ok: false, ...worst };
}

/** When the dial that is `most` back no longer counts. Dials of the future (a clock set back) count from now. */
function freeAt({ most, withinMs }: AttemptCap, times: AttemptTimes, now: EpochMs): EpochMs {
  const counted = times.filter((at) => now - at < withinMs);
  const blocking = counted[counted.length - most];
  return blocking === undefined ? now : Math.min(blocking, now) + withinMs;
}

/** Notes a dial in its place and forgets those that no cap counts any more. */
export function noteAttempt(times: AttemptTimes, at: EpochMs, caps: readonly AttemptCap[]): AttemptTimes {
  const longest = Math.max(0, ...caps.map(({ withinMs }) => withinMs));
  const all = [...times, at].toSorted((a, b) => a - b);
  const newest = all.at(-1) ?? at;
  return all.filter((each) => newest - each < longest);
}

import type { EpochMs } from '../call/ids.ts';

/**
 * Call starts that still count against a limit, oldest first; `[]` at the beginning. A bucket of tokens of which each comes
 * back one second after it was taken: unlike a bucket that refills evenly it never lets more than its size through in any
 * second, whichever second one looks at, and still allows the full rate.
 */
export type Starts = readonly { readonly at: EpochMs; readonly count: number }[];

/** A campaign or a trunk, as something that limits dialling. */
export interface Limit {
  /** As the floor calls it, e.g. `Trunk north`. */
  readonly title: string;
  readonly lines: number;
  /** Lines held, those of dials that are just being started included. */
  readonly linesInUse: number;
  /** Call starts per second. Below 1 it stretches the second: 0.5 is one start in two seconds. */
  readonly cps: number;
  readonly starts: Starts;
}

export interface Clipped {
  readonly launch: number;
  /** What holds the dialler back; null when it may dial all it wants. */
  readonly because: string | null;
  /** Starts of the campaign and of the trunk, with these launches already taken. */
  readonly campaign: Starts;
  readonly trunk: Starts;
}

/** How many of the wanted dials may start now, under the lines and call starts per second of both campaign and trunk. */
export function clip(wanted: number, limits: { campaign: Limit; trunk: Limit }, now: EpochMs): Clipped {
  let launch = Math.max(0, Math.floor(wanted));
  let because: string | null = null;
  for (const { room, why } of [...rooms(limits.campaign, now), ...rooms(limits.trunk, now)]) {
    if (room >= launch) continue;
    launch = room;
    because = why;
  }
  return {
    launch,
    because,
    campaign: take(limits.campaign, launch, now),
    trunk: take(limits.trunk, launch, now),
  };
}

/** Puts back what was taken for dials that did not start after all, because fewer leads were due. */
export function giveBack(starts: Starts, count: number): Starts {
  const kept = [...starts];
  let left = count;
  while (left > 0) {
    const newest = kept.pop();
    if (!newest) break;
    if (newest.count > left) kept.push({ at: newest.at, count: newest.count - left });
    left -= newest.count;
  }
  return kept;
}

/** Puts back the start of one dial, taken at that time or just before; a later one belongs to another. */
export function undone(starts: Starts, startedAt: EpochMs): Starts {
  const earlier = starts.filter(({ at }) => at <= startedAt);
  return [...giveBack(earlier, 1), ...starts.slice(earlier.length)];
}

/** The starts with one more, whether there was room for it or not. */
export const oneMore = (limit: Limit, now: EpochMs): Starts => take(limit, 1, now);

function rooms(limit: Limit, now: EpochMs): readonly { room: number; why: string }[] {
  const { title, lines, linesInUse, cps } = limit;
  const started = live(limit, now).reduce((sum, start) => sum + start.count, 0);
  return [
    { room: Math.max(0, lines - linesInUse), why: `${title} has ${linesInUse} of its ${lines} lines in use.` },
    {
      room: Math.max(0, sizeOf(cps) - started),
      why: `${title} may start ${cps} ${cps === 1 ? 'call' : 'calls'} per second.`,
    },
  ];
}

const sizeOf = (cps: number) => (cps > 0 ? Math.max(1, Math.floor(cps)) : 0);

const periodOf = (cps: number) => (cps > 0 && cps < 1 ? 1000 / cps : 1000);

/** Starts that have not come back yet. One from the future means the clock was set back: it counts from now. */
function live({ starts, cps }: Limit, now: EpochMs): Starts {
  return starts
    .map((start) => (start.at > now ? { ...start, at: now } : start))
    .filter((start) => now - start.at < periodOf(cps));
}

function take(limit: Limit, count: number, now: EpochMs): Starts {
  const starts = live(limit, now);
  return count > 0 ? [...starts, { at: now, count }] : starts;
}

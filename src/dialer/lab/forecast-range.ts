import type { Scenario } from './scenario.ts';
import type { DayResult } from './tally.ts';

/** From the lower to the upper tenth of the runs. Shares from 0 to 1, seconds from the start. */
export interface Range {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** What calls came to, as a law counts them; not whole ones where a run was taken to go on. */
export interface Counted {
  readonly persons: number;
  readonly connected: number;
  readonly connectedToMachine: number;
  /** Whoever waited too long, machines among them. */
  readonly abandoned: number;
  readonly machinesDropped: number;
  readonly takenForMachine: number;
}

/** The beginning of a campaign that was lived: its books after a third of the time, and at the end. */
export interface Piece {
  readonly day: Scenario;
  readonly early: DayResult;
  readonly late: DayResult;
}

/** A campaign from its first dial to its last, the list done or not. */
interface Whole {
  readonly utilisation: number;
  readonly abandonment: number;
  /** Infinity: it never ends. */
  readonly finishSec: number;
}

/**
 * What was not lived goes on as it was once the run had learned: from a third of it on. The cap that kept what was lived keeps
 * what was not.
 */
export function wholeOf({ day, early, late }: Piece, mostSec: number, rate: (counted: Counted) => number): Whole {
  const counted = countedIn(late);
  const lived = { utilisation: late.utilisation ?? 0, abandonment: rate(counted) };
  if (late.finishedAt !== null) return { ...lived, finishSec: late.finishedAt };
  const steadySec = Math.max(1, late.seconds - early.seconds);
  const launched = late.totals.launched - early.totals.launched;
  const left = day.leads - late.totals.launched;
  const finishSec = launched === 0 ? Number.POSITIVE_INFINITY : late.seconds + (left * steadySec) / launched;
  const moreSec = Math.max(0, Math.min(finishSec, mostSec) - late.seconds);
  const times = moreSec / steadySec;
  const busySec = ({ utilisation, seconds }: DayResult) => (utilisation ?? 0) * seconds;
  const busy = busySec(late) + times * (busySec(late) - busySec(early));
  const goesOn = rate(more(counted, countedIn(early), times));
  return {
    utilisation: busy / Math.max(1, late.seconds + moreSec),
    abandonment: Math.min(goesOn, Math.max(day.cap, lived.abandonment)),
    finishSec,
  };
}

const countedIn = ({ persons, totals, machinesTalked, machinesDropped }: DayResult): Counted => ({
  persons,
  connected: totals.connected,
  connectedToMachine: machinesTalked,
  abandoned: totals.abandoned,
  machinesDropped,
  takenForMachine: totals.machine,
});

/** `late`, and so many times what came since `early`. */
function more(late: Counted, early: Counted, times: number): Counted {
  const goesOn = (key: keyof Counted) => late[key] + times * (late[key] - early[key]);
  return {
    persons: goesOn('persons'),
    connected: goesOn('connected'),
    connectedToMachine: goesOn('connectedToMachine'),
    abandoned: goesOn('abandoned'),
    machinesDropped: goesOn('machinesDropped'),
    takenForMachine: goesOn('takenForMachine'),
  };
}

/** Each of n runs stands for the middle of its n-th of all chances (Hazen's plotting positions, 1914). */
export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = Math.min(sorted.length - 1, Math.max(0, share * sorted.length - 0.5));
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? below;
    return below === above ? below : below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.1), middle: at(0.5), high: at(0.9) };
}

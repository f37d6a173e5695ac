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
  /** Lines in use ÷ agents, its mean. */
  readonly level: number;
  /** Infinity: it never ends. */
  readonly finishSec: number;
}

/**
 * What was not lived goes on as it was once the run had learned: from a third of it on; and who is out at its end, ends. The cap
 * that kept what was lived keeps what was not.
 */
export function wholeOf({ day, early, late }: Piece, mostSec: number, rate: (counted: Counted) => number): Whole {
  const counted = countedIn(late);
  const lived = { utilisation: late.utilisation ?? 0, abandonment: rate(counted), level: late.level ?? 0 };
  if (late.finishedAt !== null) return { ...lived, finishSec: late.finishedAt };
  const steadySec = Math.max(1, late.seconds - early.seconds);
  const launched = late.totals.launched - early.totals.launched;
  const toDial = day.leads - late.totals.launched;
  const dialsSec = launched === 0 ? Number.POSITIVE_INFINITY : (toDial * steadySec) / launched;
  const moreSec = Math.max(0, Math.min(dialsSec, mostSec - late.seconds));
  const times = moreSec / steadySec;
  const isDone = late.seconds + dialsSec <= mostSec;
  const left = isDone ? late.left : { sec: 0, busySec: 0 };
  const goesOn = rate(more(counted, countedIn(early), times));
  // Who is out at the end holds a line and an agent, or the flow, alike.
  const meanOf = (of: 'utilisation' | 'level') => {
    const sum = (result: DayResult) => (result[of] ?? 0) * result.seconds;
    const all = sum(late) + times * (sum(late) - sum(early)) + left.busySec / Math.max(1, day.agents);
    return all / Math.max(1, late.seconds + moreSec + left.sec);
  };
  return {
    utilisation: Math.min(1, meanOf('utilisation')),
    abandonment: Math.min(goesOn, Math.max(day.cap, lived.abandonment)),
    level: meanOf('level'),
    finishSec: late.seconds + dialsSec + late.left.sec,
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

/** Student's t: a tenth lies beyond, by the degrees of freedom. */
const TENTH_BY_FREEDOM = [3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372];
const TENTH = 1.2816;

/** What is told is a tenth wider than what chance alone does: the lab leaves out more than it has. */
const WIDER = 1.1;

/**
 * Between what another run would be in eight cases of ten, from what a few of them were: the mean and its prediction interval by
 * Student's t (W. S. Gosset, 1908), since the extremes of seven runs hold only seven of ten others.
 */
export function rangeOf(values: readonly number[], [least, most]: readonly [number, number]): Range {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const t = TENTH_BY_FREEDOM[n - 2] ?? TENTH;
  const half = n < 2 ? 0 : WIDER * t * Math.sqrt((squares / (n - 1)) * (1 + 1 / n));
  const within = (value: number) => Math.min(most, Math.max(least, value));
  return { low: within(mean - half), middle: within(mean), high: within(mean + half) };
}

/** As `rangeOf`, of times: twice as long is as likely as half as long. Where a run never ends, the range has no end. */
export function timesOf(values: readonly number[]): Range {
  const ends = values.filter((value) => value < Number.POSITIVE_INFINITY);
  const never = Number.POSITIVE_INFINITY;
  if (ends.length <= values.length / 2) return { low: never, middle: never, high: never };
  const { low, middle, high } = rangeOf(ends.map(Math.log), [-never, never]);
  return { low: Math.exp(low), middle: Math.exp(middle), high: ends.length < values.length ? never : Math.exp(high) };
}

interface SeenShare {
  readonly hits: number;
  readonly dials: number;
  /** One standard deviation of it that more dials would not mend. */
  readonly doubt: number;
}

/** The share that will be seen in so many dials, where it was seen in others: by the normal approximation. */
export function shareOf({ hits, dials: seen, doubt }: SeenShare, dials: number): Range {
  const mean = (hits + 0.5) / (seen + 1);
  const chance = mean * (1 - mean) * (1 / (seen + 2) + 1 / Math.max(1, dials));
  const half = WIDER * TENTH * Math.sqrt(chance + doubt ** 2);
  return { low: Math.max(0, mean - half), middle: mean, high: Math.min(1, mean + half) };
}

/** A campaign that wants one of the agents it shares with others. */
export interface Contender {
  readonly id: string;
  /** Its part of the agents' time, beside those of the others; 1 when nothing is said. */
  readonly weight: number;
  /** Agents it has now: in talk and wrap-up, and those that its dials will want. */
  readonly has: number;
  /** Agents it had lately, on average. */
  readonly had: number;
}

/**
 * Whose turn an idle agent is: of who has and had least for his weight. What it has now evens out many agents at once, what it
 * had lately evens out the time of few, so that one agent alone goes from one to the other (stride scheduling, Waldspurger
 * and Weihl 1995, with a memory that fades). Undefined: nobody wants him.
 */
export function turnOf(contenders: readonly Contender[]): Contender | undefined {
  let best = contenders[0];
  for (const each of contenders) if (best && isBefore(each, best)) best = each;
  return best;
}

function isBefore(a: Contender, b: Contender): boolean {
  const [of, than] = [claim(a), claim(b)];
  return of === than ? a.id < b.id : of < than;
}

/** What was had counts so much more than what it has: dials that ring are no talks yet, and some campaigns have more of them. */
const PULL = 4;

const claim = ({ weight, has, had }: Contender): number => (has + PULL * had) / weight;

/** Time in which what was had is forgotten to a third, ms: long beside a talk, short beside a shift. */
const FADES_MS = 15 * 60_000;

/** How many agents were had lately, on average: an exponentially weighted mean over time. */
export interface Had {
  readonly mean: number;
  readonly at: number;
}

/** The mean at `now`, when `count` agents were had since it was last told. */
export function hadAt({ mean, at }: Had, count: number, now: number): Had {
  const kept = Math.exp(-Math.max(0, now - at) / FADES_MS);
  return { mean: count + (mean - count) * kept, at: now };
}

import { BIN_SEC, type StageHazard } from './ring-hazard.ts';

const TIMES = 5; // people may all at once answer so many times as readily: another list, another hour
const MOST_ANSWER = 0.65; // no list is better than that
const TOLD_BY = 0.2; // the share of answers by which a change shows itself
const TOLD_SURELY_BY = 0.4; // and by which it has done so without fail
const REACTION_SEC = 0.5;
const RATE_SEC = 20; // what was dialled this long ago weighs 1/e
const HELD_SEC = 900; // how slowly it is given up: after one change another is likely, and little is known of the new list
const MEAN = 0.9; // of how many answer: dials come in waves, and what was learned is wrong for a while
const SPREAD = 2; // standard deviations of how many answer

/**
 * How many callers a sudden change would cost. What is dialled before it shows itself cannot be undone: nobody answers in the
 * first seconds, and a call may not be taken back before its minimum ring. So it is held back from what may be abandoned.
 */
export class Surge {
  /** Persons lost, were people to answer five times as readily from now on. */
  losses = 0;
  /** The odds that a dial is answered then, over those of now; and the age by which a dial has told of it. */
  odds = 1;
  toldSec = 0;
  #launched = 0;
  #perSec = 0;

  launched(): void {
    this.#launched += 1;
  }

  /** `sec` have passed, in which `answerRate` was the share of dials that persons answered. */
  look(sec: number, answerRate: number, ring: StageHazard): void {
    const keep = Math.exp(-sec / RATE_SEC);
    this.#perSec = keep * this.#perSec + ((1 - keep) * this.#launched) / sec;
    this.#launched = 0;
    const then = Math.max(answerRate, Math.min(TIMES * answerRate, MOST_ANSWER));
    this.odds = oddsOf(then) / oddsOf(answerRate);
    this.toldSec = toldAfter(ring, TOLD_SURELY_BY) + REACTION_SEC;
    const answers = this.#perSec * (toldAfter(ring, TOLD_BY) + REACTION_SEC) * (then - answerRate);
    const lost = MEAN * answers + SPREAD * Math.sqrt(answers);
    this.losses = Math.max(lost, this.losses * Math.exp(-sec / HELD_SEC));
  }
}

const oddsOf = (chance: number): number => Math.max(1e-9, chance) / Math.max(1e-9, 1 - chance);

/** The age by which that share of those who answer have done so, in seconds. */
function toldAfter({ hitBefore, bins }: StageHazard, share: number): number {
  const enough = share * hitBefore[bins]!;
  let bin = 0;
  while (bin < bins && hitBefore[bin]! < enough) bin += 1;
  return bin * BIN_SEC;
}

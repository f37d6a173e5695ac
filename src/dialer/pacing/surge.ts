import { BIN_SEC, type StageHazard } from './ring-hazard.ts';

const TIMES = 5; // people may all at once answer so many times as readily: another list, another hour
const MOST_ANSWER = 0.65; // no list is better than that
const TOLD_BY = 0.2; // the share of answers by which a change shows itself
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
    const more = Math.max(0, Math.min(TIMES * answerRate, MOST_ANSWER) - answerRate);
    const answers = this.#perSec * (toldAfter(ring) + REACTION_SEC) * more;
    const lost = MEAN * answers + SPREAD * Math.sqrt(answers);
    this.losses = Math.max(lost, this.losses * Math.exp(-sec / HELD_SEC));
  }
}

/** The age by which enough of those who answer have done so. */
function toldAfter({ hitBefore, bins }: StageHazard): number {
  const enough = TOLD_BY * hitBefore[bins]!;
  let bin = 0;
  while (bin < bins && hitBefore[bin]! < enough) bin += 1;
  return bin * BIN_SEC;
}

/** Width of a bin of age, in seconds. */
export const BIN_SEC = 0.5;

const FORGET_CALLS = 3000; // what calls did this many launches ago weighs 1/e
const PRIOR_HAZARD = 0.035; // a bin's chance of an answer before anything is known: half of all dials, so that nothing is overdialled
const PRIOR_CALLS = 15; // how many calls must have reached an age before the others speak for it
const HINT = 0.1; // what a call that ended says about ages it never reached, and one that rings about twice its own
const HALF = 0.5; // of the bin that a call is in now it has passed half, in the mean (the actuarial estimate: Cutler and Ederer 1958)
const KEPT_CALLS = 150;
const LATE_HAZARD = 1e-3; // after the longest ring; not less, so that it is soon learned if it is not true
const PRIOR_HITS = 1; // how many answers that belief is worth, for the whole and then for each bin

/** How calls left a stage. Censored: taken back by us, so that what it would have done is not known. */
export type Exit = 'hit' | 'other' | 'censored';

/**
 * The hazards of a stage that a call leaves in one of two ways: ringing (answered, or ended otherwise), and detection (a person,
 * or a machine). Discrete hazards by half-second bins of age (Kaplan and Meier's product limit with competing risks), where
 * calls still in the stage count as exposure up to their age: answers come before no-answers, so that an estimate from ended
 * calls alone takes each burst for a better list. Old calls are forgotten exponentially.
 */
export class StageHazard {
  readonly #bins: number;
  readonly #usual: number;
  readonly #hits: Float64Array;
  readonly #exits: Float64Array;
  readonly #all: Float64Array;
  /** Chance to be still in the stage at the start of a bin, and to have been hit before it, from age 0. */
  readonly alive: Float64Array;
  readonly hitBefore: Float64Array;
  /** Chance of a hit within the bin for who enters it. */
  readonly hazard: Float64Array;
  #weight = 1;
  #evidence = 0;

  /** @param usualSec when who is in the stage is taken out of it; later hits are not expected, but learned if they come. */
  constructor(maxSec: number, usualSec = maxSec) {
    this.#bins = Math.ceil(maxSec / BIN_SEC);
    this.#usual = Math.ceil(usualSec / BIN_SEC);
    this.#hits = new Float64Array(this.#bins);
    this.#exits = new Float64Array(this.#bins);
    this.#all = new Float64Array(this.#bins);
    this.hazard = new Float64Array(this.#bins);
    this.alive = new Float64Array(this.#bins + 1);
    this.hitBefore = new Float64Array(this.#bins + 1);
    this.rebuild(new Float64Array(this.#bins));
  }

  get bins(): number {
    return this.#bins;
  }

  binOf(ageSec: number): number {
    return Math.max(0, Math.min(this.#bins - 1, Math.floor(ageSec / BIN_SEC)));
  }

  leave(ageSec: number, exit: Exit): void {
    this.#weight *= 1 + 1 / FORGET_CALLS;
    const bin = this.binOf(ageSec);
    this.#all[bin]! += this.#weight;
    if (exit === 'hit') this.#hits[bin]! += this.#weight;
    if (exit === 'other') this.#exits[bin]! += this.#weight;
    if (this.#weight > 1e6) this.#rescale(1 / this.#weight);
  }

  /** Forgets all but `share` of what was seen: the list has changed. Something is always kept to go by. */
  forget(share: number): void {
    if (this.#all.reduce((sum, each) => sum + each, 0) < KEPT_CALLS * this.#weight) return;
    this.#rescale(share);
    this.#weight /= share; // a new call weighs what it did
  }

  /** Recomputes the curves; `inStage` counts by bin of age the calls that are in the stage now. */
  rebuild(inStage: Float64Array): void {
    const risk = this.#atRisk(inStage);
    const mean = this.#meanHazard(risk);
    const all = this.#all.reduce((sum, each) => sum + each, 0);
    let alive = 1;
    let before = 0;
    for (let bin = 0; bin < this.#bins; bin += 1) {
      const prior = PRIOR_HITS * this.#weight;
      const at = risk[bin]!;
      // An age that few have reached may be the one at which people answer: younger ones say little about it. But something: else
      // calls that are taken back, for fear of an age, would keep it from ever being known.
      const unseen = PRIOR_CALLS * this.#weight;
      const told = at + HINT * Math.max(all, risk[bin >> 1]!);
      const belief = bin < this.#usual ? (mean * told + PRIOR_HAZARD * unseen) / (told + unseen) : LATE_HAZARD;
      const hit = Math.min(1, (this.#hits[bin]! + prior) / (at + prior / belief));
      const other = Math.min(1 - hit, this.#exits[bin]! / Math.max(at, prior));
      this.hazard[bin] = hit;
      this.alive[bin] = alive;
      this.hitBefore[bin] = before;
      before += alive * hit;
      alive *= Math.max(1e-9, 1 - hit - other);
    }
    this.alive[this.#bins] = alive;
    this.hitBefore[this.#bins] = before;
    this.#evidence = this.#hits.reduce((sum, hits) => sum + hits, 0) / this.#weight;
  }

  /** Chance that who is `ageSec` old is hit within `withinSec`. */
  hitWithin(ageSec: number, withinSec: number): number {
    const from = this.binOf(ageSec);
    const to = Math.min(this.#bins, from + Math.round(withinSec / BIN_SEC));
    return (this.hitBefore[to]! - this.hitBefore[from]!) / Math.max(1e-12, this.alive[from]!);
  }

  /** How many hits, in present weight, the estimate rests on. */
  get evidence(): number {
    return this.#evidence;
  }

  #atRisk(inStage: Float64Array): Float64Array {
    const risk = new Float64Array(this.#bins);
    let ended = 0;
    let present = 0;
    for (let bin = this.#bins - 1; bin >= 0; bin -= 1) {
      ended += this.#all[bin]!;
      risk[bin] = ended + present + HALF * inStage[bin]! * this.#weight;
      present += inStage[bin]! * this.#weight;
    }
    return risk;
  }

  #meanHazard(risk: Float64Array): number {
    let hits = 0;
    let exposure = 0;
    for (let bin = 0; bin < this.#bins; bin += 1) {
      hits += this.#hits[bin]!;
      exposure += risk[bin]!;
    }
    const prior = PRIOR_HITS * this.#weight;
    return (hits + prior) / (exposure + prior / PRIOR_HAZARD);
  }

  #rescale(by: number): void {
    for (const all of [this.#hits, this.#exits, this.#all])
      for (let bin = 0; bin < this.#bins; bin += 1) all[bin]! *= by;
    this.#weight *= by;
  }
}

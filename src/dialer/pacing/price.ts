const START = Math.log(0.08);
const [LOWEST, HIGHEST] = [Math.log(0.002), Math.log(0.6)];

const UP = 2; // what is earned and not spent is idle time: a surplus moves the price faster than a want

const LEAST = 0.05;
const GAIN = 0.35; // of ln θ for a whole scale of error
const SPREAD = 1; // of the reserve, in roots of what was earned
const DEPTH = 0.7; // the power of the share of the reserve that is left: an empty bank makes the dialer progressive, the dearest state
const SHARE = 0.5; // of what was earned, at most, is held back

/**
 * θ, the shadow price of an abandoned call: the greatest chance of loss at which a call is launched. Steered by the bank and
 * not by the rate: a slow integral and a faster proportional term on ln θ hold the bank at a small reserve that grows with the
 * campaign as the root of what it may abandon, so that the cap is used and not crossed.
 */
export class Price {
  readonly #cap: number;
  #integral = START;
  #live = 0;
  #need = 1;
  /** How many of what may still be abandoned are held back. */
  reserve = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** What the guard wanted to see in the bank for the launches that the price allows; it is part of the reserve. */
  wanted(need: number): void {
    this.#need += 0.01 * (need - this.#need);
  }

  /** θ for now. `held`: something other than the price decided the last launches, so that its error teaches nothing. */
  steer(live: number, bank: number, held: boolean): number {
    const earned = this.#cap * live;
    const scale = 2 + SPREAD * Math.sqrt(earned);
    this.reserve = Math.min(SHARE * earned, this.#need + scale);
    const error = bank - this.reserve;
    const gain = (GAIN * (error > 0 ? UP : 1)) / scale;
    const step = Math.max(0, live - this.#live);
    this.#live = Math.max(live, this.#live);
    if (!held) this.#integral = clamp(this.#integral + this.#cap * gain * gain * error * step);
    const left = Math.max(bank, LEAST) / Math.max(this.reserve, LEAST);
    return Math.exp(clamp(this.#integral + Math.min(gain * error, DEPTH * Math.log(left))));
  }
}

function clamp(logTheta: number): number {
  return Math.max(LOWEST, Math.min(HIGHEST, logTheta));
}

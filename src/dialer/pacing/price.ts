const START = Math.log(0.02);
const [LOWEST, HIGHEST] = [Math.log(0.002), Math.log(0.6)];

const UP = 2; // what is earned and not spent is idle time: a surplus moves the price faster than a want

const LEAST = 0.05;
const GAIN = 0.35; // of ln θ for a whole scale of error
const SPREAD = 1.5; // of the reserve, in roots of what was earned or will be
const LAST = 0.5; // what is held back at the end of the day
const DEPTH = 0.7; // the power of the share of the reserve that is left: an empty bank makes the dialer progressive, the dearest state
const SHARE = 0.5; // of what was earned, at most, is held back against chance
const SURGE_SHARE = 0.85; // and against a sudden change

interface Now {
  /** Something other than the price decided the last launches, so that its error teaches nothing. */
  readonly held: boolean;
  /** The share of the day that is over. */
  readonly passed: number;
  /** How many persons would be lost if people suddenly answered far more readily. */
  readonly surge: number;
}

/**
 * θ, the shadow price of an abandoned call: the greatest chance of loss at which a call is launched. Steered by the bank and
 * not by the rate: a slow integral and a faster proportional term on ln θ hold the bank at a reserve. It grows as the root of
 * what may be abandoned, since that is how far chance carries the bank while the price stays as it is, and a steady price
 * wastes least; towards the end of the day less can happen, and that part falls to almost nothing, so that the cap is used.
 * What a sudden change of the answer rate would cost is held back all day: it can come in the last minute.
 */
export class Price {
  readonly #cap: number;
  #integral = START;
  #live = 0;
  #need = 0;
  /** How many of what may still be abandoned are held back. */
  reserve = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** What a guard that foresees the worst wants to see in the bank for usual launches; it is part of the reserve. */
  wanted(need: number): void {
    this.#need += 0.01 * (need - this.#need);
  }

  /**
   * θ for now: so many have answered, and so many may still be abandoned.
   */
  steer(live: number, bank: number, { held, passed, surge }: Now): number {
    const earned = this.#cap * live;
    const toEarn = (earned * Math.max(0, 1 - passed)) / Math.max(1e-6, passed);
    const root = Math.sqrt(Math.min(earned, toEarn));
    const most = Math.max(SHARE * earned, Math.min(SURGE_SHARE * earned, surge));
    this.reserve = Math.min(most, this.#need + LAST + SPREAD * root + surge);
    const error = bank - this.reserve;
    const gain = GAIN * (error > 0 ? UP : 1);
    const slow = gain / (2 + Math.sqrt(earned));
    const step = Math.max(0, live - this.#live);
    this.#live = Math.max(live, this.#live);
    if (!held) this.#integral = clamp(this.#integral + this.#cap * slow * slow * error * step);
    const left = Math.max(bank, LEAST) / Math.max(this.reserve, LEAST);
    return Math.exp(clamp(this.#integral + Math.min((gain * error) / (1 + root), DEPTH * Math.log(left))));
  }
}

function clamp(logTheta: number): number {
  return Math.max(LOWEST, Math.min(HIGHEST, logTheta));
}

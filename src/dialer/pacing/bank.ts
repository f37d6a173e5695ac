import type { DialerState, PolicyConfig } from './policy.ts';

const FORGET = 1 / 200;

export interface Balance {
  /** Calls that people answered and that had an end: an agent, or none in time. */
  readonly live: number;
  /** How many may yet be abandoned: cap × live − abandoned. */
  readonly bank: number;
  /** Whether the legal window leaves less than the campaign itself. */
  readonly window: boolean;
}

/**
 * What may still be abandoned. A call that an agent finds to be a machine was no live answer, so it earns nothing; a person
 * whom detection took for a machine was hung up on, so he is charged: by the estimate's share of the machine verdicts (Ofcom's
 * reasoned estimate) or of the persons (the error of the detector as makers give it), whichever is more.
 */
export class Bank {
  readonly #cap: number;
  readonly #falsePositives: number;
  #notLive = 0;
  #machineShare = 0;

  constructor({ abandonTarget, amd, amdFalsePositiveEstimate }: PolicyConfig) {
    this.#cap = abandonTarget;
    this.#falsePositives = amd ? amdFalsePositiveEstimate : 0;
  }

  dispose(live: boolean): void {
    if (!live) this.#notLive += 1;
    this.#machineShare += FORGET * ((live ? 0 : 1) - this.#machineShare);
  }

  balance({ totals, counts, budget = Infinity }: DialerState): Balance {
    const undisposed = counts.talk * this.#machineShare;
    const reached = Math.max(0, totals.connected + totals.abandoned - this.#notLive - undisposed);
    const wrongly = this.#falsePositives * Math.max(totals.machine, reached);
    const live = reached + wrongly;
    const own = this.#cap * live - totals.abandoned - wrongly;
    return { live, bank: Math.min(own, budget), window: budget < own };
  }
}

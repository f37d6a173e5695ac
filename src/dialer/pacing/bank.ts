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
 * whom detection took for a machine was hung up on, so he is an abandoned live answer, by the estimate: a share of the persons
 * (the detector's own error) or of the machine verdicts (Ofcom's reasoned estimate), as the configuration says.
 */
export class Bank {
  readonly #cap: number;
  readonly #falsePositives: number;
  readonly #ofMachines: boolean;
  #notLive = 0;
  #machineShare = 0;

  constructor({ abandonTarget, amd, amdFalsePositiveEstimate, amdEstimateOf }: PolicyConfig) {
    this.#cap = abandonTarget;
    this.#falsePositives = amd ? amdFalsePositiveEstimate : 0;
    this.#ofMachines = amdEstimateOf === 'machines';
  }

  dispose(live: boolean): void {
    if (!live) this.#notLive += 1;
    this.#machineShare += FORGET * ((live ? 0 : 1) - this.#machineShare);
  }

  balance({ totals, counts, budget = Infinity }: DialerState): Balance {
    const undisposed = counts.talk * this.#machineShare;
    const reached = Math.max(0, totals.connected + totals.abandoned - this.#notLive - undisposed);
    const wrongly = this.#wrongly(reached, totals.machine);
    const live = reached + wrongly;
    const own = this.#cap * live - totals.abandoned - wrongly;
    return { live, bank: Math.min(own, budget), window: budget < own };
  }

  #wrongly(reached: number, machines: number): number {
    const share = this.#falsePositives;
    return this.#ofMachines ? share * machines : (share * reached) / (1 - Math.min(0.9, share));
  }
}

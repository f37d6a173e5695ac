import type { Outlook } from './outlook.ts';
import type { DialerState, PolicyConfig } from './policy.ts';
import type { Sight } from './sight.ts';

const EPSILON = 3e-4;
const WARY = 1.1;
const LEAST_ANSWER = 0.03; // of a list that seems dead, so many may answer all the same

/**
 * The hard guard: what may be lost of the calls that are out never exceeds what may still be abandoned, whatever the price
 * says. `quantile`: but for a chance of three in ten thousand, with people answering more readily than is known. `strict`: if all
 * of them answer at once. An agent who leaves while his call rings is all that the strict one cannot foresee.
 */
export class Guard {
  /** How many more may be lost; an abandoned call is itself a live answer, so it earns its share. */
  readonly room: number;
  readonly #need: (launches: number) => number;

  constructor(config: PolicyConfig, sight: Sight, state: DialerState, bank: number) {
    this.room = Math.floor(bank / (1 - config.abandonTarget) + 1e-9);
    if (config.guard === 'strict') {
      const uncovered = outOf(state) - state.counts.idle;
      this.#need = (launches) => Math.max(0, uncovered + launches);
    } else {
      let wary: Outlook | undefined; // dear, and often nobody asks
      this.#need = (launches) => {
        wary ??= sight.outlook(state, Math.max(WARY + sight.doubt, sight.jolt, LEAST_ANSWER / sight.answerRate));
        return wary.lossQuantile(launches, EPSILON);
      };
    }
  }

  /** How many may be lost when that many are launched; ask with growing numbers. */
  need(launches: number): number {
    return this.#need(launches);
  }
}

/** Dials that have not ended, and the persons who wait. */
export function outOf({ counts }: DialerState): number {
  return counts.ringing + counts.amd + counts.waiting;
}

/** How many may be launched in any case: one for each idle agent. */
export function coveredLaunches(state: DialerState): number {
  return Math.max(0, state.counts.idle - outOf(state));
}

import type { Outlook } from './outlook.ts';
import type { DialerState, PolicyConfig } from './policy.ts';
import type { Sight } from './sight.ts';

const EPSILON = 3e-4;
const WARY = 1.1;
const LEAST_ANSWER = 0.03; // of a list that seems dead, so many may answer all the same

const JUMP_FEARED = 0.4; // before any jump was seen, about what one would cost on average must be there
const SPARE = 1; // and one more after a jump: what was seen of it is little
const REMEMBERED = 0.05; // an alert below this is none
const SAVED_BY = 0.8; // of what was earned: a floor that a jump would cost more cannot have saved it yet, and its price alone saves for it
const JUDGED_AFTER = 2_000; // answers; the cap is a share, and before so many what a jump costs can be earned again
const EARNED_AGAIN = 0.25; // the share of what is still to be earned until then that may be counted on

/**
 * The hard guard: what may be lost of the calls that are out never exceeds what may still be abandoned, whatever the price
 * says. `quantile`: but for a chance of three in ten thousand, with people answering more readily than is known, and also if the
 * answer rate has just jumped and it cannot be seen yet. `strict`: if all of them answer at once. An agent who leaves while his call rings is all that the strict one cannot foresee.
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
      const jump = jumpOf(config, sight, state, bank);
      this.#need = (launches) => {
        wary ??= sight.outlook(state, Math.max(WARY + sight.doubt, LEAST_ANSWER / sight.answerRate));
        return Math.max(wary.lossQuantile(launches, EPSILON), jump(launches));
      };
    }
  }

  /** How many may be lost when that many are launched; ask with growing numbers. */
  need(launches: number): number {
    return this.#need(launches);
  }
}

/**
 * How many may be lost, were the answer rate to have jumped unseen, less what can be earned again before the cap is judged. After
 * a jump another is expected, and all but a chance of three in ten thousand is covered; before any, the usual cost of one.
 */
function jumpOf({ abandonTarget }: PolicyConfig, sight: Sight, state: DialerState, bank: number) {
  const live = state.totals.connected + state.totals.abandoned;
  const isAlert = sight.alert > REMEMBERED;
  if (!isAlert && sight.surge > SAVED_BY * abandonTarget * live) return () => 0;
  const { budget = Infinity } = state; // of the legal window, which nothing is earned in to come
  const again = Math.min(EARNED_AGAIN * abandonTarget * Math.max(0, JUDGED_AFTER - live), Math.max(0, budget - bank));
  let struck: Outlook | undefined;
  return (launches: number): number => {
    struck ??= isAlert ? sight.outlook(state, WARY + sight.doubt, sight.alert) : sight.outlook(state, 1, 1);
    const lost = isAlert ? SPARE + struck.lossQuantile(launches, EPSILON) : struck.lossQuantile(launches, JUMP_FEARED);
    return Math.max(0, Math.ceil(lost - again));
  };
}

/** Dials that have not ended, and the persons who wait. */
export function outOf({ counts }: DialerState): number {
  return counts.ringing + counts.amd + counts.waiting;
}

/** How many may be launched in any case: one for each idle agent. */
export function coveredLaunches(state: DialerState): number {
  return Math.max(0, state.counts.idle - outOf(state));
}

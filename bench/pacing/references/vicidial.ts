import type { DialerState, Policy, PolicyConfig } from '../../../src/dialer/pacing/policy.ts';
import { upTo } from './lines.ts';

export interface Adaptation {
  /** The level that is never exceeded: adaptive_maximum_level, 3 unless somebody changes it. */
  readonly maximum: number;
  /** How much of ready-minus-waiting ÷ agents is added to the level each time. */
  readonly intensity: number;
  /** What becomes of the level when drops are over the limit. */
  readonly over: 'one' | 'halve' | 'taper';
}

export const HARD_LIMIT: Adaptation = { maximum: 3, intensity: 1, over: 'one' };
/** What a patient administrator arrives at, among others: tried in turn for each scenario. */
export const TUNED: readonly Adaptation[] = [3, 6, 12].flatMap((maximum) =>
  [0.2, 0.6].flatMap((intensity) =>
    (['halve', 'taper'] as const).map((over): Adaptation => ({ maximum, intensity, over })),
  ),
);

const ADAPTS_EVERY_SEC = 15;
const DROPS_EVERY_SEC = 60;
const DROPS_AFTER = 50;
/** The dialer looks for work as often. */
const DIALS_EVERY_SEC = 2.5;

/**
 * The rules of VICIdial's adaptive methods as shared/pacing.md tells them: every 15 s the level follows ready agents minus
 * waiting calls over agents; drops of the day are looked at once a minute after 50 calls. It is no copy of its code.
 */
export const vicidialLike =
  (adaptation: Adaptation) =>
  ({ abandonTarget }: PolicyConfig): Policy =>
    new Adaptive(adaptation, abandonTarget);

class Adaptive implements Policy {
  readonly #how: Adaptation;
  readonly #limit: number;
  #level = 1;
  /** Ready minus waiting at each look since the level was last changed. */
  #looks: number[] = [];
  #drops = 0;
  readonly #due = { adapt: ADAPTS_EVERY_SEC, drops: DROPS_EVERY_SEC, dial: 0 };

  constructor(how: Adaptation, limit: number) {
    this.#how = how;
    this.#limit = limit;
  }

  on(): void {} // it looks at its tables only

  decide(state: DialerState): number {
    const { now, counts, agents } = state;
    this.#looks.push(agents.length === 0 ? 0 : (counts.idle - counts.waiting) / agents.length);
    if (now >= this.#due.drops) this.#lookAtDrops(state);
    if (now >= this.#due.adapt) this.#adapt(now);
    if (now < this.#due.dial) return 0;
    this.#due.dial = now + DIALS_EVERY_SEC;
    return upTo(this.#level, state);
  }

  #lookAtDrops({ now, totals }: DialerState): void {
    this.#due.drops = now + DROPS_EVERY_SEC;
    this.#drops = totals.answered < DROPS_AFTER ? 0 : totals.abandoned / totals.answered;
  }

  #adapt(now: number): void {
    this.#due.adapt = now + ADAPTS_EVERY_SEC;
    const { maximum, intensity } = this.#how;
    const ready = this.#looks.reduce((sum, look) => sum + look, 0) / Math.max(1, this.#looks.length);
    this.#looks = [];
    const wished = this.#level + intensity * ready - (ready <= 0 ? 0.05 * intensity : 0);
    const level = this.#drops > this.#limit ? this.#punished() : wished * this.#tapered();
    this.#level = Math.min(maximum, Math.max(1, level));
  }

  #punished(): number {
    return this.#how.over === 'one' ? 1 : this.#level / 2;
  }

  /** Nearer to the limit, less. */
  #tapered(): number {
    if (this.#how.over !== 'taper') return 1;
    const used = this.#drops / this.#limit;
    return used < 0.7 ? 1 : 1 - 0.15 * ((used - 0.7) / 0.3);
  }
}

import type { Paced } from './ports/campaigns.ts';

const KEPT = 100;
const SPACE_MS = 1_000;

/**
 * The latest decisions, and which of them are written down: one a second at most, in which what was launched since the last
 * one is added up, and none that says what the last one said.
 */
export class PacedLog {
  readonly #kept: Paced[] = [];
  #written: Pick<Paced, 'at' | 'because'> | null = null;
  #owed = 0;

  get latest(): readonly Paced[] {
    return this.#kept.toReversed();
  }

  /** What is to be written now; null: nothing. */
  add(decision: Paced): Paced | null {
    const last = this.#kept.at(-1);
    if (decision.launch > 0 || last?.because !== decision.because) this.#kept.push(decision);
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#owed += decision.launch;
    const isNews = this.#owed > 0 || this.#written?.because !== decision.because;
    const isSoon = this.#written !== null && decision.at - this.#written.at < SPACE_MS;
    if (!isNews || isSoon) return null;
    const due = { ...decision, launch: this.#owed };
    this.#written = decision;
    this.#owed = 0;
    return due;
  }
}

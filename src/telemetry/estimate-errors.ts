import type { JournalEvent } from '../call/journal.ts';

/** More calls than any node carries at once; beyond it the oldest, whose end was never seen, are forgotten. */
const MOST_CALLS = 20_000;

/** How far off what callers were told first was, once they are served; of calls that one process serves from there to here. */
export class EstimateErrors {
  /** By call: how long he would have waited in all by that estimate, ms. */
  readonly #told = new Map<string, number>();

  /** Takes one event in; answers the error, ms, when the call was served by it. */
  take(event: JournalEvent): number | null {
    switch (event.type) {
      case 'call.estimate.announced':
        if (!this.#told.has(event.subject)) this.#keep(event.subject, event.data.waitedMs + event.data.estimateMs);
        return null;
      case 'call.connected':
        return this.#served(event.subject, event.data.waitedMs);
      case 'call.queue.left':
      case 'call.ended':
        this.#told.delete(event.subject);
        return null;
      default:
        return null;
    }
  }

  #keep(call: string, ms: number): void {
    this.#told.set(call, ms);
    if (this.#told.size > MOST_CALLS) this.#told.delete(this.#told.keys().next().value ?? call);
  }

  #served(call: string, waitedMs: number): number | null {
    const told = this.#told.get(call);
    this.#told.delete(call);
    return told === undefined ? null : Math.abs(told - waitedMs);
  }
}

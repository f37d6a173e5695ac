import { ratio, spreadOf, sum } from './spread.ts';
import type { KpiFigures, KpiSettings } from './words.ts';

/** What calls did in one queue, or in all of them. */
export class QueueTally {
  offered = 0;
  handled = 0;
  callbacksTaken = 0;
  callbacksAnswered = 0;
  unserved = 0;
  transferred = 0;
  /** Handled calls of customers who are known by their number. */
  known = 0;
  repeats = 0;
  /** Talk, hold and wrap-up, ms. */
  workMs = 0;
  answeredInTime = 0;
  abandonedInTime = 0;
  readonly waits: number[] = [];
  readonly abandons: number[] = [];
  readonly firstResponses: number[] = [];
  readonly ewtErrors: number[] = [];

  answered(waitedMs: number, targetMs: number): void {
    this.waits.push(waitedMs);
    if (waitedMs <= targetMs) this.answeredInTime += 1;
  }

  gaveUp(waitedMs: number, targetMs: number): void {
    this.abandons.push(waitedMs);
    if (waitedMs <= targetMs) this.abandonedInTime += 1;
  }

  figures({ shortAbandonMs }: KpiSettings): KpiFigures {
    const { offered, handled, callbacksTaken, waits, abandons, answeredInTime } = this;
    const abandoned = abandons.length;
    const short = abandons.filter((ms) => ms <= shortAbandonMs).length;
    const answered = waits.length;
    const ended = answered + abandoned + this.unserved;
    const repeats = ratio(this.repeats, this.known);
    return {
      offered,
      handled,
      abandoned,
      abandonedShort: short,
      callbacksTaken,
      callbacksAnswered: this.callbacksAnswered,
      unserved: this.unserved,
      asa: ratio(sum(waits), answered),
      // While nobody's talk has ended there is nothing to be told yet.
      aht: this.workMs === 0 ? null : ratio(this.workMs, handled),
      abandonment: ratio(abandoned - short, offered - short),
      serviceLevel: {
        ignore: ratio(answeredInTime, ended - this.abandonedInTime),
        negative: ratio(answeredInTime, ended),
        positive: ratio(answeredInTime + this.abandonedInTime, ended),
      },
      transferRate: ratio(this.transferred, handled),
      repeats,
      fcr: repeats === null ? null : 1 - repeats,
      firstResponse: spreadOf(this.firstResponses),
      ewtError: spreadOf(this.ewtErrors),
    };
  }
}

import type { Fact, JournalEvent } from '../call/journal.ts';
import type { Clock, Log } from './ports/time.ts';

/** Hands each journalled event to those who count and show; called after it was written. */
export type Witness = (event: JournalEvent) => void;

/**
 * Gives facts their place in the journal. A call counts its own facts from 1 without gaps; every other subject's number rises
 * but may leap, since it is taken from the clock and so needs no store to survive a restart.
 */
export class Recorder {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #last = new Map<string, number>();
  readonly #witnesses: Witness[] = [];

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  witness(witness: Witness): void {
    this.#witnesses.push(witness);
  }

  callEvents(callId: string, facts: readonly Fact[], lastSeq: number): JournalEvent[] {
    const at = this.#clock.now();
    const first = lastSeq - facts.length + 1;
    return facts.map((fact, index) => ({ ...fact, subject: `call/${callId}`, seq: first + index, at }));
  }

  events(subject: string, facts: readonly Fact[]): JournalEvent[] {
    return facts.map((fact) => ({ ...fact, subject, seq: this.#nextSeq(subject), at: this.#clock.now() }));
  }

  /** Tells the witnesses; one that throws spoils nothing for the others. */
  tell(events: readonly JournalEvent[]): void {
    for (const event of events) {
      for (const witness of this.#witnesses) {
        try {
          witness(event);
        } catch (error) {
          this.#log.error({ err: error, type: event.type }, 'a witness of the journal failed');
        }
      }
    }
  }

  #nextSeq(subject: string): number {
    const seq = Math.max(this.#clock.now(), (this.#last.get(subject) ?? 0) + 1);
    this.#last.set(subject, seq);
    return seq;
  }
}

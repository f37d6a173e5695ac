import { type Chance, draw, mixed, type Spread, seeded } from './chance.ts';
import { DueQueue } from './queue.ts';
import { doneAfter, type Fate, fateOf, type Scenario } from './scenario.ts';
import { type DayResult, Tally } from './tally.ts';

/** What agents do with a lead before it is dialled. */
export interface Reading {
  /** From when it is shown until it is dialled or passed over, seconds. */
  readonly took: Spread;
  /** Share of those shown that are passed over; they are shown again later. */
  readonly passedOver: number;
}

type Happening =
  | { readonly do: 'reads' | 'has-read' | 'dials' | 'wrapped' }
  | { readonly do: 'outcome' | 'talked'; readonly fate: Fate };

/** A day of agents who look at each lead before they dial it: they are on the line before who answers, so nobody is paced. */
export class PreviewSimulation {
  readonly day: Scenario;
  readonly #reading: Reading;
  readonly #chance: Chance;
  readonly #due = new DueQueue<Happening>();
  readonly #tally: Tally;
  /** Agents who have read and find no line free. */
  #waiting = 0;
  /** Leads that agents look at. */
  #shown = 0;
  #now = 0;
  #nextStart = 0;
  #finishedAt: number | null = null;

  constructor(day: Scenario, reading: Reading) {
    this.day = day;
    this.#reading = reading;
    this.#chance = seeded(mixed(day.seed ^ 0x5bd1e995));
    this.#tally = new Tally(day.cap, Number.POSITIVE_INFINITY);
    this.#tally.present.agents = day.agents;
    for (let agent = 0; agent < day.agents; agent += 1) this.#due.put(0, { do: 'reads' });
  }

  get now(): number {
    return this.#now;
  }

  get over(): boolean {
    return this.#finishedAt !== null || this.#now >= this.#end;
  }

  runUntil(t: number): void {
    const until = Math.min(t, this.#end);
    while (this.#finishedAt === null) {
      const next = this.#due.next();
      if (!next || next.t >= until) break;
      this.#due.take();
      this.#tally.pass(next.t);
      this.#now = next.t;
      this.#happens(next.what);
    }
    if (this.#finishedAt !== null) return;
    this.#now = until;
    this.#tally.pass(until);
  }

  result(): DayResult {
    const { name, seed } = this.day;
    const { present } = this.#tally;
    return this.#tally.result({ name, seed }, { inFlight: present.lines, finishedAt: this.#finishedAt });
  }

  get #end(): number {
    return this.day.hours * 3_600;
  }

  #happens(what: Happening): void {
    switch (what.do) {
      case 'reads':
        return this.#reads();
      case 'has-read':
        return this.#hasRead();
      case 'dials':
        return this.#dials();
      case 'outcome':
        return this.#outcome(what.fate);
      case 'talked':
        this.#due.put(this.#now + what.fate.wrapSec, { do: 'wrapped' });
        return this.#lineFree();
      case 'wrapped':
        this.#tally.present.busy -= 1;
        return this.#reads();
    }
  }

  #reads(): void {
    if (this.#tally.totals.launched + this.#shown >= this.day.leads) return;
    this.#shown += 1;
    this.#due.put(this.#now + draw(this.#reading.took, this.#chance), { do: 'has-read' });
  }

  #hasRead(): void {
    if (this.#chance() >= this.#reading.passedOver) return this.#dials();
    this.#shown -= 1;
    return this.#reads();
  }

  #dials(): void {
    const { present, totals } = this.#tally;
    if (present.lines >= this.day.lines) {
      this.#waiting += 1;
      return;
    }
    if (this.#now < this.#nextStart) return this.#due.put(this.#nextStart, { do: 'dials' });
    this.#nextStart = this.#now + 1 / this.day.cps;
    const fate = fateOf(this.day, totals.launched, this.#now);
    this.#shown -= 1;
    this.#tally.lastEndsAt = Math.max(this.#tally.lastEndsAt, this.#now + doneAfter(fate));
    totals.launched += 1;
    present.lines += 1;
    this.#due.put(this.#now + fate.endsSec, { do: 'outcome', fate });
  }

  #outcome(fate: Fate): void {
    const { totals, present } = this.#tally;
    if (fate.end === 'busy' || fate.end === 'noanswer') {
      totals[fate.end] += 1;
      this.#lineFree();
      return this.#reads();
    }
    totals.answered += 1;
    if (fate.end === 'person') this.#tally.personHandedOver();
    else this.#tally.machinesTalked += 1;
    this.#tally.connected(0);
    this.#tally.promisedSec += fate.talkSec + fate.wrapSec;
    present.busy += 1;
    return this.#due.put(this.#now + fate.talkSec, { do: 'talked', fate });
  }

  #lineFree(): void {
    const { present, totals } = this.#tally;
    present.lines -= 1;
    if (totals.launched >= this.day.leads && present.lines === 0) this.#finishedAt = this.#now;
    if (this.#waiting === 0) return;
    this.#waiting -= 1;
    this.#due.put(this.#now, { do: 'dials' });
  }
}

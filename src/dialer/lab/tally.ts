import type { DialerState } from '../pacing/policy.ts';

/** The books of a simulated day. Abandonment here is abandoned ÷ persons handed over; nothing is rounded. */
export interface DayResult {
  readonly name: string;
  readonly seed: number;
  /** Seconds that were simulated. */
  readonly seconds: number;
  /** Share of the agents' logged-in time in talk and wrap-up; null when nobody was there. */
  readonly utilisation: number | null;
  /** Lines in use ÷ agents logged in, its mean; null when nobody was there. */
  readonly level: number | null;
  /** Share of the persons that were handed over, 0 when there were none. */
  readonly abandonment: number;
  /** The highest share at any moment after `worstAfter` persons; null when there were not so many. */
  readonly worst: number | null;
  /** The lowest that the bank (cap × persons − abandoned) ever was, in calls: below 0 the cap was crossed. */
  readonly lowestBank: number;
  /** (Abandoned + persons taken for a machine) ÷ all persons who answered. */
  readonly corrected: number;
  readonly persons: number;
  readonly falsePositives: number;
  /** Machines that were put through to an agent. */
  readonly machinesTalked: number;
  /** Machines that waited for an agent too long: nobody was abandoned. */
  readonly machinesDropped: number;
  readonly totals: Readonly<DialerState['totals']>;
  /** Persons who hung up while they waited, before the limit. */
  readonly hungUp: number;
  /** Dials that had not ended when the day did. */
  readonly inFlight: number;
  /** Ringing calls a policy wished to cancel before the minimum ring: they rang on. */
  readonly cancelsRefused: number;
  /** Launches that lines or call starts per second held back. */
  readonly heldBack: number;
  readonly decisions: number;
  /** Seconds that the connected waited. */
  readonly wait: { readonly mean: number; readonly p97: number; readonly max: number };
  /** When the last lead was dialled and all calls had ended; null when leads were left. */
  readonly finishedAt: number | null;
  /** Were nobody dialled any more: seconds until the last of those out now is done, and what agents would talk and wrap up meanwhile. */
  readonly left: { readonly sec: number; readonly busySec: number };
  readonly samples: readonly Sample[];
}

/** How things stood at `t`; utilisation and dial level are those of the time since the sample before. */
export interface Sample {
  readonly t: number;
  readonly utilisation: number | null;
  readonly abandonment: number;
  /** Lines in use ÷ agents logged in, its mean. */
  readonly level: number | null;
  readonly bank: number;
  readonly agents: number;
}

interface Present {
  agents: number;
  busy: number;
  lines: number;
}

type Totals = { -readonly [K in keyof DialerState['totals']]: number };

/** Counts a day while it is lived. */
export class Tally {
  readonly totals: Totals = {
    launched: 0,
    answered: 0,
    connected: 0,
    abandoned: 0,
    machine: 0,
    noanswer: 0,
    busy: 0,
    cancelled: 0,
  };
  readonly present: Present = { agents: 0, busy: 0, lines: 0 };
  falsePositives = 0;
  machinesTalked = 0;
  machinesDropped = 0;
  hungUp = 0;
  cancelsRefused = 0;
  heldBack = 0;
  decisions = 0;
  persons = 0;
  /** When the last of those who were dialled would be done, were each put through at once. */
  lastEndsAt = 0;
  /** Talk and wrap-up of all who were put through. */
  promisedSec = 0;
  readonly #cap: number;
  readonly #worstAfter: number;
  #abandoned = 0;
  #worst: number | null = null;
  #lowestBank = 0;
  readonly #waits: number[] = [];
  readonly #samples: Sample[] = [];
  #since = 0;
  readonly #whole = { there: 0, busy: 0, lines: 0 };
  readonly #part = { there: 0, busy: 0, lines: 0, from: 0 };

  constructor(cap: number, worstAfter: number) {
    this.#cap = cap;
    this.#worstAfter = worstAfter;
  }

  /** Everybody went on as he was until `t`. */
  pass(t: number): void {
    const took = t - this.#since;
    if (took <= 0) return;
    const { agents, busy, lines } = this.present;
    this.#since = t;
    this.#whole.there += agents * took;
    this.#whole.busy += busy * took;
    this.#whole.lines += lines * took;
    this.#part.there += agents * took;
    this.#part.busy += busy * took;
    this.#part.lines += lines * took;
  }

  personHandedOver(): void {
    this.persons += 1;
    this.#look();
  }

  personAbandoned(): void {
    this.#abandoned += 1;
    this.#look();
  }

  connected(waitSec: number): void {
    this.totals.connected += 1;
    this.#waits.push(waitSec);
  }

  get bank(): number {
    return this.#cap * this.persons - this.#abandoned;
  }

  get abandonment(): number {
    return this.persons === 0 ? 0 : this.#abandoned / this.persons;
  }

  sample(t: number): void {
    this.pass(t);
    const { there, busy, lines } = this.#part;
    const nobody = there === 0;
    this.#samples.push({
      t,
      utilisation: nobody ? null : busy / there,
      abandonment: this.abandonment,
      level: nobody ? null : lines / there,
      bank: this.bank,
      agents: this.present.agents,
    });
    Object.assign(this.#part, { there: 0, busy: 0, lines: 0, from: t });
  }

  result(day: { name: string; seed: number }, left: { inFlight: number; finishedAt: number | null }): DayResult {
    const { there, busy, lines } = this.#whole;
    const answered = this.persons + this.falsePositives;
    return {
      ...day,
      ...left,
      seconds: this.#since,
      utilisation: there === 0 ? null : busy / there,
      level: there === 0 ? null : lines / there,
      abandonment: this.abandonment,
      worst: this.#worst,
      lowestBank: this.#lowestBank,
      corrected: answered === 0 ? 0 : (this.#abandoned + this.falsePositives) / answered,
      persons: this.persons,
      falsePositives: this.falsePositives,
      machinesTalked: this.machinesTalked,
      machinesDropped: this.machinesDropped,
      totals: { ...this.totals },
      hungUp: this.hungUp,
      cancelsRefused: this.cancelsRefused,
      heldBack: this.heldBack,
      decisions: this.decisions,
      wait: waits(this.#waits),
      left: { sec: Math.max(0, this.lastEndsAt - this.#since), busySec: Math.max(0, this.promisedSec - busy) },
      samples: this.#samples,
    };
  }

  #look(): void {
    this.#lowestBank = Math.min(this.#lowestBank, this.bank);
    if (this.persons < this.#worstAfter) return;
    this.#worst = Math.max(this.#worst ?? 0, this.abandonment);
  }
}

function waits(all: readonly number[]): DayResult['wait'] {
  if (all.length === 0) return { mean: 0, p97: 0, max: 0 };
  const sorted = Float64Array.from(all).sort();
  const sum = sorted.reduce((total, sec) => total + sec, 0);
  const at = Math.min(sorted.length - 1, Math.floor(0.97 * sorted.length));
  return { mean: sum / sorted.length, p97: sorted[at] ?? 0, max: sorted[sorted.length - 1] ?? 0 };
}

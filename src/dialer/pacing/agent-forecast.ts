import { StayHazard } from './stay-hazard.ts';

const STEP_SEC = 0.5;
const MAX_ELAPSED_SEC = 3600;
const ELAPSED = elapsedBins();
const FORGET = 1 / 300;

type Busy = 'talk' | 'wrap';
type Agent = { readonly state: 'idle' | Busy; readonly since: number };

/** Elapsed times for which chances are tabled: half seconds up to 20 s, seconds up to a minute, then geometric. */
function elapsedBins(): number[] {
  const all: number[] = [];
  for (let at = 0.25; at < 20; at += 0.5) all.push(at);
  for (let at = 20.5; at < 60; at += 1) all.push(at);
  for (let at = 62; at < MAX_ELAPSED_SEC; at *= 1.08) all.push(at);
  return all;
}

function binOf(elapsed: number): number {
  if (elapsed < 20) return Math.max(0, Math.floor(elapsed * 2));
  if (elapsed < 60) return 40 + Math.floor(elapsed - 20);
  return Math.min(ELAPSED.length - 1, 80 + Math.round(Math.log(Math.max(1, elapsed / 62)) / Math.log(1.08)));
}

/**
 * When busy agents come free: from the hazards of talk and wrap-up by elapsed time. A talk may be followed by wrap-up or not,
 * and an agent may go instead of coming free; both shares are learned.
 */
export class AgentForecast {
  readonly #talk = new StayHazard(90);
  readonly #wrap = new StayHazard(20);
  readonly #steps: number;
  /** Chance to be free within a number of half seconds, by bin of elapsed time: rows of `#steps + 1`. */
  readonly #free: Record<Busy, Float64Array>;
  readonly #known: Record<Busy, Int32Array>;
  readonly #afterTalk: Float64Array; // chance to be free that many steps after the one in which the talk ended
  #version = 0;
  #wraps = 0.95; // share of talks that wrap-up follows
  #stays: Record<Busy, number> = { talk: 0.99, wrap: 0.99 }; // share of ends after which the agent is not gone

  constructor(horizonSec: number) {
    this.#steps = Math.ceil(horizonSec / STEP_SEC);
    const size = ELAPSED.length * (this.#steps + 1);
    this.#free = { talk: new Float64Array(size), wrap: new Float64Array(size) };
    this.#known = { talk: new Int32Array(ELAPSED.length), wrap: new Int32Array(ELAPSED.length) };
    this.#afterTalk = new Float64Array(this.#steps);
    this.rebuild([], 0);
  }

  left(prev: Busy, stayedSec: number, next: 'idle' | 'talk' | 'wrap' | 'offline'): void {
    if (next === prev) return;
    (prev === 'talk' ? this.#talk : this.#wrap).end(stayedSec);
    this.#stays[prev] += FORGET * ((next === 'offline' ? 0 : 1) - this.#stays[prev]);
    if (prev === 'talk' && next !== 'offline') this.#wraps += FORGET * ((next === 'wrap' ? 1 : 0) - this.#wraps);
  }

  rebuild(agents: readonly Agent[], now: number): void {
    const elapsed = (state: Busy) => agents.filter((agent) => agent.state === state).map(({ since }) => now - since);
    this.#talk.rebuild(elapsed('talk'));
    this.#wrap.rebuild(elapsed('wrap'));
    this.#version += 1;
    this.#wrapRow(0);
    for (let step = 0; step < this.#steps; step += 1) {
      // A talk ends in the middle of its step: half of the wrap-up's step before, half of the one after.
      const wrapped = (this.#free.wrap[step]! + this.#free.wrap[step + 1]!) / 2;
      this.#afterTalk[step] = this.#stays.talk * (this.#wraps * wrapped + 1 - this.#wraps);
    }
  }

  /** The row of chances of an agent, for `freeWithin`; worked out when it is first wanted. */
  rowOf(state: Busy, elapsedSec: number): number {
    const bin = binOf(elapsedSec);
    if (this.#known[state][bin] !== this.#version) {
      this.#known[state][bin] = this.#version;
      if (state === 'talk') this.#talkRow(bin);
      else this.#wrapRow(bin);
    }
    return bin * (this.#steps + 1);
  }

  freeWithin(state: Busy, row: number, withinSec: number): number {
    return this.#free[state][row + Math.min(this.#steps, Math.round(withinSec / STEP_SEC))]!;
  }

  #wrapRow(bin: number): void {
    const row = bin * (this.#steps + 1);
    let last = 1;
    for (let step = 0; step < this.#steps; step += 1) {
      last *= Math.exp(-STEP_SEC * this.#wrap.rateAt(ELAPSED[bin]! + (step + 0.5) * STEP_SEC));
      this.#free.wrap[row + step + 1] = this.#stays.wrap * (1 - last);
    }
  }

  #talkRow(bin: number): void {
    const [steps, after, free] = [this.#steps, this.#afterTalk, this.#free.talk];
    const row = bin * (steps + 1);
    free.fill(0, row, row + steps + 1);
    let last = 1;
    for (let step = 0; step < steps; step += 1) {
      const next = last * Math.exp(-STEP_SEC * this.#talk.rateAt(ELAPSED[bin]! + (step + 0.5) * STEP_SEC));
      const ends = last - next;
      for (let at = step + 1; at <= steps; at += 1) free[row + at]! += ends * after[at - step - 1]!;
      last = next;
    }
  }
}

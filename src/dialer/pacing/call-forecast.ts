import { AnswerPulse } from './answer-pulse.ts';
import { BIN_SEC, StageHazard } from './ring-hazard.ts';
import type { DialerState } from './policy.ts';
import { Surge } from './surge.ts';

const AMD_SEC = 8;
const LATE_SEC = 3; // a phone may ring so much later than it was dialled, and is rung from then
const BLIND_SEC = 5; // answers this long after a snapshot are told again (a replay), or were not expected by anybody
const LEARNED_ANSWERS = 40; // before so many the curves are a belief, and learn faster than the pulse
const FORGET_CHANGED_SEC = 8; // how fast the old list is forgotten while the answers belie it

/**
 * When calls in flight will want an agent: answered by a person, and where machines are detected, found to be one. From the
 * hazards of ringing and of detection, corrected by the pulse of the last minute.
 */
export class CallForecast {
  readonly #amd: boolean;
  readonly #ring: StageHazard;
  readonly #detect = new StageHazard(AMD_SEC);
  readonly #pulse = new AnswerPulse();
  readonly #surge = new Surge();
  readonly #ringing: Float64Array;
  readonly #detecting: Float64Array;
  readonly #steps: number;
  readonly #learnSec: number; // the first calls have ended, and others after them
  /** Chance to want an agent within a number of bins, by bin of age since launch: rows of `#steps + 1`. */
  readonly #wants: Float64Array;
  #countedAt = -1;
  #lookedSec = 0;
  #learned = false; // for good: what an alarm forgets, the pulse stands in for
  #sawRinging = 0; // calls that the last snapshot showed, and those launched since: no others can answer

  constructor(maxRingSec: number, horizonSec: number, amd: boolean) {
    this.#amd = amd;
    this.#learnSec = 2.5 * maxRingSec;
    this.#ring = new StageHazard(Math.max(30, 2 * maxRingSec), maxRingSec + LATE_SEC);
    this.#ringing = new Float64Array(this.#ring.bins);
    this.#detecting = new Float64Array(this.#detect.bins);
    this.#steps = Math.ceil(horizonSec / BIN_SEC);
    this.#wants = new Float64Array(this.#ring.bins * (this.#steps + 1));
  }

  answered(ringSec: number, t: number): void {
    if (this.#sawRinging > 0 && t - this.#countedAt <= BLIND_SEC && this.#learned) {
      this.#sawRinging -= 1;
      this.#pulse.seen();
    }
    this.#ring.leave(ringSec, 'hit');
  }

  launched(): void {
    this.#sawRinging += 1;
    this.#surge.launched();
  }

  ended(ageSec: number, censored: boolean): void {
    this.#ring.leave(ageSec, censored ? 'censored' : 'other');
  }

  detected(tookSec: number, human: boolean): void {
    this.#detect.leave(tookSec, human ? 'hit' : 'other');
  }

  /** Counts the calls of a snapshot by age, and what was expected of the last one's until now. */
  look({ now, calls, counts }: DialerState): void {
    const sec = this.#countedAt < 0 ? 0 : now - this.#countedAt;
    this.#lookedSec += Math.min(sec, BLIND_SEC);
    this.#learned ||= this.#lookedSec > this.#learnSec && this.#ring.evidence >= LEARNED_ANSWERS;
    if (sec > 0 && sec <= BLIND_SEC && this.#learned) this.#pulse.expect(this.#expected(sec), sec);
    if (sec > 0 && this.#pulse.changed) this.#ring.forget(Math.exp(-sec / FORGET_CHANGED_SEC));
    if (sec > 0) this.#surge.look(sec, this.answerRate, this.#ring);
    this.#countedAt = now;
    this.#ringing.fill(0);
    this.#detecting.fill(0);
    for (const { state, launchedAt, answeredAt } of calls) {
      if (state === 'ringing') this.#ringing[this.#ring.binOf(now - launchedAt)]! += 1;
      if (state === 'amd') this.#detecting[this.#detect.binOf(now - answeredAt)]! += 1;
    }
    this.#sawRinging = counts.ringing;
  }

  rebuild(): void {
    this.#ring.rebuild(this.#ringing);
    if (this.#amd) this.#detect.rebuild(this.#detecting);
    for (let bin = 0; bin < this.#ring.bins; bin += 1) this.#wantsRow(bin);
  }

  get ringing(): Float64Array {
    return this.#ringing;
  }

  get detecting(): Float64Array {
    return this.#detecting;
  }

  binOf(ageSec: number): number {
    return this.#ring.binOf(ageSec);
  }

  /** Chances that a call of this bin of age wants an agent within those times, if `odds` times as many answer as is known. */
  wantsBy(bin: number, timesSec: Float64Array, odds: number): Float64Array {
    const all = new Float64Array(timesSec.length);
    const row = bin * (this.#steps + 1);
    const more = odds * this.#pulse.ratio;
    for (let at = 0; at < all.length; at += 1) {
      const step = Math.min(this.#steps, Math.round(timesSec[at]! / BIN_SEC));
      all[at] = raised(this.#wants[row + step]!, more);
    }
    return all;
  }

  /** The same for a call that was answered so many bins ago, while it is found out by whom. */
  humanBy(detectBin: number, timesSec: Float64Array, odds: number): Float64Array {
    const all = new Float64Array(timesSec.length);
    for (let at = 0; at < all.length; at += 1)
      all[at] = raised(this.#detect.hitWithin(detectBin * BIN_SEC, timesSec[at]!), odds);
    return all;
  }

  /** Share of dials that people answer, as it is now. */
  get answerRate(): number {
    return raised(this.#ring.hitBefore[this.#ring.bins]! * (this.#amd ? this.#humans() : 1), this.#pulse.ratio);
  }

  /** One standard deviation of the answer rate, relative. */
  get doubt(): number {
    return Math.sqrt(1 / (4 + this.#ring.evidence) + this.#pulse.doubt ** 2);
  }

  /** 1 while the answer rate may jump as it did before, falling to 0 with time. */
  get alert(): number {
    return this.#pulse.alert;
  }

  /** What a sudden change would do. */
  get surge(): Readonly<Surge> {
    return this.#surge;
  }

  #humans(): number {
    return this.#detect.hitBefore[this.#detect.bins]!;
  }

  #expected(sec: number): number {
    let sum = 0;
    for (let bin = 0; bin < this.#ringing.length; bin += 1) sum += this.#ringing[bin]! * this.#ring.hazard[bin]!;
    return (sum * sec) / BIN_SEC;
  }

  #wantsRow(bin: number): void {
    const row = bin * (this.#steps + 1);
    const { alive, hitBefore, bins } = this.#ring;
    const base = Math.max(1e-9, alive[bin]!);
    for (let step = 1; step <= this.#steps; step += 1) {
      const to = Math.min(bins, bin + step);
      this.#wants[row + step] = this.#amd ? 0 : (hitBefore[to]! - hitBefore[bin]!) / base;
    }
    if (this.#amd) this.#throughDetection(bin, row, base);
  }

  /** Answered in a bin, then found to be a person after a while: one is folded with the other. */
  #throughDetection(bin: number, row: number, base: number): void {
    const { hitBefore, bins } = this.#ring;
    const human = this.#detect.hitBefore;
    for (let by = 0; by < this.#steps && bin + by < bins; by += 1) {
      const answered = (hitBefore[bin + by + 1]! - hitBefore[bin + by]!) / base;
      if (answered === 0) continue;
      for (let step = by + 1; step <= this.#steps; step += 1)
        this.#wants[row + step]! += answered * human[Math.min(this.#detect.bins, step - by)]!;
    }
  }
}

/** A chance whose odds are that many times as great. */
function raised(p: number, odds: number): number {
  return (p * odds) / (1 - p + p * odds);
}

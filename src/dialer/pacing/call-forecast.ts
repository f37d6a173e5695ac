import { AnswerPulse } from './answer-pulse.ts';
import { BIN_SEC, StageHazard } from './ring-hazard.ts';
import type { DialerState } from './policy.ts';

const AMD_SEC = 8;
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
  readonly #ringing: Float64Array;
  readonly #detecting: Float64Array;
  readonly #steps: number;
  /** Chance to want an agent within a number of bins, by bin of age since launch: rows of `#steps + 1`. */
  readonly #wants: Float64Array;
  #countedAt = -1;

  constructor(maxRingSec: number, horizonSec: number, amd: boolean) {
    this.#amd = amd;
    this.#ring = new StageHazard(Math.max(30, 2 * maxRingSec));
    this.#ringing = new Float64Array(this.#ring.bins);
    this.#detecting = new Float64Array(this.#detect.bins);
    this.#steps = Math.ceil(horizonSec / BIN_SEC);
    this.#wants = new Float64Array(this.#ring.bins * (this.#steps + 1));
  }

  answered(ringSec: number): void {
    this.#pulse.seen();
    this.#ring.leave(ringSec, 'hit');
  }

  ended(ageSec: number, censored: boolean): void {
    this.#ring.leave(ageSec, censored ? 'censored' : 'other');
  }

  detected(tookSec: number, human: boolean): void {
    this.#detect.leave(tookSec, human ? 'hit' : 'other');
  }

  /** Counts the calls of a snapshot by age, and what was expected of the last one's until now. */
  look({ now, calls }: DialerState): void {
    const sec = this.#countedAt < 0 ? 0 : now - this.#countedAt;
    if (sec > 0) this.#pulse.expect(this.#expected(sec), sec);
    if (sec > 0 && this.#pulse.changed) this.#ring.forget(Math.exp(-sec / FORGET_CHANGED_SEC));
    this.#countedAt = now;
    this.#ringing.fill(0);
    this.#detecting.fill(0);
    for (const { state, launchedAt, answeredAt } of calls) {
      if (state === 'ringing') this.#ringing[this.#ring.binOf(now - launchedAt)]! += 1;
      if (state === 'amd') this.#detecting[this.#detect.binOf(now - answeredAt)]! += 1;
    }
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

  /** Chance that a call of this bin of age wants an agent within that time. */
  wantsWithin(bin: number, withinSec: number): number {
    const p =
      this.#wants[bin * (this.#steps + 1) + Math.max(0, Math.min(this.#steps, Math.round(withinSec / BIN_SEC)))]!;
    return this.#pulse.apply(p);
  }

  humanWithin(detectBin: number, withinSec: number): number {
    return this.#detect.hitWithin(detectBin * BIN_SEC, withinSec);
  }

  /** Share of dials that people answer, as it is now. */
  get answerRate(): number {
    return this.#pulse.apply(this.#ring.hitBefore[this.#ring.bins]! * (this.#amd ? this.#humans() : 1));
  }

  /** One standard deviation of the answer rate, relative. */
  get doubt(): number {
    return Math.sqrt(1 / (4 + this.#ring.evidence) + this.#pulse.doubt ** 2);
  }

  /** How many times as readily people may answer, if a jump that was seen comes again. */
  get jolt(): number {
    return this.#pulse.jolt;
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

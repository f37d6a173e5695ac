const TAU_SEC = 40; // what came this long ago weighs 1/e
const CALM_ANSWERS = 25; // how many expected answers the belief "nothing has changed" is worth
const ALARM_ANSWERS = 2;
const ALARM_Z = 4;
const ALARM_TAU_SEC = 12; // in an alarm the curves change too: what was expected of the old ones goes sooner

/** Answers seen against answers expected in the last minute: the fast side of the answer rate, for lists that change at once. */
export class AnswerPulse {
  #seen = 0;
  #expected = 0;

  seen(): void {
    this.#seen += 1;
  }

  expect(answers: number, sec: number): void {
    const keep = Math.exp(-sec / (this.changed ? ALARM_TAU_SEC : TAU_SEC));
    this.#seen *= keep;
    this.#expected = (this.#expected + answers) * keep;
    this.#renew();
  }

  /** Whether chance alone does not explain it. */
  get changed(): boolean {
    return Math.abs(this.#seen - this.#expected) > ALARM_Z * Math.sqrt(Math.max(this.#expected, 2));
  }

  /** Observed over expected, shrunk to one. */
  ratio = 1;

  #renew(): void {
    const calm = this.changed ? ALARM_ANSWERS : CALM_ANSWERS;
    this.ratio = Math.min(8, Math.max(0.1, (this.#seen + calm) / (this.#expected + calm)));
  }

  get doubt(): number {
    return this.changed ? 0.3 : 0;
  }

  /** A chance as the pulse corrects it: odds that many times as great. */
  apply(p: number): number {
    const odds = p * this.ratio;
    return odds / (1 - p + odds);
  }
}

const LONG_SEC = 40; // what came this long ago weighs 1/e, where answers are few
const SHORT_SEC = 12; // where they are many; and in an alarm, when the curves change too
const WANTED_ANSWERS = 60; // the window is as short as still expects this many
const CALM_ANSWERS = 25; // how many expected answers the belief "nothing has changed" is worth
const ALARM_ANSWERS = 2;
const ALARM_Z = 4;
const JUMP = 2; // so many times as many answers as expected are a jump, and no better hour
const ALERT_SEC = 7200; // how long a jump upwards counts as one that may come again
const CALMS_SEC = 3600; // after that, how fast it is forgotten

/** Answers seen against answers expected in the last minute: the fast side of the answer rate, for lists that change at once. */
export class AnswerPulse {
  /** Observed over expected, shrunk to one. */
  ratio = 1;
  /** Whether chance alone does not explain what is seen. */
  changed = false;
  /** 1 after a jump upwards, and 0 when none is remembered: what jumped once may jump again. */
  alert = 0;
  #sinceJump = Infinity;
  #seen = 0;
  #expected = 0;

  seen(): void {
    this.#seen += 1;
  }

  expect(answers: number, sec: number): void {
    const perSec = answers / sec;
    const window = this.changed ? SHORT_SEC : Math.max(SHORT_SEC, Math.min(LONG_SEC, WANTED_ANSWERS / perSec));
    const keep = Math.exp(-sec / window);
    this.#seen *= keep;
    this.#expected = (this.#expected + answers) * keep;
    this.#sinceJump += sec;
    this.#renew();
    this.alert = Math.exp(-Math.max(0, this.#sinceJump - ALERT_SEC) / CALMS_SEC);
  }

  get doubt(): number {
    return this.changed ? 0.3 : 0;
  }

  #renew(): void {
    const more = this.#seen - this.#expected;
    this.changed = Math.abs(more) > ALARM_Z * Math.sqrt(this.#expected) + ALARM_Z;
    const calm = this.changed ? ALARM_ANSWERS : CALM_ANSWERS;
    const ratio = (this.#seen + calm) / (this.#expected + calm);
    this.ratio = Math.min(8, Math.max(0.1, ratio));
    if (this.changed && ratio >= JUMP) this.#sinceJump = 0;
  }
}

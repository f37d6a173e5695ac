import { entriesOf } from './log.ts';
import type { SimulatedCall } from './simulated-call.ts';
import type { Step } from './test-file.ts';

/** A caller with a script in a simulated call. */
export class ScriptedCaller {
  readonly #call: SimulatedCall;
  /** What was heard up to here has been asked for. */
  #heard = 0;

  constructor(call: SimulatedCall) {
    this.#call = call;
  }

  /** Takes one step; what it waited for and did not come, in a sentence, or null. */
  does(step: Step): string | null {
    this.#call.passTo(this.#call.now); // what is due at this moment happens before he reacts
    if (this.#call.isOver && !('hear' in step)) return `The call was over before he could ${verbOf(step)}`;
    if ('hear' in step) return this.#hear(step.hear);
    if ('press' in step) this.#call.press(step.press);
    else if ('silence' in step) this.#call.passTo(this.#call.now + step.silence);
    else if ('wait' in step) return this.#waitFor((call) => call.node === step.wait, `came to \`${step.wait}\``);
    else if ('say' in step) return this.#say(step.say);
    else if ('speech' in step) return this.#waitFor((call) => call.speak(step.speech), 'recognised speech');
    else this.#call.hangUp();
    return null;
  }

  /** The caller does nothing more. */
  waitsForTheEnd(): void {
    while (this.#call.next());
  }

  #hear(prompt: string): string | null {
    const find = () =>
      entriesOf(this.#call.log, 'heard').findIndex((heard, i) => i >= this.#heard && heard.prompt === prompt);
    const already = this.#heard;
    while (find() < 0 && this.#call.next());
    const found = find();
    if (found >= 0) {
      this.#heard = found + 1;
      return null;
    }
    const heard = entriesOf(this.#call.log, 'heard').slice(already);
    const instead = heard.length === 0 ? 'nothing more' : heard.map((piece) => `\`${piece.prompt}\``).join(', ');
    return `\`${prompt}\` was never heard: until the call was over came ${instead}`;
  }

  #say(ms: number): string | null {
    const fault = this.#waitFor(({ stage }) => stage === 'recording', 'recorded him');
    if (fault !== null) return fault;
    this.#call.talk(ms);
    this.#call.passTo(this.#call.now + ms);
    return null;
  }

  #waitFor(holds: (call: SimulatedCall) => boolean, what: string): string | null {
    for (;;) {
      if (holds(this.#call)) return null;
      if (!this.#call.next()) return `The call never ${what}`;
    }
  }
}

const VERBS = { press: 'press', silence: 'be silent', wait: 'wait', say: 'talk', speech: 'speak', hangup: 'hang up' };

function verbOf(step: Exclude<Step, { hear: string }>): string {
  const [key = 'wait'] = Object.keys(step) as (keyof typeof VERBS)[];
  return 'press' in step ? `press ${step.press}` : VERBS[key];
}

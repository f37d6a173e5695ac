import {
  type Context,
  type Dialplan,
  inner,
  isMenu,
  readDialplan,
  seconds,
  type Step,
  wholeSeconds,
} from './dialplan.ts';
import { BYE, Draft, isExtension, isNumber, slug, time } from './draft.ts';
import { type ImportResult, type Root, written } from './write.ts';

/** Menus of Asterisk's extensions.conf, written by hand or by FreePBX (`ivr-N`), made into flows. */
export function importAsterisk(text: string, from: string): ImportResult {
  const plan = readDialplan(text);
  const draft = new Draft();
  const reader = new Reader(draft, plan);
  const roots = reader.read();
  if (roots.length === 0) return { ok: false, line: 1, why: 'No context in it says something and waits for keys' };
  for (const { line, text: what, why } of plan.strange) draft.lose(line, what.slice(0, 120), why);
  return written(draft, roots, from);
}

/** Steps that a flow does by itself, or that mean nothing in one. */
const SILENT = new Set(['answer', 'noop', 'verbose', 'ringing', 'progress', 'proceeding']);

/** What becomes of silence or a wrong key. */
interface Failing {
  readonly retries: number;
  readonly prompt: string | null;
  readonly to: string;
}

/** A menu as its `s` extension has it, so far. */
interface Head {
  readonly prompts: string[];
  timeoutMs: number;
  interDigitMs: number | null;
}

class Reader {
  readonly #draft: Draft;
  readonly #contexts: ReadonlyMap<string, Context>;
  /** Context → the node that calls come in by. */
  readonly #menus = new Map<string, string>();
  /** Place in the dialplan → its node; null while it is being made. */
  readonly #places = new Map<string, string | null>();
  /** Variables that name sounds. */
  readonly #sounds = new Map<string, string>();

  constructor(draft: Draft, plan: Dialplan) {
    this.#draft = draft;
    this.#contexts = plan.contexts;
  }

  read(): readonly Root[] {
    const menus = [...this.#contexts.values()].filter(isMenu);
    for (const { name } of menus) this.#menus.set(name, this.#draft.add(name, { type: 'menu' }));
    const roots = menus.map((context) => ({ node: this.#menu(context), title: context.name }));
    const before = [...this.#contexts.values()].filter((context) => !isMenu(context) && this.#leadsToMenu(context));
    const entries = before.map((context) => ({ node: this.#chain(context, 's', 0), title: context.name }));
    return [...entries, ...roots];
  }

  #leadsToMenu({ extensions }: Context): boolean {
    const steps = extensions.get('s') ?? [];
    return steps.some(
      ({ app, args }) =>
        app.startsWith('goto') &&
        [...this.#menus.keys()].some((name) => args.some((arg) => arg.split('?').at(-1) === name)),
    );
  }

  #menu(context: Context): string {
    const node = this.#menus.get(context.name) ?? BYE;
    const draft = this.#draft;
    const head: Head = { prompts: [], timeoutMs: 10_000, interDigitMs: null };
    const steps = context.extensions.get('s') ?? [];
    for (const step of steps) this.#headStep(step, head);
    const [silent, wrong] = [this.#failing(context, 't'), this.#failing(context, 'i')];
    if (head.prompts.length === 0)
      draft.lose(context.line, `[${context.name}]`, 'says nothing that is written out; record a prompt for it');
    const prompts = head.prompts.length > 0 ? head.prompts : [draft.sound(`${slug(context.name)}-menu`)];
    const one = (speech: readonly string[]) => (speech.length === 1 ? speech[0] : speech);
    const spoken = {
      first: one(prompts),
      ...(silent.prompt !== null && { again: [silent.prompt, ...prompts] }),
      ...(wrong.prompt !== null && { invalid: wrong.prompt }),
    };
    draft.nodes.set(node, {
      type: 'menu',
      prompt: Object.keys(spoken).length === 1 ? spoken.first : spoken,
      keys: this.#keys(context),
      timeout: time(head.timeoutMs, 500, 60_000),
      ...(head.interDigitMs !== null && { interDigit: time(head.interDigitMs, 300, 15_000) }),
      retries: { noInput: silent.retries, invalid: wrong.retries },
      outcomes: { noInput: silent.to, invalid: wrong.to },
    });
    return this.#behindHours(context, steps, node);
  }

  /** Hours that are looked at before the menu speaks. */
  #behindHours(context: Context, steps: readonly Step[], menu: string): string {
    const checks = steps.filter(({ app }) => app === 'gotoiftime');
    return checks.reduceRight((next, step) => this.#hours(step, context, next), menu);
  }

  #headStep(step: Step, head: Head): void {
    const { app, args, line, text } = step.app === 'execif' ? inner(step) : step;
    const lose = (why: string) => this.#draft.lose(line, text, why);
    if (SILENT.has(app) || app === 'gotoiftime') return;
    if (app === 'background' || app === 'playback') {
      head.prompts.push(...this.#prompts(args[0] ?? '', step));
      if (app === 'playback') lose('could not be cut short by a key; now it is part of the prompt, and can');
    } else if (app === 'waitexten') head.timeoutMs = seconds(args[0]) ?? head.timeoutMs;
    else if (app === 'set') this.#set(args, step, head);
    else if (app === 'gotoif' && /CHANNEL\(state\)/.test(text)) return;
    else if (app === 'goto' || app === 'hangup')
      lose('comes after the wait; what silence leads to is taken from extension t');
    else lose(app === 'wait' ? 'is a pause; flows make none' : 'has nothing like it in a flow');
  }

  #set(args: readonly string[], { line, text }: Step, head: Head): void {
    const [, name = '', value = ''] = /^_{0,2}([^=]+)=(.*)$/.exec(args.join(',')) ?? [];
    const wait = seconds(value);
    if (name === 'TIMEOUT(digit)' && wait !== null) head.interDigitMs = wait;
    else if (name === 'TIMEOUT(response)' && wait !== null) head.timeoutMs = wait;
    else if (/^[A-Za-z0-9/_-]+$/.test(value) && /[A-Za-z]/.test(value)) this.#sounds.set(name, value);
    else if (!/LOOPCOUNT|IVR_CONTEXT|IVR_RETVM|IVR_MSG/.test(name))
      this.#draft.lose(line, text, 'is a variable of the dialplan');
  }

  /** `a&b` are two sounds after each other; a variable stands for the sound that it was set to. */
  #prompts(sounds: string, { line, text }: Step): readonly string[] {
    return sounds.split('&').flatMap((written) => {
      const sound = written.replace(/^\$\{([A-Za-z0-9_]+)\}$/, (all, name: string) => this.#sounds.get(name) ?? all);
      if (/^[A-Za-z0-9_./-]*[A-Za-z0-9]$/.test(sound)) return [this.#draft.sound(sound)];
      this.#draft.lose(line, text, 'the sound is not written out');
      return [];
    });
  }

  /** Asterisk counts wrong keys by variables; a flow asks again so many times. */
  #failing(context: Context, extension: 'i' | 't'): Failing {
    const steps = context.extensions.get(extension) ?? [];
    const loops = steps.findIndex(
      ({ app, args }) =>
        app === 'goto' && (args[0] === 's' || (args.length === 3 && args[0] === context.name && args[1] === 's')),
    );
    if (loops < 0) return { retries: 0, prompt: null, to: steps.length > 0 ? this.#chain(context, extension, 0) : BYE };
    const limit = steps
      .map(({ app, text }) => (app === 'gotoif' ? />=?\s*"?([0-9]+)/.exec(text)?.[1] : undefined))
      .find((found) => found !== undefined);
    const first = steps[0];
    if (limit === undefined && first)
      this.#draft.lose(
        first.line,
        `extension ${extension} of [${context.name}]`,
        'asks for ever; the flow asks two more times and then ends the call',
      );
    const again = steps.slice(0, loops);
    const [prompt = null] = again.flatMap((step) => this.#saidAgain(step));
    const after = steps.length > loops + 1 ? this.#chain(context, extension, loops + 1) : BYE;
    return { retries: Math.min(10, Number(limit ?? 2)), prompt, to: after };
  }

  #saidAgain(step: Step): readonly string[] {
    const { app, args } = step;
    if (app === 'playback' || app === 'background') return this.#prompts(args[0] ?? '', step);
    const [, sound] =
      /^_{0,2}IVR_MSG=([A-Za-z0-9_./-]*[A-Za-z][A-Za-z0-9_./-]*)$/.exec(app === 'set' ? args.join(',') : '') ?? [];
    return sound === undefined ? [] : [this.#draft.sound(sound)];
  }

  #keys(context: Context): Readonly<Record<string, string>> {
    const keys: [string, string][] = [];
    for (const [extension, steps] of context.extensions) {
      const line = steps[0]?.line ?? context.line;
      if (/^[0-9*#]{1,4}$/.test(extension)) keys.push([extension, this.#chain(context, extension, 0)]);
      else if (extension === 'h' && steps.every(({ app }) => SILENT.has(app) || app === 'hangup')) continue;
      else if (!/^[sit]$/.test(extension))
        this.#draft.lose(line, `extension ${extension}`, 'is no fixed key of a menu');
    }
    if (keys.length > 0) return Object.fromEntries(keys);
    this.#draft.lose(
      context.line,
      `[${context.name}]`,
      'has no key that could be carried over; 0 ends the call for now',
    );
    return { '0': BYE };
  }

  /** The nodes for the steps from there on; answers the first. */
  #chain(context: Context, extension: string, index: number): string {
    const place = `${context.name},${extension},${index}`;
    const step = context.extensions.get(extension)?.[index];
    if (!step) return BYE;
    const known = this.#places.get(place);
    if (known !== undefined)
      return known ?? this.#draft.lose(step.line, step.text, 'leads round in a circle; the call ends here') ?? BYE;
    this.#places.set(place, null);
    const node = this.#step(step, context, extension, index);
    this.#places.set(place, node);
    return node;
  }

  #step(step: Step, context: Context, extension: string, index: number): string {
    const draft = this.#draft;
    const { app, args, line, text } = step;
    const next = () => this.#chain(context, extension, index + 1);
    const passed = (why: string) => draft.lose(line, text, why) ?? next();
    switch (app) {
      case 'goto':
        return this.#goto(step, args, context, extension) ?? BYE;
      case 'gotoiftime':
        return this.#hours(step, context, next());
      case 'hangup':
        return BYE;
      case 'busy':
      case 'congestion':
        return draft.add(app, { type: 'hangup', reason: app });
      case 'playback':
      case 'background': {
        const prompts = this.#prompts(args[0] ?? '', step);
        return prompts.length === 0 ? next() : draft.play(prompts, next());
      }
      case 'queue':
        return /^[A-Za-z0-9_-]+$/.test(args[0] ?? '')
          ? draft.queue(args[0] ?? '', next(), wholeSeconds(args[4]))
          : passed('the queue is not written out');
      case 'voicemail':
        return this.#voicemail(args[0] ?? '', next) ?? passed('the box is not written out');
      case 'dial':
        return this.#dial(args, next) ?? passed('is no single phone and no number with + over a trunk');
      default:
        return SILENT.has(app)
          ? next()
          : passed(app === 'wait' ? 'is a pause; flows make none' : 'has nothing like it in a flow');
    }
  }

  #voicemail(box: string, next: () => string): string | null {
    const [, name] = /^([A-Za-z0-9_-]+)(?:@[A-Za-z0-9_-]+)?$/.exec(box) ?? [];
    return name === undefined ? null : this.#draft.voicemail(name, next());
  }

  #dial([target = '', ring]: readonly string[], next: () => string): string | null {
    const [, phone, trunk] = /^(?:PJSIP|SIP|IAX2)\/(\+?[0-9]+)(?:@([A-Za-z0-9_-]+))?$/.exec(target) ?? [];
    if (phone === undefined) return null;
    if (isExtension(phone) && trunk === undefined) return this.#draft.transfer(phone, null, wholeSeconds(ring), next());
    if (!isNumber(phone) || trunk === undefined) return null;
    return this.#draft.transfer(
      phone,
      this.#draft.need('trunk', trunk, `was the endpoint ${trunk}`),
      wholeSeconds(ring),
      next(),
    );
  }

  #hours(step: Step, context: Context, otherwise: string): string {
    const [when = '', target = ''] = step.args.join(',').split('?', 2);
    const calendar = this.#draft.need('calendar', `${context.name}-hours`, `open at ${when}`);
    const open = this.#goto(step, (target.split(':')[0] ?? '').split(','), context, 's') ?? BYE;
    const outcomes = { open, closed: otherwise, holiday: otherwise, forced: otherwise };
    return this.#draft.add(`${context.name}-hours`, { type: 'hours', calendar, outcomes });
  }

  /** `context,extension,priority`, of which those before the last may be missing. */
  #goto(step: Step, target: readonly string[], context: Context, extension: string): string | null {
    const [priority = '1', to = extension, where = context.name] = target.toReversed();
    const there = this.#contexts.get(where);
    if (to === 's' && this.#menus.has(where)) return this.#menus.get(where) ?? null;
    const steps = there?.extensions.get(to);
    const index =
      steps?.findIndex(({ label, priority: number }) => label === priority || `${number}` === priority) ?? -1;
    if (there && index >= 0) return this.#chain(there, to, index);
    return (
      this.#freepbx(where, to) ??
      this.#draft.lose(step.line, step.text, 'leads to what is not in this file; say in the flow what it does')
    );
  }

  /** Contexts that FreePBX writes for its own parts. */
  #freepbx(context: string, extension: string): string | null {
    const [, box] = /^vm[busi]?([0-9]+)$/.exec(extension) ?? [];
    if (context === 'ext-local' && box !== undefined) return this.#draft.voicemail(box, BYE);
    if (context === 'ext-queues') return this.#draft.queue(extension, BYE);
    if (context === 'app-blackhole') return BYE;
    const isPhone = ['from-did-direct', 'ext-local', 'from-internal'].includes(context) && isExtension(extension);
    return isPhone ? this.#draft.transfer(extension, null, null, BYE) : null;
  }
}

/** One step of an Asterisk dialplan, `exten => 1,n(label),App(arguments)`. */
export interface Step {
  readonly line: number;
  readonly label: string | null;
  readonly priority: number;
  readonly app: string;
  readonly args: readonly string[];
  /** As it stands in the file. */
  readonly text: string;
}

export interface Context {
  readonly name: string;
  readonly line: number;
  /** Extension → its steps in order. */
  readonly extensions: Map<string, Step[]>;
}

export interface Dialplan {
  readonly contexts: ReadonlyMap<string, Context>;
  /** Lines that are no steps, and why. */
  readonly strange: readonly { readonly line: number; readonly text: string; readonly why: string }[];
}

/** Reads extensions.conf as far as menus are made of it; nothing in it is run or counted out. */
export function readDialplan(text: string): Dialplan {
  const contexts = new Map<string, Context>();
  const strange: { line: number; text: string; why: string }[] = [];
  let context: Context | null = null;
  let last: string | null = null;
  for (const [i, raw] of text
    .replace(/;--[\s\S]*?--;/g, blanked)
    .split(/\r?\n/)
    .entries()) {
    const line = i + 1;
    const code = withoutComment(raw).trim();
    const section = /^\[([^\]]+)\]/.exec(code)?.[1];
    if (section !== undefined) {
      context = contexts.get(section) ?? { name: section, line, extensions: new Map() };
      contexts.set(section, context);
      last = null;
      continue;
    }
    if (code === '') continue;
    const read = readStep(code, line, last);
    if (!read || !context) strange.push({ line, text: code, why: whyNot(code) });
    else {
      last = read.extension;
      const steps = context.extensions.get(last) ?? [];
      context.extensions.set(last, [
        ...steps,
        { ...read.step, priority: read.step.priority || (steps.at(-1)?.priority ?? 0) + 1 },
      ]);
    }
  }
  return { contexts, strange };
}

/** Line feeds stay, so that lines keep their numbers. */
const blanked = (comment: string) => comment.replace(/[^\n]/g, '');

function withoutComment(line: string): string {
  const at = /(^|[^\\]);/.exec(line);
  return at ? line.slice(0, at.index + (at[1]?.length ?? 0)) : line;
}

function whyNot(code: string): string {
  if (/^(include\s*=>?|#include|#tryinclude|#exec)/.test(code))
    return 'is not followed; import what it names by itself';
  if (/^(switch|ignorepat|eswitch|lswitch)\s*=>?/.test(code)) return 'has nothing like it in a flow';
  return /^[A-Za-z_]+\s*=/.test(code) ? 'is a variable; flows declare theirs' : 'is not understood';
}

/** Priority 0 stands for `n`, the one after the last. */
function readStep(code: string, line: number, last: string | null) {
  const [, kind, body = ''] = /^(exten|same)\s*=>?\s*(.*)$/.exec(code) ?? [];
  const comma = body.indexOf(',');
  const [extension, rest] =
    kind === 'same' ? [last, body] : [body.slice(0, Math.max(0, comma)).trim(), body.slice(comma + 1)];
  const [, priority, label, app, inner = ''] = STEP.exec(rest.trim()) ?? [];
  if (!kind || !extension || priority === undefined || app === undefined) return null;
  const args = splitArguments(inner);
  const step: Step = {
    line,
    label: label ?? null,
    priority: Number(priority) || 0,
    app: app.toLowerCase(),
    args,
    text: `${app}(${inner})`,
  };
  return { extension, step };
}

const STEP = /^([0-9]+|n)(?:\(([^)]*)\))?\s*,\s*([A-Za-z_]+)\s*(?:\((.*)\))?$/;

/** By the commas that stand in no bracket and in no quotes. */
function splitArguments(text: string): readonly string[] {
  const parts = [''];
  let [depth, quoted] = [0, false];
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if (!quoted && /[([{]/.test(char)) depth += 1;
    if (!quoted && /[)\]}]/.test(char)) depth -= 1;
    if (char === ',' && depth <= 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}

/** Does it say something and wait for keys? */
export const isMenu = ({ extensions }: Context): boolean =>
  (extensions.get('s') ?? []).some((step) => ['background', 'waitexten'].includes(inner(step).app)) &&
  [...extensions.keys()].some((extension) => /^[0-9*#]{1,4}$/.test(extension));

/** `ExecIf(condition?App(arguments))` is its application: menus say what they say on some condition of the moment. */
export function inner(step: Step): Step {
  const [, app, args] = /\?\s*([A-Za-z]+)\((.*)\)$/.exec(step.app === 'execif' ? step.args.join(',') : '') ?? [];
  return app === undefined || args === undefined ? step : { ...step, app: app.toLowerCase(), args: args.split(',') };
}

export const wholeSeconds = (text: string | undefined): number | null =>
  /^[0-9]{1,5}$/.test(text ?? '') ? Number(text) : null;

/** Of a number of seconds the milliseconds. */
export function seconds(text: string | undefined): number | null {
  const value = /^[0-9]{1,4}(\.[0-9]+)?$/.test(text ?? '') ? Number(text) : null;
  return value === null ? null : value * 1_000;
}

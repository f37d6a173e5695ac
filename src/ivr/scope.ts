import type { Code } from './codes.ts';
import type { Broken, Expression, Expressions, Value, VarType } from './expression.ts';
import type { FlowFile } from './flow-file.ts';
import type { Exit, FlowNode, Reference, SayKind, Speech, VarDecl, VarUse } from './flow.ts';
import { type Path, type Report, suggest, type Where } from './problem.ts';
import type { SpeechFile, ValueFile } from './parts.ts';
import { CALL_FACTS, parseTemplate, type Template, urlFault } from './template.ts';

/** May this variable hold that value? */
export function fits(decl: { readonly type: VarType; readonly values: readonly string[] }, value: unknown): boolean {
  switch (decl.type) {
    case 'enum':
      return typeof value === 'string' && decl.values.includes(value);
    case 'string':
      return typeof value === 'string';
    case 'int':
      return Number.isSafeInteger(value);
    default:
      return typeof value === 'boolean';
  }
}

export const VAR_TYPES = ['string', 'enum', 'int', 'bool'] as const;

/** How a value of that type is written; of an enum, its values say it. */
export const written = (type: Exclude<VarType, 'enum'>): string =>
  ({
    string: 'Write a text, in quotes when it looks like a number.',
    int: 'Write a whole number without quotes.',
    bool: 'Write true or false without quotes.',
  })[type];

/** What the building of a node needs from the flow around it. */
export interface FlowScope {
  readonly file: FlowFile;
  readonly vars: ReadonlyMap<string, VarDecl>;
  readonly expressions: Expressions;
  readonly report: Report;
}

/** A value that is written out, or counted out while the call runs. */
export type Setting = { readonly value: Value } | { readonly expression: Expression<Value> };
export type Settings = Readonly<Record<string, Setting>>;

/**
 * One node in the making. It takes down whatever the node leads to, says, reads, writes and refers to, so that lint, graph
 * and diff need to know no kind of node. Paths are told from the node on.
 */
export class NodeScope {
  readonly id: string;
  readonly flow: FlowScope;
  readonly exits: Exit[] = [];
  readonly says: { readonly speech: Speech; readonly path: Path }[] = [];
  readonly refers: Reference[] = [];
  readonly reads: VarUse[] = [];
  readonly writes: (VarUse & { readonly after: string | null })[] = [];

  constructor(id: string, flow: FlowScope) {
    this.id = id;
    this.flow = flow;
  }

  at(path: Path): Path {
    return ['nodes', this.id, ...path];
  }

  report(code: Code, path: Path, message: string, cure: string, where?: Where): void {
    this.flow.report(code, this.at(path), message, cure, where);
  }

  /** An edge by that outcome; answers its target. */
  edge<T extends string | null>(outcome: string, to: T, path: Path): T {
    this.exits.push({ outcome, to, path: this.at(path) });
    return to;
  }

  /** Every outcome leads somewhere: by the node's own edge, or by the flow's default for that outcome. */
  outcomes(own: Readonly<Record<string, string | undefined>> | undefined, names: readonly string[]): void {
    for (const outcome of names) {
      const to = own?.[outcome];
      const filled = this.flow.file.defaults[outcome];
      if (to !== undefined) this.edge(outcome, to, ['outcomes', outcome]);
      else if (typeof filled === 'string') this.exits.push({ outcome, to: filled, path: ['defaults', outcome] });
      else {
        const cure = `Add \`${outcome}: <node>\` under its outcomes.`;
        this.report(
          'missing-outcome',
          ['outcomes'],
          `The outcome \`${outcome}\` of \`${this.id}\` leads nowhere.`,
          cure,
        );
      }
    }
  }

  /** Where a failure of this node goes. */
  failure(own: Readonly<Record<string, string | undefined>> | undefined): string | null {
    const to = own?.['error'];
    if (to !== undefined) return this.edge('error', to, ['outcomes', 'error']);
    const filled = this.flow.file.defaults.onError;
    if (filled !== undefined) this.exits.push({ outcome: 'error', to: filled, path: ['defaults', 'onError'] });
    return filled ?? null;
  }

  refer(what: Reference['what'], name: string, path: Path): string {
    this.refers.push({ what, name, path: this.at(path) });
    return name;
  }

  /** A variable that is read; `types` are those that fit here. */
  read(name: string, path: Path, types: readonly VarType[], leaves = true): void {
    this.#use(name, path, types);
    this.#reads([name], path, leaves);
  }

  #reads(names: readonly string[], path: Path, leaves: boolean): void {
    for (const name of names) {
      this.reads.push({ name, path: this.at(path), leaves });
      if (!leaves || this.flow.vars.get(name)?.sensitive !== true) continue;
      const cure = 'Only the body of a lookup and a PIN check may hold it.';
      this.report('sensitive-leak', path, `The sensitive variable \`${name}\` would leave the call here.`, cure);
    }
  }

  /** A variable that is set, on that outcome alone or on all. */
  write(name: string, path: Path, types: readonly VarType[], after: string | null = null): void {
    this.#use(name, path, types);
    this.writes.push({ name, path: this.at(path), leaves: false, after });
  }

  #use(name: string, path: Path, types: readonly VarType[]): void {
    const decl = this.flow.vars.get(name);
    const fitting = [...this.flow.vars].filter(([, { type }]) => types.includes(type)).map(([known]) => known);
    if (!decl) {
      this.report('unknown-variable', path, `The variable \`${name}\` is not declared.`, suggest(name, fitting));
    } else if (!types.includes(decl.type)) {
      const message = `\`${name}\` is of type ${decl.type}, and here belongs one of type ${types.join(' or ')}.`;
      this.report('variable-type', path, message, suggest(name, fitting));
    }
  }

  condition(source: string, path: Path): Expression<boolean> {
    const compiled = this.flow.expressions.condition(source);
    if (!compiled.ok) return this.#broken(compiled, path, { source, reads: [], of: () => false });
    this.#reads(compiled.expression.reads, path, false);
    return compiled.expression;
  }

  #broken<T>({ message, cure, offset }: Broken, path: Path, standIn: T): T {
    this.report('bad-condition', path, message, cure, offset);
    return standIn; // a flow with problems never runs
  }

  speech(items: SpeechFile, path: Path): Speech {
    const speech = items.map((item, index): Speech[number] => {
      if (typeof item === 'string') return { prompt: item };
      this.read(item.of, path, SAY_TYPES[item.say]);
      if (item.say === 'money' && item.currency === undefined) {
        this.report(
          'missing-field',
          path,
          'Money needs a `currency`.',
          'Add it, like `currency: EUR`.',
          index === 0 ? 0 : 'key',
        );
      }
      return { say: item.say, of: item.of, currency: item.currency ?? null };
    });
    this.says.push({ speech, path: this.at(path) });
    return speech;
  }

  /** `set: { variable: value }`, where a value may be `{ cel: … }`. */
  settings(set: Readonly<Record<string, ValueFile>>, path: Path, after: string | null = null): Settings {
    const settings = Object.entries(set).map(([name, value]): [string, Setting] => {
      const decl = this.flow.vars.get(name);
      const here = [...path, name];
      if (!decl) {
        const cure = suggest(name, this.flow.vars.keys());
        this.flow.report('unknown-variable', this.at(here), `The variable \`${name}\` is not declared.`, cure, 'key');
      } else this.writes.push({ name, path: this.at(here), leaves: false, after });
      return [name, this.setting(value, decl, here)];
    });
    return Object.fromEntries(settings);
  }

  /** One value for that variable, or for one of another flow, which is known to the site alone. */
  setting(value: ValueFile, decl: VarDecl | undefined, path: Path): Setting {
    if (typeof value !== 'object') {
      if (decl && !fits(decl, value)) {
        const cure = decl.type === 'enum' ? suggest(String(value), decl.values) : written(decl.type);
        this.report('variable-type', path, `\`${path.at(-1)}\` cannot be ${JSON.stringify(value)}.`, cure);
      }
      return { value };
    }
    const compiled = this.flow.expressions.value(value.cel, decl?.type ?? null);
    if (!compiled.ok) return this.#broken(compiled, [...path, 'cel'], { value: '' });
    // A sensitive value may go on only where it is sensitive too.
    this.#reads(compiled.expression.reads, path, decl?.sensitive !== true);
    return { expression: compiled.expression };
  }

  /** A text with `${…}` in it; `also` are names that may stand there besides variables of those types. */
  template(
    text: string,
    path: Path,
    types: readonly VarType[],
    also: readonly string[] = CALL_FACTS,
    leaves = true,
  ): Template {
    const template = parseTemplate(text);
    for (const part of template) {
      if (typeof part === 'string') {
        if (!part.includes('${')) continue;
        this.report('bad-template', path, 'A `${` has no end.', 'Write it like `${customerId}`.');
        continue;
      }
      if (also.includes(part.name) || (part.name.startsWith('env.') && also.includes('env.'))) continue;
      if (this.flow.vars.has(part.name)) this.read(part.name, path, types, leaves);
      else {
        const fitting = [...this.flow.vars].flatMap(([name, { type }]) => (types.includes(type) ? [name] : []));
        const where = CALL_FACTS.some((fact) => fact === part.name) ? 'here' : 'in a text';
        const cure = suggest(part.name, [...also, ...fitting]);
        this.report('bad-template', path, `\`${part.name}\` cannot stand ${where}.`, cure);
      }
    }
    return template;
  }

  /** An address; what is filled in may be any variable that is not sensitive. */
  url(text: string, path: Path): Template {
    const template = this.template(text, path, VAR_TYPES, [...CALL_FACTS, 'env.']);
    if (template.some((part) => typeof part === 'string' && part.includes('${'))) return template; // told
    const fault = urlFault(template);
    const cure = 'Write it like `https://crm.example.org/callers/${call.from}` or `${env.CRM}/callers/${call.from}`.';
    if (fault === null) this.refer('url', text, path);
    else this.report('bad-template', path, fault, cure);
    return template;
  }

  built(type: string, error: string | null, does: FlowNode['does']): FlowNode {
    const { id, exits, says, refers, reads, writes } = this;
    return { id, type, error, exits, says, refers, reads, writes, does };
  }
}

const SAY_TYPES: Readonly<Record<SayKind, readonly VarType[]>> = {
  digits: ['string'],
  number: ['int'],
  date: ['string'],
  money: ['int'],
};

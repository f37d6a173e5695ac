import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { celWords, typeWords } from './cel-words.ts';
import { readPattern } from './pattern.ts';

/** What a condition may read of the call; all texts. */
export interface CallFacts {
  /** Caller's number, `` when withheld. It never authenticates anybody. */
  readonly from: string;
  readonly to: string;
  readonly language: string;
  /** As `site/customers.yaml` says of the caller's number, `` for one whom it does not name. */
  readonly customerType: string;
}

export type Value = string | number | boolean;
export type VarType = 'string' | 'enum' | 'int' | 'bool';

type Vars = Readonly<Record<string, Value>>;

/** An expression that passed its type check, and the variables it reads. */
export interface Expression<T extends Value> {
  readonly source: string;
  readonly reads: readonly string[];
  /** Null when it cannot be told, as in a division by zero. */
  of(call: CallFacts, vars: Vars): T | null;
}

/** What is wrong in an expression and what mends it, a sentence each, and where in it. */
export interface Broken {
  readonly message: string;
  readonly cure: string;
  readonly offset: number;
}

type Compiled<T extends Value> =
  | { readonly ok: true; readonly expression: Expression<T> }
  | ({ readonly ok: false } & Broken);

export interface Expressions {
  /** True or false. */
  condition(source: string): Compiled<boolean>;
  /** A value for a variable of that type; null: of any. */
  value(source: string, type: VarType | null): Compiled<Value>;
}

class Call {
  readonly from: string;
  readonly to: string;
  readonly language: string;
  readonly customerType: string;

  constructor(facts: CallFacts) {
    // A SIP header may be long, and patterns take time with their input's length.
    this.from = facts.from.slice(0, 64);
    this.to = facts.to.slice(0, 64);
    this.language = facts.language;
    this.customerType = facts.customerType;
  }
}

const FIELDS = { from: 'string', to: 'string', language: 'string', customerType: 'string' };

/** Without comprehensions and with bounded size, an expression's cost is bounded by its length. */
const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);
const LIMITS = { maxAstNodes: 600, maxDepth: 32, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 8 };

const CEL_TYPE = { string: 'string', enum: 'string', int: 'int', bool: 'bool' } as const;

/** Names that mean something in CEL (language definition, syntax section) or name the call. */
export function isReservedVariable(name: string): boolean {
  if (name === 'call') return true;
  try {
    // `true` and `null` are taken as names, and read as what they are: of another type.
    return new Environment().registerVariable(name, 'string').check(name).type !== 'string';
  } catch {
    return true;
  }
}

/** CEL (github.com/google/cel-spec) over the call's facts and the flow's declared variables, checked at load. */
export function expressionsOver(types: ReadonlyMap<string, VarType>): Expressions {
  const environment = new Environment({ limits: LIMITS })
    .registerType({ name: 'Call', ctor: Call, fields: FIELDS })
    .registerVariable('call', 'Call');
  for (const [name, type] of types) environment.registerVariable(name, CEL_TYPE[type]);
  const compiler = { environment, types };
  return {
    condition: (source) => compile(compiler, source, ['bool'], asBoolean),
    value: (source, type) => compile(compiler, source, type ? [CEL_TYPE[type]] : ['string', 'int', 'bool'], plain),
  };
}

/** CEL counts whole numbers as BigInt; variables are plain numbers. */
function plain(value: unknown): Value | null {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : null;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

const asBoolean = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

function compile<T extends Value>(
  { environment, types }: { environment: Environment; types: ReadonlyMap<string, VarType> },
  source: string,
  wanted: readonly string[],
  read: (value: unknown) => T | null,
): Compiled<T> {
  const checked = environment.check(source);
  if (!checked.valid) {
    const { code = '', summary = '', range = { start: 0, end: 0 } } = checked.error ?? {};
    const fault = { code, said: summary, from: range.start, to: range.end };
    return { ok: false, ...celWords(fault, source, [...types.keys(), 'call']), offset: range.start };
  }
  const { type = '' } = checked;
  if (!wanted.includes(type)) return { ok: false, ...misfit(type, wanted), offset: 0 };
  const program = environment.parse(source);
  const refused = refuse(program.ast);
  if (refused) return { ok: false, ...refused };
  const ids = new Set([...nodesOf(program.ast)].flatMap(({ op, args }) => (op === 'id' ? [args] : [])));
  const reads = [...types.keys()].filter((name) => ids.has(name));
  const of = (call: CallFacts, vars: Vars): T | null => {
    try {
      return read(program(context(types, call, vars)));
    } catch {
      return null;
    }
  };
  return { ok: true, expression: { source, reads, of } };
}

/** The one boundary where whole numbers become the BigInt that CEL counts in. */
function context(types: ReadonlyMap<string, VarType>, call: CallFacts, vars: Vars) {
  const context: Record<string, unknown> = { call: new Call(call) };
  for (const [name, type] of types) {
    const value = vars[name];
    context[name] = type === 'int' && typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
  }
  return context;
}

function misfit(type: string, wanted: readonly string[]): Omit<Broken, 'offset'> {
  const message = `This is ${typeWords(type)}, and here belongs ${wanted.map(typeWords).join(' or ')}.`;
  return { message, cure: TURN[wanted[0] ?? ''] ?? 'Compare it with something.' };
}

const TURN: Readonly<Record<string, string>> = {
  bool: 'Compare it with something, like `tier == "vip"`.',
  int: 'Make a whole number of it, by `int(…)` or `size(…)`.',
  string: 'Make a text of it by `string(…)`.',
};

const ONE_BY_ONE = 'Compare values one by one, or look for one with `in`.';
const WRITTEN_OUT = 'Write it out, like `call.from.matches("^[0-9]{4}$")`.';

function refuse(ast: ASTNode): Broken | null {
  for (const node of nodesOf(ast)) {
    if (node.op !== 'rcall') continue;
    const [name, , args] = node.args;
    if (COMPREHENSIONS.has(name))
      return { message: `\`${name}\` may not be used.`, cure: ONE_BY_ONE, offset: node.start };
    if (name !== 'matches') continue;
    const literal = args[0]?.op === 'value' ? args[0].args : null;
    const pattern = typeof literal === 'string' ? readPattern(literal) : null;
    if (!pattern) return { message: 'A pattern must stand here as a text.', cure: WRITTEN_OUT, offset: node.start };
    if (!pattern.ok)
      return { message: `The pattern is refused: ${pattern.why}.`, cure: WRITTEN_OUT, offset: node.start };
  }
  return null;
}

function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const part of [node.args].flat(3)) if (isNode(part)) yield* nodesOf(part);
}

const isNode = (part: unknown): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part;

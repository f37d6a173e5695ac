import { expressionsOver, isReservedVariable } from './expression.ts';
import type { FlowFile } from './flow-file.ts';
import type { Flow, FlowNode, VarDecl } from './flow.ts';
import { KINDS } from './nodes/index.ts';
import { type Report, suggest } from './problem.ts';
import { fits, type FlowScope, NodeScope } from './scope.ts';

const KIND_OF = new Map(KINDS.map((kind) => [kind.type as string, kind]));

/** Fills in the defaults, compiles the conditions and takes down every edge; faults go to `report`. */
export function buildFlow(file: FlowFile, report: Report): Omit<Flow, 'version' | 'file'> {
  const vars = declaredVars(file, report);
  const expressions = expressionsOver(new Map([...vars].map(([name, { type }]) => [name, type])));
  const scope: FlowScope = { file, vars, report, expressions };
  checkLanguages(file, report);
  checkPassed(file, report);
  const nodes = Object.entries(file.nodes).map(([id, node]): [string, FlowNode] => [id, buildNode(id, node, scope)]);
  return {
    id: file.id,
    title: file.title,
    owner: file.owner ?? null,
    reviewBy: file.reviewBy ?? null,
    dids: file.dids,
    languages: {
      default: file.languages.default,
      supported: file.languages.supported,
      rememberMs: file.languages.remember ?? null,
    },
    vars,
    takes: file.takes,
    gives: file.gives,
    prompts: new Map(Object.entries(file.prompts).map(([name, { tts }]) => [name, tts])),
    start: file.start,
    nodes: new Map(nodes),
    onError: file.defaults.onError ?? null,
    maxSteps: file.limits.maxSteps,
    maxDurationMs: file.limits.maxDuration,
    maxCalls: file.limits.maxCalls ?? null,
  };
}

function buildNode(id: string, node: { readonly type: string }, flow: FlowScope): FlowNode {
  const kind = KIND_OF.get(node.type);
  if (!kind) throw new Error(`a node of type ${node.type} passed the schema`);
  const scope = new NodeScope(id, flow);
  const does = kind.build(node, scope);
  const error = scope.exits.find(({ outcome }) => outcome === 'error')?.to ?? null;
  return scope.built(kind.type, error, does);
}

function declaredVars(file: FlowFile, report: Report): ReadonlyMap<string, VarDecl> {
  const vars = new Map<string, VarDecl>();
  for (const [name, decl] of Object.entries(file.vars)) {
    const path = ['vars', name];
    const values = decl.type === 'enum' ? decl.values : [];
    if (isReservedVariable(name)) {
      const message = `\`${name}\` has a meaning of its own in conditions.`;
      report('reserved-name', path, message, 'Choose another name for the variable.', 'key');
      continue;
    }
    const { type, pii, sensitive } = decl;
    const empty = { enum: values[0] ?? '', string: '', int: 0, bool: false }[type];
    const given = decl.default;
    vars.set(name, { type, values, default: given ?? empty, hasDefault: given !== undefined, pii, sensitive });
    if (given === undefined || fits({ type, values }, given)) continue;
    report('wrong-value', [...path, 'default'], `\`${given}\` is not one of the values.`, suggest(`${given}`, values));
  }
  return vars;
}

function checkLanguages(file: FlowFile, report: Report): void {
  const { default: first, supported } = file.languages;
  if (!supported.includes(first)) {
    const message = `\`${first}\` is not among the supported languages.`;
    report('unknown-language', ['languages', 'default'], message, 'Add it to `supported`.');
  }
  supported.forEach((language, index) => {
    if (supported.indexOf(language) === index) return;
    report('wrong-value', ['languages', 'supported', index], `\`${language}\` is named twice.`, 'Remove one.');
  });
}

/** Arguments and results are variables of the flow. */
function checkPassed(file: FlowFile, report: Report): void {
  for (const field of ['takes', 'gives'] as const) {
    file[field].forEach((name, i) => {
      if (Object.hasOwn(file.vars, name)) return;
      const cure = suggest(name, Object.keys(file.vars));
      report('unknown-variable', [field, i], `The variable \`${name}\` is not declared.`, cure);
    });
  }
  file.gives.forEach((name, i) => {
    if (file.vars[name]?.sensitive !== true) return;
    const message = `The sensitive variable \`${name}\` would leave this flow.`;
    report('sensitive-leak', ['gives', i], message, 'Use it here, and give back what came of it.');
  });
}

import { buildNode } from './build-node.ts';
import { type Condition, conditionsOver, isReservedVariable } from './expression.ts';
import type { FlowFile } from './flow-file.ts';
import type { Flow, FlowNode, VarDecl } from './flow.ts';
import { type Report, suggest } from './problem.ts';
import { type Edge, fits, type Scope } from './scope.ts';

export interface Built {
  readonly flow: Omit<Flow, 'version' | 'file'>;
  readonly edges: readonly Edge[];
}

/** Fills in the defaults, compiles the conditions and takes down every edge; faults go to `report`. */
export function buildFlow(file: FlowFile, report: Report): Built {
  const edges: Edge[] = [];
  const vars = declaredVars(file, report);
  const conditions = conditionsOver(new Map([...vars].map(([name, { type }]) => [name, type])));
  const scope: Scope = {
    file,
    vars,
    report,
    edge(from, to, path) {
      edges.push({ from, to, path });
      return to;
    },
    condition(source, path) {
      const compiled = conditions.compile(source);
      if (compiled.ok) return compiled.condition;
      const cure = 'Conditions are CEL over the declared variables and call.from, call.to, call.language.';
      report(path, `The condition does not hold together: ${compiled.message}.`, cure, compiled.offset);
      return NEVER;
    },
  };
  checkLanguages(file, report);
  const nodes = Object.entries(file.nodes).map(([id, node]): [string, FlowNode] => [id, buildNode(id, node, scope)]);
  return {
    edges,
    flow: {
      id: file.id,
      title: file.title,
      dids: file.dids,
      languages: file.languages,
      vars,
      start: file.start,
      nodes: new Map(nodes),
      onError: file.defaults.onError ?? null,
      maxSteps: file.limits.maxSteps,
    },
  };
}

/** Stands in for a condition that was reported; a flow with problems never runs. */
const NEVER: Condition = { source: 'false', holds: () => false };

function declaredVars(file: FlowFile, report: Report): ReadonlyMap<string, VarDecl> {
  const vars = new Map<string, VarDecl>();
  for (const [name, decl] of Object.entries(file.vars)) {
    const path = ['vars', name];
    const values = decl.type === 'enum' ? decl.values : [];
    if (isReservedVariable(name)) {
      report(path, `\`${name}\` has a meaning of its own in conditions.`, 'Choose another name for the variable.');
      continue;
    }
    vars.set(name, { type: decl.type, values, default: decl.default, pii: decl.pii });
    if (!fits({ type: decl.type, values }, decl.default)) {
      report([...path, 'default'], `\`${decl.default}\` is not one of the values.`, suggest(`${decl.default}`, values));
    }
  }
  return vars;
}

function checkLanguages(file: FlowFile, report: Report): void {
  const { default: first, supported } = file.languages;
  if (!supported.includes(first)) {
    report(['languages', 'default'], `\`${first}\` is not among the supported languages.`, 'Add it to `supported`.');
  }
  supported.forEach((language, index) => {
    if (supported.indexOf(language) === index) return;
    report(['languages', 'supported', index], `\`${language}\` is named twice.`, 'Remove one.');
  });
}

import { z } from 'zod';
import { expressionsOver, type VarType } from './expression.ts';
import type { Flow, FlowNode, VarDecl } from './flow.ts';
import { circles } from './lint-graph.ts';
import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import { value, type ValueFile } from './parts.ts';
import { type Path, type Problem, suggest } from './problem.ts';
import { fits, written } from './scope.ts';
import type { Source } from './source.ts';

/** Flows that call each other: they are there, agree on what they give each other, and come to an end. */
export function lintCalls(flows: readonly LoadedFlow[], { allFlows }: SiteNames): readonly Problem[] {
  const byId = new Map(flows.map((loaded) => [loaded.flow.id, loaded]));
  return [
    ...recursions(byId),
    ...flows.flatMap((caller) => callsIn(caller).flatMap((call) => lintCall(call, byId, allFlows))),
  ];
}

/** A `flow` node that calls another flow. */
interface Call {
  readonly caller: LoadedFlow;
  readonly node: FlowNode;
  readonly callee: string;
  readonly path: Path;
}

const callsIn = (caller: LoadedFlow): readonly Call[] =>
  [...caller.flow.nodes.values()].flatMap((node) =>
    node.refers.flatMap(({ what, name, path }) => (what === 'flow' ? [{ caller, node, callee: name, path }] : [])),
  );

function recursions(byId: ReadonlyMap<string, LoadedFlow>): readonly Problem[] {
  const callsOf = (id: string): readonly Call[] => {
    const loaded = byId.get(id);
    return loaded ? callsIn(loaded) : [];
  };
  const around = circles(byId.keys(), (id) => callsOf(id).map(({ callee }) => callee));
  return around.flatMap((circle) => {
    const [first = '', second = first] = circle;
    const call = callsOf(first).find(({ callee }) => callee === second);
    const way = [...circle, first].map((id) => `\`${id}\``).join(' → ');
    const message = circle.length === 1 ? `The flow \`${first}\` calls itself.` : `${way} call each other.`;
    const cure = 'Let one of them `return`, and go on in the flow that called it.';
    return call ? [call.caller.source.problem('flow-recursion', call.path, message, cure)] : [];
  });
}

function lintCall(call: Call, byId: ReadonlyMap<string, LoadedFlow>, allFlows: boolean): readonly Problem[] {
  const callee = byId.get(call.callee)?.flow;
  if (callee) return [...lintOutcomes(call, callee), ...lintPassed(call, callee)];
  if (!allFlows) return [];
  const message = `There is no flow \`${call.callee}\`.`;
  return [call.caller.source.problem('unknown-flow', call.path, message, suggest(call.callee, byId.keys()))];
}

/** The outcomes that a flow can come back with: those of its `return` nodes, and `done` where it ends without one. */
function outcomesOf({ nodes }: Flow): ReadonlySet<string> {
  const ends = [...nodes.values()].flatMap(({ type, exits }) =>
    exits.filter(({ to }) => to === null).map(({ outcome }) => (type === 'return' ? outcome : 'done')),
  );
  return new Set(ends);
}

function lintOutcomes({ caller, node, callee }: Call, called: Flow): readonly Problem[] {
  const given = outcomesOf(called);
  const listed = new Map(node.exits.filter(({ outcome }) => outcome !== 'error').map((exit) => [exit.outcome, exit]));
  const missing = [...given].filter((outcome) => !listed.has(outcome));
  const extra = [...listed.values()].filter(({ outcome }) => !given.has(outcome));
  const { source } = caller;
  return [
    ...missing.map((outcome) =>
      source.problem(
        'missing-outcome',
        ['nodes', node.id, 'outcomes'],
        `The outcome \`${outcome}\` of the flow \`${callee}\` leads nowhere.`,
        `Add \`${outcome}: <node>\` under its outcomes.`,
      ),
    ),
    ...extra.map(({ outcome, path }) =>
      source.problem(
        'wrong-value',
        path,
        `The flow \`${callee}\` never returns \`${outcome}\`.`,
        suggest(outcome, given),
        'key',
      ),
    ),
  ];
}

const passed = z.object({
  with: z.record(z.string(), value).default({}),
  save: z.record(z.string(), z.string()).default({}),
});

function lintPassed({ caller, node }: Call, callee: Flow): readonly Problem[] {
  const { flow, source } = caller;
  const file = passed.safeParse(Object(source.data).nodes[node.id]);
  if (!file.success) return [];
  const at = (...path: readonly string[]): Path => ['nodes', node.id, ...path];
  const given = Object.entries(file.data.with).flatMap(([name, written]) =>
    lintArgument(name, written, at('with', name), { callee, flow, source }),
  );
  const saved = Object.entries(file.data.save).flatMap(([mine, theirs]) =>
    lintResult(mine, theirs, at('save', mine), { callee, flow, source }),
  );
  return [...given, ...saved];
}

interface Between {
  readonly callee: Flow;
  readonly flow: Flow;
  readonly source: Source;
}

function lintArgument(
  name: string,
  given: ValueFile,
  path: Path,
  { callee, flow, source }: Between,
): readonly Problem[] {
  const decl = callee.takes.includes(name) ? callee.vars.get(name) : undefined;
  if (!decl) {
    const message = `The flow \`${callee.id}\` does not take \`${name}\`.`;
    return [source.problem('unknown-variable', path, message, suggest(name, callee.takes), 'key')];
  }
  if (typeof given !== 'object') {
    if (fits(decl, given)) return [];
    const message = `\`${name}\` of the flow \`${callee.id}\` cannot be ${JSON.stringify(given)}.`;
    return [source.problem('variable-type', path, message, wanted(decl))];
  }
  const types = new Map<string, VarType>([...flow.vars].map(([known, { type }]) => [known, type]));
  const compiled = expressionsOver(types).value(given.cel, decl.type);
  if (compiled.ok) return [];
  const message = `\`${name}\` of the flow \`${callee.id}\` cannot be this. ${compiled.message}`;
  return [source.problem('variable-type', [...path, 'cel'], message, compiled.cure, compiled.offset)];
}

const wanted = ({ type, values }: VarDecl) => (type === 'enum' ? `Give one of ${values.join(', ')}.` : written(type));

function lintResult(mine: string, theirs: string, path: Path, { callee, flow, source }: Between): readonly Problem[] {
  const given = callee.gives.includes(theirs) ? callee.vars.get(theirs) : undefined;
  if (!given) {
    const message = `The flow \`${callee.id}\` does not give \`${theirs}\`.`;
    return [source.problem('unknown-variable', path, message, suggest(theirs, callee.gives))];
  }
  const own = flow.vars.get(mine);
  if (!own || holds(own, given)) return []; // an undeclared one is told by the node
  const message = `\`${theirs}\` of the flow \`${callee.id}\` is of type ${given.type}, and \`${mine}\` of type ${own.type}.`;
  return [source.problem('variable-type', path, message, 'Declare them alike, enums with the same values.')];
}

/** Can whatever one variable holds be put into the other? */
function holds(own: VarDecl, given: VarDecl): boolean {
  if (own.type === 'string') return given.type === 'string' || given.type === 'enum';
  if (own.type === 'enum') return given.type === 'enum' && given.values.every((one) => own.values.includes(one));
  return own.type === given.type;
}

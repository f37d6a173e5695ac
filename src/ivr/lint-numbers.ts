import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import { type Path, type Problem, suggest } from './problem.ts';
import type { Source } from './source.ts';

interface Binding {
  readonly number: string;
  readonly flow: string;
  readonly source: Source;
  readonly path: Path;
  readonly where?: 'key';
}

/** Numbers of the flows and of `site/numbers.yaml` together: each leads to one flow, and to each flow leads one. */
export function lintNumbers(flows: readonly LoadedFlow[], names: SiteNames): readonly Problem[] {
  const bindings = [...ownNumbers(flows), ...tableNumbers(names)];
  return [...boundTwice(bindings), ...unknownFlows(flows, names), ...unbound(flows, bindings, names)];
}

const ownNumbers = (flows: readonly LoadedFlow[]): readonly Binding[] =>
  flows.flatMap(({ flow, source }) =>
    flow.dids.map((number, index) => ({ number, flow: flow.id, source, path: ['dids', index] })),
  );

function tableNumbers({ numbers }: SiteNames): readonly Binding[] {
  const source = numbers?.source;
  if (!source) return [];
  return [...numbers.flows].map(([number, flow]) => ({ number, flow, source, path: [number], where: 'key' }));
}

/** Numbers are compared by their digits, as routing compares them; a shorter beginning is no conflict, the longer wins. */
function boundTwice(bindings: readonly Binding[]): readonly Problem[] {
  const first = new Map<string, string>();
  return bindings.flatMap(({ number, flow, source, path, where }) => {
    const digits = number.replace('+', '');
    const other = first.get(digits);
    first.set(digits, other ?? flow);
    if (other === undefined) return [];
    const message = `The number ${number} already leads to the flow \`${other}\`.`;
    return [source.problem('did-twice', path, message, 'Let each number lead to one flow, in one place.', where)];
  });
}

function unknownFlows(flows: readonly LoadedFlow[], { numbers, allFlows }: SiteNames): readonly Problem[] {
  const source = numbers?.source;
  if (!source || !allFlows) return [];
  const known = new Set(flows.map(({ flow }) => flow.id));
  return [...numbers.flows].flatMap(([number, flow]) => {
    if (known.has(flow)) return [];
    return [source.problem('unknown-flow', [number], `There is no flow \`${flow}\`.`, suggest(flow, known))];
  });
}

function unbound(
  flows: readonly LoadedFlow[],
  bindings: readonly Binding[],
  { numbers, allFlows }: SiteNames,
): readonly Problem[] {
  if (!allFlows || !numbers) return [];
  const led = new Set([
    ...bindings.map(({ flow }) => flow),
    ...flows.flatMap(({ flow }) => [...flow.nodes.values()].flatMap(calledBy)),
  ]);
  return flows.flatMap(({ flow, source }) => {
    if (led.has(flow.id)) return [];
    const cure =
      'Add `dids`, a line in site/numbers.yaml, or a `flow` node that calls it; to one for campaigns give a number to try it by.';
    return [source.problem('did-unbound', ['id'], `No number leads to the flow \`${flow.id}\`.`, cure)];
  });
}

const calledBy = ({ refers }: { readonly refers: readonly { readonly what: string; readonly name: string }[] }) =>
  refers.filter(({ what }) => what === 'flow').map(({ name }) => name);

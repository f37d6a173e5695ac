import type { Built } from './build.ts';
import { REPEAT } from './build-node.ts';
import type { FlowFile } from './flow-file.ts';
import type { Report } from './problem.ts';
import { suggest } from './problem.ts';

/** Faults of a flow as a whole: edges to nowhere, nodes that nothing leads to. */
export function lintFlow(file: FlowFile, { edges, flow }: Built, report: Report): void {
  const known = flow.nodes;
  const target = (to: string, path: (string | number)[] | readonly (string | number)[]) => {
    if (!known.has(to)) report(path, `There is no node \`${to}\`.`, suggest(to, known.keys()));
  };
  target(flow.start, ['start']);
  for (const { to, path } of edges) target(to, path);
  for (const word of ['noInput', 'invalid', 'onError'] as const) {
    const to = file.defaults[word];
    if (to !== undefined) target(to, ['defaults', word]);
  }
  if (known.has(REPEAT)) {
    report(
      ['nodes', REPEAT],
      `\`${REPEAT}\` says a menu's prompt again and can name no node.`,
      'Name the node otherwise.',
    );
  }
  if (!known.has(flow.start)) return;
  const reached = reachable([flow.start, ...(flow.onError === null ? [] : [flow.onError])], edges);
  for (const id of known.keys()) {
    if (reached.has(id)) continue;
    report(['nodes', id], `Nothing leads to the node \`${id}\`.`, 'Let an outcome lead there, or remove it.');
  }
}

function reachable(roots: readonly string[], edges: Built['edges']): ReadonlySet<string> {
  const outgoing = Map.groupBy(edges, (edge) => edge.from);
  const reached = new Set<string>(roots);
  for (const id of reached) for (const { to } of outgoing.get(id) ?? []) reached.add(to);
  return reached;
}

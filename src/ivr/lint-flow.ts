import type { FlowFile } from './flow-file.ts';
import type { Flow } from './flow.ts';
import { PLACES } from './nodes/menu.ts';
import { type Path, type Report, suggest } from './problem.ts';

type BuiltFlow = Omit<Flow, 'version' | 'file'>;

/** Faults of a flow as a whole: edges to nowhere, nodes that nothing leads to. */
export function lintFlow(file: FlowFile, flow: BuiltFlow, report: Report): void {
  const target = (to: string, path: Path) => {
    if (!flow.nodes.has(to)) {
      report('dangling-target', path, `There is no node \`${to}\`.`, suggest(to, flow.nodes.keys()));
    }
  };
  target(flow.start, ['start']);
  for (const { exits } of flow.nodes.values()) for (const { to, path } of exits) if (to !== null) target(to, path);
  for (const [word, to] of Object.entries(file.defaults)) if (typeof to === 'string') target(to, ['defaults', word]);
  for (const place of PLACES) {
    if (!flow.nodes.has(place)) continue;
    const message = `\`${place}\` stands for a place in a menu's keys and can name no node.`;
    report('reserved-name', ['nodes', place], message, 'Name the node otherwise.', 'key');
  }
  if (flow.nodes.has(flow.start)) lintReach(flow, report);
}

function lintReach(flow: BuiltFlow, report: Report): void {
  const reached = new Set([flow.start, ...(flow.onError === null ? [] : [flow.onError])]);
  for (const id of reached) for (const { to } of flow.nodes.get(id)?.exits ?? []) if (to !== null) reached.add(to);
  for (const id of flow.nodes.keys()) {
    if (reached.has(id)) continue;
    const message = `Nothing leads to the node \`${id}\`.`;
    report('unreachable-node', ['nodes', id], message, 'Let an outcome lead there, or remove it.', 'key');
  }
}

import type { FlowFile } from './flow-file.ts';
import type { Flow } from './flow.ts';
import { lintFields } from './lint-fields.ts';
import { dangles, reachable } from './lint-graph.ts';
import { lintVariables } from './lint-vars.ts';
import { lintCircles, lintMenus } from './lint-ways.ts';
import { PLACES } from './nodes/menu.ts';
import { type Path, type Report, suggest } from './problem.ts';

type BuiltFlow = Omit<Flow, 'version' | 'file'>;

/** Faults of a flow as a whole, without the site around it. */
export function lintFlow(file: FlowFile, flow: BuiltFlow, report: Report): void {
  lintTargets(file, flow, report);
  lintPlaces(flow, report);
  lintFields(file, report);
  lintCircles(flow, report);
  if (flow.owner === null) {
    const cure = 'Add `owner: <mail or team>`, so that somebody can be asked.';
    report('owner-missing', ['id'], 'The flow names no owner.', cure, 'key');
  }
  if (dangles(flow)) return; // told, and all else would follow from it
  lintReach(flow, report);
  lintMenus(flow, report);
  lintVariables(flow, report);
}

function lintTargets(file: FlowFile, flow: BuiltFlow, report: Report): void {
  const target = (to: string, path: Path) => {
    if (!flow.nodes.has(to)) {
      report('dangling-target', path, `There is no node \`${to}\`.`, suggest(to, flow.nodes.keys()));
    }
  };
  target(flow.start, ['start']);
  for (const { exits } of flow.nodes.values()) for (const { to, path } of exits) if (to !== null) target(to, path);
  for (const [word, to] of Object.entries(file.defaults)) if (typeof to === 'string') target(to, ['defaults', word]);
}

function lintPlaces(flow: BuiltFlow, report: Report): void {
  for (const place of PLACES) {
    if (!flow.nodes.has(place)) continue;
    const message = `\`${place}\` stands for a place in a menu's keys and can name no node.`;
    report('reserved-name', ['nodes', place], message, 'Name the node otherwise.', 'key');
  }
}

function lintReach(flow: BuiltFlow, report: Report): void {
  const exits = (id: string) => (flow.nodes.get(id)?.exits ?? []).flatMap(({ to }) => (to === null ? [] : [to]));
  const reached = reachable([flow.start, ...(flow.onError === null ? [] : [flow.onError])], exits);
  for (const id of flow.nodes.keys()) {
    if (reached.has(id)) continue;
    const message = `Nothing leads to the node \`${id}\`.`;
    report('unreachable-node', ['nodes', id], message, 'Let an outcome lead there, or remove it.', 'key');
  }
}

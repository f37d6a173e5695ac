import type { Exit, FlowNode } from './flow.ts';
import { dangles, reachable } from './lint-graph.ts';
import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import type { Problem } from './problem.ts';

/** Nodes that bring a caller to a person, or his words to one. */
const TO_PEOPLE = new Set(['queue', 'transfer', 'voicemail', 'callback']);
/** Nodes at which a caller may be at a loss; a survey comes after the person. */
const ASKING = new Set(['menu', 'collect', 'pin', 'speech']);

/**
 * Where a caller is asked something and can reach nobody, whatever he does. A flow that only others call may leave that to
 * them by coming back.
 */
export function lintPeople(flows: readonly LoadedFlow[], { allFlows, numbers }: SiteNames): readonly Problem[] {
  if (!allFlows || !numbers) return []; // flows that could not be read may lead to people
  const helpful = leadingToPeople(flows);
  const dialled = new Set([
    ...numbers.flows.values(),
    ...flows.filter(({ flow }) => flow.dids.length > 0).map(({ flow }) => flow.id),
  ]);
  return flows.flatMap(({ flow, source }) => {
    if (dangles(flow)) return [];
    const answers = (node: FlowNode) =>
      helps(node, helpful) || (!dialled.has(flow.id) && node.exits.some(({ to }) => to === null));
    const saved = leadingTo(answers, flow.nodes);
    const lost = [...flow.nodes.values()].filter(
      ({ id, type }) => (id === flow.start || ASKING.has(type)) && !saved.has(id),
    );
    const first = lost.find(({ id }) => id === flow.start);
    return (first ? [first] : lost).map(({ id }) => {
      const message = `From \`${id}\` a caller can reach nobody and leave no message.`;
      const cure = 'Let a key, or its silence, lead to a queue, a transfer, a voicemail or a callback.';
      return source.problem('no-human', ['nodes', id], message, cure, 'key');
    });
  });
}

type Nodes = ReadonlyMap<string, FlowNode>;

const helps = ({ type, refers }: FlowNode, helpful: ReadonlySet<string>) =>
  TO_PEOPLE.has(type) || refers.some(({ what, name }) => what === 'flow' && helpful.has(name));

/** That the flow's shared `onError` leads to a person helps nobody for whom nothing fails. */
const isShared = ({ outcome, path }: Exit) => outcome === 'error' && path[0] === 'defaults';

/** Nodes from which some way leads to such a node. */
function leadingTo(goal: (node: FlowNode) => boolean, nodes: Nodes): ReadonlySet<string> {
  const before = Map.groupBy(
    [...nodes.values()].flatMap(({ id, exits }) =>
      exits.filter((exit) => !isShared(exit)).map(({ to }) => ({ from: id, to })),
    ),
    ({ to }) => to,
  );
  const goals = [...nodes.values()].filter(goal).map(({ id }) => id);
  return reachable(goals, (id) => (before.get(id) ?? []).map(({ from }) => from));
}

/** Flows in which somebody can be reached, there or in a flow that they call. */
function leadingToPeople(flows: readonly LoadedFlow[]): ReadonlySet<string> {
  const helpful = new Set<string>();
  for (let before = -1; before < helpful.size; ) {
    before = helpful.size;
    for (const { flow } of flows) {
      // Where an edge dangles, nobody knows; that is told, and not every flow that calls this one.
      if (dangles(flow) || leadingTo((node) => helps(node, helpful), flow.nodes).has(flow.start)) helpful.add(flow.id);
    }
  }
  return helpful;
}

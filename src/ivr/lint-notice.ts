import type { FlowNode } from './flow.ts';
import { dangles, reachable } from './lint-graph.ts';
import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import type { Problem } from './problem.ts';

/** The prompt that tells a caller of the recording; words of one's own are called `recording.notice.<something>`. */
const NOTICE = 'recording.notice';

/** What a caller comes through on his way to an agent of a queue: at once, or when he is called back. */
const TO_AGENTS = new Set(['queue', 'callback']);

/**
 * Where callers come into a queue that records every talk, on a way on which no `play` node has told them so. Ways begin at
 * the flows that numbers lead to, and go through those that they call.
 */
export function lintNotice(
  flows: readonly LoadedFlow[],
  { allFlows, numbers, recorded }: SiteNames,
): readonly Problem[] {
  if (!allFlows || !numbers || recorded.size === 0) return []; // a flow that could not be read may tell them
  const known = new Map(flows.filter(({ flow }) => !dangles(flow)).map((loaded) => [loaded.flow.id, loaded]));
  const silent = silentFlows(known);
  const entered = [
    ...numbers.flows.values(),
    ...flows.filter(({ flow }) => flow.dids.length > 0).map(({ flow }) => flow.id),
  ];
  const untold = reachable(entered, (id) => {
    const loaded = known.get(id);
    return loaded ? untoldIn(loaded, silent).flatMap(calledBy) : [];
  });
  return [...untold].flatMap((id) => {
    const loaded = known.get(id);
    return loaded ? untoldIn(loaded, silent).flatMap((node) => unasked(node, loaded, recorded)) : [];
  });
}

type Flows = ReadonlyMap<string, LoadedFlow>;

const calledBy = ({ refers }: FlowNode): readonly string[] =>
  refers.flatMap(({ what, name }) => (what === 'flow' ? [name] : []));

/** A menu may be answered before it has said everything. */
const tells = ({ type, says }: FlowNode): boolean =>
  type === 'play' && says.some(({ speech }) => speech.some((item) => 'prompt' in item && isNotice(item.prompt)));

const isNotice = (prompt: string) => prompt === NOTICE || prompt.startsWith(`${NOTICE}.`);

/** The nodes of a flow that a caller reaches untold who was untold when he came. */
function untoldIn({ flow: { nodes, start } }: LoadedFlow, silent: ReadonlySet<string>): readonly FlowNode[] {
  const goesOn = (node: FlowNode) => !tells(node) && calledBy(node).every((callee) => silent.has(callee));
  const reached = reachable([start], (id) => {
    const node = nodes.get(id);
    return node && goesOn(node) ? node.exits.flatMap(({ to }) => to ?? []) : [];
  });
  return [...reached].flatMap((id) => nodes.get(id) ?? []);
}

/** Flows that a caller may come back from untold. */
function silentFlows(flows: Flows): ReadonlySet<string> {
  const silent = new Set<string>();
  for (let before = -1; before < silent.size; ) {
    before = silent.size;
    for (const [id, loaded] of flows) {
      const ends = untoldIn(loaded, silent).filter((node) => !tells(node) && node.exits.some(({ to }) => to === null));
      if (ends.some((node) => calledBy(node).every((callee) => silent.has(callee)))) silent.add(id);
    }
  }
  return silent;
}

function unasked(
  { type, refers }: FlowNode,
  { source }: LoadedFlow,
  recorded: ReadonlySet<string>,
): readonly Problem[] {
  if (!TO_AGENTS.has(type)) return [];
  return refers.flatMap(({ what, name, path }) => {
    if (what !== 'queue' || !recorded.has(name)) return [];
    const message = `Callers come to \`${name}\`, which records every talk, without having been told.`;
    return [source.problem('recording-notice', path, message, `Let a \`play\` node before it say \`${NOTICE}\`.`)];
  });
}

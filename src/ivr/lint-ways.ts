import type { Flow, FlowNode } from './flow.ts';
import { circles } from './lint-graph.ts';
import type { Report } from './problem.ts';
import type { Stage } from './state.ts';

type Nodes = Pick<Flow, 'nodes' | 'start'>;

/** Where a caller acts, or the world takes its time. A prompt goes by without him, and a lookup answers at once. */
const RESTING: readonly Stage[] = ['listening', 'keying', 'recording', 'queued', 'transferring'];
/** Nodes that rest too, though their stages do not show it: somebody decides, the caller speaks, another flow waits. */
const RESTING_TYPES = new Set(['ask', 'speech', 'flow']);

const rests = ({ type, does }: FlowNode) => RESTING_TYPES.has(type) || does.stages.some((at) => RESTING.includes(at));

/** Ways out of a node but for the flow's shared `onError`, which leads back from wherever trouble is. */
const drawn = ({ exits }: FlowNode): readonly string[] =>
  exits.flatMap(({ outcome, to, path }) =>
    to === null || (outcome === 'error' && path[0] === 'defaults') ? [] : [to],
  );

const waysOut = (nodes: Nodes['nodes'], id: string) => {
  const node = nodes.get(id);
  return node ? drawn(node) : [];
};

/** Circles in which nothing waits: a caller who does nothing would go round until the call is cut. */
export function lintCircles({ nodes }: Nodes, report: Report): void {
  const rushing = [...nodes.values()].filter((node) => !rests(node)).map(({ id }) => id);
  const next = (id: string) => waysOut(nodes, id);
  for (const circle of circles(rushing, next)) {
    const [first = ''] = circle;
    const way = [...circle.slice(0, 8), ...(circle.length > 8 ? ['…'] : []), first].map((id) => `\`${id}\``);
    const message = `${way.join(' → ')} goes round without input, time or a queue in it.`;
    report(
      'endless-cycle',
      ['nodes', first],
      message,
      'Let one of its edges lead out, or wait for the caller in it.',
      'key',
    );
  }
}

/** People keep five options in mind, and lose patience in the fourth menu. */
const MOST = { options: 5, menus: 3 };

export function lintMenus({ nodes, start }: Nodes, report: Report): void {
  for (const { id, type, exits } of nodes.values()) {
    const options = type === 'menu' ? exits.filter(({ outcome }) => outcome.startsWith('key ')).length : 0;
    if (options <= MOST.options) continue;
    const message = `The menu has ${options} options, and people keep ${MOST.options} in mind.`;
    report('menu-options', ['nodes', id, 'keys'], message, 'Split it, or let the rarer ones share a key.');
  }
  for (const id of menusBehind(MOST.menus, { nodes, start })) {
    const message = `A caller comes to \`${id}\` through ${MOST.menus} other menus, one after another.`;
    report('menu-depth', ['nodes', id], message, 'Ask for less, or let a key of an earlier menu lead here.', 'key');
  }
}

/** Who is handed to somebody, or leaves a word, is not counted as still choosing. */
const HANDED_OVER = new Set(['queue', 'transfer', 'voicemail', 'callback']);

/** Menus that have exactly so many others before them on the shortest way from the start. */
function menusBehind(count: number, { nodes, start }: Nodes): readonly string[] {
  const seen = new Set<string>();
  let menus: string[] = [];
  let frontier = [start];
  for (let before = 0; before <= count; before += 1) {
    menus = [];
    for (const id of frontier) {
      const type = nodes.get(id)?.type;
      if (seen.has(id) || type === undefined || HANDED_OVER.has(type)) continue;
      seen.add(id);
      if (type === 'menu') menus.push(id);
      else frontier.push(...waysOut(nodes, id));
    }
    frontier = menus.flatMap((id) => waysOut(nodes, id));
  }
  return menus;
}

import type { Exit, FlowNode } from '../flow.ts';
import type { LoadedFlow } from '../load.ts';
import type { Path } from '../problem.ts';

/** A flow as a drawing has it: boxes and the arrows between them. */
export interface FlowGraph {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What a node is about; colour and shape go by it. */
export type Group = 'says' | 'asks' | 'decides' | 'data' | 'people' | 'structure' | 'mark';

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly group: Group;
  /** The queue, prompt, calendar … that it is about; empty when nothing stands for it. */
  readonly detail: string;
  /** How many calls entered it; null when nobody counted. */
  readonly entered: number | null;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The outcomes that lead this way, as people read them. */
  readonly labels: readonly string[];
  readonly isFailure: boolean;
  /** How many calls went this way; null when nobody counted. */
  readonly count: number | null;
}

/** Where calls begin and end. No node can be called so. */
const MARK = { start: '(start)', end: '(end)' } as const;

const GROUP: Readonly<Record<string, Group>> = {
  play: 'says',
  menu: 'asks',
  collect: 'asks',
  pin: 'asks',
  record: 'asks',
  language: 'asks',
  speech: 'asks',
  survey: 'asks',
  switch: 'decides',
  hours: 'decides',
  split: 'decides',
  set: 'data',
  tag: 'data',
  metrics: 'data',
  agent: 'data',
  lookup: 'data',
  ask: 'data',
  emit: 'data',
  dnc: 'data',
  followUp: 'data',
  queue: 'people',
  callback: 'people',
  transfer: 'people',
  voicemail: 'people',
};

export const groupOf = (type: string): Group => GROUP[type] ?? 'structure';

/** How often nodes were entered and left, by outcome: `GET /v1/flows/{id}/stats`. */
export type Counts = ReadonlyMap<string, { readonly entered: number; readonly left: Readonly<Record<string, number>> }>;

/** The drawing of a flow; with `counts`, of what calls did in it. */
export function graphOf({ flow, source }: LoadedFlow, counts: Counts | null = null): FlowGraph {
  const nodes = [...flow.nodes.values()];
  const caught = caughtIn(nodes);
  const edges = nodes.flatMap((node) => edgesOf(node, caught, source.data, counts));
  const start: GraphEdge = { from: MARK.start, to: flow.start, labels: [], isFailure: false, count: null };
  const catches = [...Map.groupBy(caught, ({ to }) => to)].map(([to, all]) => ({ to, outcomes: all }));
  return {
    id: flow.id,
    title: flow.title,
    nodes: [
      mark(MARK.start, 'start'),
      ...catches.map(({ to, outcomes }) => mark(catchId(to), outcomes.map(({ says }) => says).join(', '))),
      ...nodes.map((node) => nodeOf(node, source.data, counts)),
      ...(edges.some(({ to }) => to === MARK.end) ? [mark(MARK.end, 'end')] : []),
    ],
    edges: [
      start,
      ...edges,
      ...catches.map(({ to, outcomes }) => ({
        from: catchId(to),
        to,
        labels: [],
        isFailure: outcomes.every(({ outcome }) => outcome === 'error'),
        count: counts && sum(outcomes.flatMap((one) => one.from.map((id) => counts.get(id)?.left[one.outcome] ?? 0))),
      })),
    ],
  };
}

const catchId = (to: string) => `(default ${to})`;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** A default that catches an outcome of many nodes. */
interface Caught {
  readonly outcome: string;
  readonly says: string;
  readonly to: string;
  readonly from: readonly string[];
}

/** More arrows than these to one node, all meaning the same, hide the others. */
const MOST_ARROWS = 4;

/** Defaults that are drawn once, from a mark of their own, instead of from each node: all failures, and what many share. */
function caughtIn(nodes: readonly FlowNode[]): readonly Caught[] {
  const filled = nodes.flatMap(({ id, exits }) =>
    exits.flatMap(({ outcome, to, path }) => (path[0] === 'defaults' && to !== null ? [{ id, outcome, to }] : [])),
  );
  return [...Map.groupBy(filled, ({ outcome }) => outcome)].flatMap(([outcome, all]): readonly Caught[] => {
    const isDrawnOnce = outcome === 'error' || all.length > MOST_ARROWS;
    const says = outcome === 'error' ? 'any failure' : outcome;
    return isDrawnOnce && all[0] ? [{ outcome, says, to: all[0].to, from: all.map(({ id }) => id) }] : [];
  });
}

const mark = (id: string, says: string): GraphNode => ({ id, type: '', group: 'mark', detail: says, entered: null });

function nodeOf({ id, type, says }: FlowNode, data: unknown, counts: Counts | null): GraphNode {
  const [first] = says.flatMap(({ speech }) => speech).flatMap((item) => ('prompt' in item ? [item.prompt] : []));
  const detail = telling(at(data, ['nodes', id])) ?? first ?? '';
  const entered = counts && (counts.get(id)?.entered ?? 0);
  return { id, type, group: groupOf(type), detail, entered };
}

/** Fields that say what a node is about, the most telling first. */
const TELLING = ['queue', 'calendar', 'box', 'flow', 'to', 'event', 'question', 'outcome', 'reason', 'tags'];

function telling(node: unknown): string | null {
  const values = TELLING.map((field) => at(node, [field]));
  const found = values.find((value) => typeof value === 'string' || Array.isArray(value));
  return found === undefined ? null : String(found);
}

function edgesOf(
  node: FlowNode,
  caught: readonly Caught[],
  data: unknown,
  counts: Counts | null,
): readonly GraphEdge[] {
  const isCaught = ({ outcome, path }: Exit) => path[0] === 'defaults' && caught.some((one) => one.outcome === outcome);
  const own = node.exits.filter((exit) => !isCaught(exit));
  const drawn = node.type === 'return' ? [] : own;
  const left = counts && (counts.get(node.id)?.left ?? {});
  const ways = Map.groupBy(drawn, ({ outcome, to }) => `${to ?? MARK.end} ${outcome === 'error'}`);
  return [...ways.values()].map((exits) => ({
    from: node.id,
    to: exits[0]?.to ?? MARK.end,
    labels: exits.filter(({ outcome }) => outcome !== 'done' || drawn.length > 1).map((exit) => labelOf(exit, data)),
    isFailure: exits.some(({ outcome }) => outcome === 'error'),
    count: left && sum(exits.map(({ outcome }) => countOf(left, outcome))),
  }));
}

/** Who presses a key during an announcement goes the same way as who hears it out. */
const countOf = (left: Readonly<Record<string, number>>, outcome: string) =>
  (left[outcome] ?? 0) + (outcome === 'done' ? (left['skipped'] ?? 0) : 0);

/** Of a case its condition, of a share its size, of all else the outcome. */
function labelOf({ outcome, path }: Exit, data: unknown): string {
  const around = at(data, path.slice(0, -1));
  const [when, percent] = [at(around, ['when']), at(around, ['percent'])];
  if (typeof when === 'string') return when;
  return typeof percent === 'number' ? `${percent} %` : outcome;
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    data,
  );
}

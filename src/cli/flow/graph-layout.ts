import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import type { FlowGraph } from '../../ivr/tools/graph.ts';
import { type Box, type LaidOut, labelSizeOf, sizeOf } from '../../ivr/tools/svg.ts';

/** ELK's layered layout: calls run from top to bottom, and every arrow has room for its words. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  // People write flows from top to bottom.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.crossingMinimization.thoroughness': '20',
  'elk.layered.feedbackEdges': 'true',
} as const;

/** Words stand on their arrow, so that nobody wonders whose they are. */
const LABEL = { 'elk.edgeLabels.inline': 'true' } as const;

/** Finds a place for each box and arrow. */
export async function layOut(graph: FlowGraph): Promise<LaidOut> {
  // A large library that only drawing needs.
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const done: ElkNode = await new elk.default().layout({
    id: 'flow',
    layoutOptions: OPTIONS,
    children: graph.nodes.map((node, i) => ({ id: `n${i}`, ...sizeOf(node) })),
    edges: edgesOf(graph),
  });
  const boxes = new Map((done.children ?? []).map((child) => [child.id, boxOf(child)]));
  const drawn = new Map((done.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: done.width ?? 0,
    height: done.height ?? 0,
    nodes: graph.nodes.map((node, i) => ({ node, box: boxes.get(`n${i}`) ?? boxOf({}) })),
    edges: graph.edges.map((edge, i) => ({ edge, ...courseOf(drawn.get(`e${i}`)) })),
  };
}

function edgesOf({ nodes, edges }: FlowGraph): ElkExtendedEdge[] {
  const name = (id: string) => `n${nodes.findIndex((node) => node.id === id)}`;
  return edges.map((edge, i) => {
    const size = labelSizeOf(edge);
    return {
      id: `e${i}`,
      sources: [name(edge.from)],
      targets: [name(edge.to)],
      labels: size ? [{ id: `l${i}`, text: ' ', layoutOptions: LABEL, ...size }] : [],
    };
  });
}

function courseOf(edge: ElkExtendedEdge | undefined) {
  const [section] = edge?.sections ?? [];
  const [label] = edge?.labels ?? [];
  return {
    points: section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [],
    label: label ? boxOf(label) : null,
  };
}

const boxOf = ({
  x = 0,
  y = 0,
  width = 0,
  height = 0,
}: Partial<Pick<ElkNode, 'x' | 'y' | 'width' | 'height'>>): Box => ({
  x,
  y,
  width,
  height,
});

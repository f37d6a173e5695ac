import { parser } from '@prometheus-io/lezer-promql';

/** What an expression reads: one of these for each selector. */
export interface Selector {
  readonly metric: string;
  /** By which labels it selects, and by which what it selects is then grouped or matched. */
  readonly labels: readonly string[];
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly parent: Node | null;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}

/**
 * Parses PromQL by Prometheus' own grammar.
 *
 * @throws with the expression, when it is none.
 */
export function selectorsOf(expression: string): readonly Selector[] {
  const nodes = all(parser.parse(expression).topNode);
  if (nodes.some(({ name }) => name === '⚠')) throw new Error(`this is no PromQL: ${expression}`);
  const text = ({ from, to }: Node) => expression.slice(from, to);
  const selectors = nodes.filter(({ name }) => name === 'VectorSelector');
  return selectors.map((selector) => {
    const inside = all(selector);
    const metric = inside.find(({ name }) => name === 'Identifier');
    const matched = inside.filter(({ name }) => name === 'LabelName').map(text);
    const grouped = above(selector).flatMap((node) => groupings(node).map(text));
    return { metric: metric ? text(metric) : '', labels: [...matched, ...grouped] };
  });
}

function all(node: Node): Node[] {
  const found = [node];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(...all(child));
  return found;
}

function above(node: Node): Node[] {
  return node.parent ? [node.parent, ...above(node.parent)] : [];
}

/** Labels by which a node that stands over a selector groups, not those of its other parts. */
function groupings(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name === 'AggregateModifier' || child.name === 'MatchingModifierClause')
      found.push(...all(child).filter(({ name }) => name === 'LabelName'));
  return found;
}

import type { FlowGraph, GraphEdge, GraphNode, Group } from './graph.ts';
import { arrowLabel, boxLines, COLOURS } from './look.ts';

/** A shape of Mermaid: what stands before and after the text of a node. */
const SHAPE: Readonly<Record<Group, readonly [string, string]>> = {
  says: ['(', ')'],
  asks: ['{{', '}}'],
  decides: ['{', '}'],
  data: ['[/', '/]'],
  people: ['([', '])'],
  structure: ['[[', ']]'],
  mark: ['((', '))'],
};

/**
 * The flow in Mermaid's flowchart language, which GitHub, GitLab and editors draw. Nodes get names of their own (`n1`),
 * because `end` and others mean something there.
 */
export function mermaidOf({ id, title, nodes, edges }: FlowGraph): string {
  const names = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const name = (node: string) => names.get(node) ?? 'n0';
  const used = new Set(nodes.map(({ group }) => group));
  return [
    '---',
    `title: ${JSON.stringify(`${title} (${id})`)}`,
    '---',
    'flowchart TD',
    ...nodes.map((node) => `  ${name(node.id)}${box(node)}`),
    ...edges.map((edge) => `  ${name(edge.from)} ${arrow(edge)} ${name(edge.to)}`),
    ...[...used].map((group) => `  classDef ${group} fill:${COLOURS[group].fill},stroke:${COLOURS[group].line}`),
    '',
  ].join('\n');
}

function box(node: GraphNode): string {
  const [open, close] = SHAPE[node.group];
  return `${open}"${boxLines(node).map(escaped).join('<br>')}"${close}:::${node.group}`;
}

function arrow(edge: GraphEdge): string {
  const line = edge.isFailure ? '-.->' : '-->';
  const label = arrowLabel(edge);
  return label === '' ? line : `${line}|"${escaped(label)}"|`;
}

/** Mermaid writes characters that mean something to it as `#code;`. */
const escaped = (text: string) => text.replace(/["#&<>`\\]/g, (char) => `#${char.codePointAt(0)};`);

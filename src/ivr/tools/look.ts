import type { GraphEdge, GraphNode, Group } from './graph.ts';

/** Colours by what a node is about: apart from each other for eyes that see red and green alike, too. */
export const COLOURS: Readonly<Record<Group, { readonly fill: string; readonly line: string }>> = {
  says: { fill: '#e3f0fb', line: '#2b6ca3' },
  asks: { fill: '#fdf1d0', line: '#9a6b00' },
  decides: { fill: '#efe6f9', line: '#6b3fa0' },
  data: { fill: '#e6e9ee', line: '#4a5568' },
  people: { fill: '#dcf3e6', line: '#1f7a4d' },
  structure: { fill: '#ffffff', line: '#333333' },
  mark: { fill: '#ffffff', line: '#333333' },
};

/** What stands in the box of a node. */
export function boxLines({ id, type, group, detail, entered }: GraphNode): readonly string[] {
  if (group === 'mark') return [detail];
  const about = detail === '' || detail === id ? type : `${type} ${shortened(detail)}`;
  return [id, about, ...(entered === null ? [] : [`${entered} ×`])];
}

/** What stands at an arrow. */
export function arrowLabel({ labels, count }: GraphEdge): string {
  const ways = labels.map(shortened).join(', ');
  const times = count === null ? '' : `${count} ×`;
  return [ways, times].filter((part) => part !== '').join(': ');
}

const LONGEST = 40;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

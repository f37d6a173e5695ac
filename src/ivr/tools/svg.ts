import type { FlowGraph, GraphEdge, GraphNode, Group } from './graph.ts';
import { arrowLabel, boxLines, COLOURS } from './look.ts';

/** Everything in pixels; places are told from the top left corner. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
export type Box = Point & Size;

/** A drawing whose boxes and arrows have found their places. */
export interface LaidOut extends Size {
  readonly nodes: readonly { readonly node: GraphNode; readonly box: Box }[];
  readonly edges: readonly {
    readonly edge: GraphEdge;
    readonly points: readonly Point[];
    /** Null for an arrow that says nothing. */
    readonly label: Box | null;
  }[];
}

const FONT = { name: 13, text: 11, line: 15 } as const;
/** Widths of letters in a common sans-serif face; a little too wide rather than too narrow. */
const WIDTH = { name: 7.6, text: 6.2 } as const;
const MARGIN = 24;
const HEAD = 48;
const LEGEND = 44;

export function sizeOf(node: GraphNode): Size {
  const [name = '', ...rest] = boxLines(node);
  const width = Math.max(name.length * WIDTH.name, ...rest.map((line) => line.length * WIDTH.text));
  return { width: Math.max(72, Math.round(width) + 36), height: 16 + (rest.length + 1) * FONT.line };
}

/** Null for an arrow that says nothing. */
export function labelSizeOf(edge: GraphEdge): Size | null {
  const text = arrowLabel(edge);
  return text === '' ? null : { width: Math.round(text.length * WIDTH.text) + 8, height: 16 };
}

/** The picture, with title and legend. It holds no script and refers to nothing outside. */
export function svgOf({ id, title }: FlowGraph, laid: LaidOut): string {
  const groups = [...new Set(laid.nodes.map(({ node }) => node.group))].filter((group) => group !== 'mark');
  const width = Math.max(laid.width, groups.length * LEGEND_STEP, (title.length + id.length) * 9) + 2 * MARGIN;
  const height = laid.height + HEAD + LEGEND + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${r(width)} ${r(height)}" width="${r(width)}" height="${r(height)}" role="img" aria-label="${escaped(title)}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="${FONT.text}">`,
    `<defs>${tip('tip', '#5a6472')}${tip('tip-failure', '#b3452c')}</defs>`,
    `<rect width="100%" height="100%" fill="#fbfbfa"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 10}" font-size="18" font-weight="600">${escaped(title)}<tspan dx="10" font-size="13" font-weight="400" fill="#6b7280">${escaped(id)}</tspan></text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEAD - 14})">`,
    ...laid.edges.map(arrow),
    ...laid.nodes.map(nodeOf),
    ...laid.edges.map(label),
    '</g>',
    ...groups.map((group, i) => legend(group, MARGIN + i * LEGEND_STEP, height - MARGIN - 8)),
    '</svg>',
    '',
  ].join('\n');
}

const tip = (id: string, colour: string) =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5 8 4 0 7.5z" fill="${colour}"/></marker>`;

function nodeOf({ node, box }: LaidOut['nodes'][number]): string {
  const { fill, line } = COLOURS[node.group];
  const lines = boxLines(node);
  const [centre, top] = [box.x + box.width / 2, box.y + box.height / 2 - ((lines.length - 1) * FONT.line) / 2 + 4];
  const texts = lines.map((text, i) => {
    const look = i === 0 ? `font-size="${FONT.name}" font-weight="600"` : 'fill="#4b5563"';
    return `<text x="${r(centre)}" y="${r(top + i * FONT.line)}" text-anchor="middle" ${look}>${escaped(text)}</text>`;
  });
  return `<g><path d="${OUTLINE[node.group](box)}" fill="${fill}" stroke="${line}" stroke-width="1.4"/>${texts.join('')}</g>`;
}

const CUT = 12;

/** The outline of a box, by what the node is about; the same shapes as in Mermaid. */
const OUTLINE: Readonly<Record<Group, (box: Box) => string>> = {
  says: (box) => rounded(box, 8),
  asks: ({ x, y, width, height }) =>
    `M${r(x + CUT)} ${r(y)}h${r(width - 2 * CUT)}l${CUT} ${r(height / 2)}l${-CUT} ${r(height / 2)}h${r(2 * CUT - width)}l${-CUT} ${r(-height / 2)}z`,
  decides: ({ x, y, width, height }) =>
    `M${r(x + CUT)} ${r(y)}h${r(width - 2 * CUT)}l${CUT} ${CUT}v${r(height - 2 * CUT)}l${-CUT} ${CUT}h${r(2 * CUT - width)}l${-CUT} ${-CUT}v${r(2 * CUT - height)}z`,
  data: ({ x, y, width, height }) => `M${r(x + CUT)} ${r(y)}h${r(width - CUT)}l${-CUT} ${r(height)}h${r(CUT - width)}z`,
  people: (box) => rounded(box, box.height / 2),
  structure: ({ x, y, width, height }) => `M${r(x)} ${r(y)}h${r(width)}v${r(height)}h${r(-width)}z`,
  mark: (box) => rounded(box, box.height / 2),
};

function rounded({ x, y, width, height }: Box, radius: number): string {
  const corner = (dx: number, dy: number) => `a${r(radius)} ${r(radius)} 0 0 1 ${r(dx)} ${r(dy)}`;
  const [across, down] = [r(width - 2 * radius), r(height - 2 * radius)];
  return `M${r(x + radius)} ${r(y)}h${across}${corner(radius, radius)}v${down}${corner(-radius, radius)}h${-across}${corner(-radius, -radius)}v${-down}${corner(radius, -radius)}z`;
}

function arrow({ edge, points }: LaidOut['edges'][number]): string {
  const look = edge.isFailure
    ? 'stroke="#b3452c" stroke-width="0.8" stroke-dasharray="4 3" marker-end="url(#tip-failure)"'
    : 'stroke="#5a6472" stroke-width="1.4" marker-end="url(#tip)"';
  return `<path d="${pathOf(points)}" fill="none" ${look}/>`;
}

/** A line with its corners rounded off. */
function pathOf(points: readonly Point[]): string {
  return points
    .map((point, i) => {
      const [before, after] = [points[i - 1], points[i + 1]];
      if (!before) return `M${r(point.x)} ${r(point.y)}`;
      if (!after) return `L${r(point.x)} ${r(point.y)}`;
      const [into, out] = [towards(point, before), towards(point, after)];
      return `L${r(into.x)} ${r(into.y)}Q${r(point.x)} ${r(point.y)} ${r(out.x)} ${r(out.y)}`;
    })
    .join('');
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(6, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function label({ edge, label: box }: LaidOut['edges'][number]): string {
  if (!box) return '';
  const middle = `x="${r(box.x + box.width / 2)}" y="${r(box.y + box.height / 2 + 4)}" text-anchor="middle"`;
  const fill = edge.isFailure ? '#8f3722' : '#1f2937';
  return `<rect x="${r(box.x)}" y="${r(box.y)}" width="${r(box.width)}" height="${r(box.height)}" rx="3" fill="#fbfbfa"/><text ${middle} fill="${fill}">${escaped(arrowLabel(edge))}</text>`;
}

const LEGEND_STEP = 104;
const MEANING: Readonly<Record<Group, string>> = {
  says: 'says',
  asks: 'asks',
  decides: 'decides',
  data: 'data',
  people: 'people',
  structure: 'structure',
  mark: '',
};

function legend(group: Group, x: number, y: number): string {
  const box = { x, y: y - 12, width: 34, height: group === 'decides' ? 24 : 18 };
  const { fill, line } = COLOURS[group];
  return `<path d="${OUTLINE[group](box)}" fill="${fill}" stroke="${line}"/><text x="${x + 42}" y="${y + 2}" fill="#4b5563">${MEANING[group]}</text>`;
}

/** Rounded to a tenth, so that the same flow gives the same file. */
const r = (value: number) => Math.round(value * 10) / 10;

const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => ENTITY[char] ?? char);

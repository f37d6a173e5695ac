import { XMLValidator } from 'fast-xml-parser';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut } from '../../../../src/cli/flow/graph-layout.ts';
import { KINDS } from '../../../../src/ivr/nodes/index.ts';
import { type FlowGraph, graphOf, type GraphNode, groupOf } from '../../../../src/ivr/tools/graph.ts';
import { mermaidOf } from '../../../../src/ivr/tools/mermaid.ts';
import { type Box, svgOf } from '../../../../src/ivr/tools/svg.ts';
import { bigFlow, flowText, loaded } from './flow-text.ts';

const edgesOf = ({ edges }: FlowGraph) =>
  edges.map(({ from, to, labels }) => `${from} → ${to}${labels.length > 0 ? `: ${labels.join(', ')}` : ''}`);

const SMALL = flowText(
  `
who: { type: switch, cases: [{ when: 'call.from == "]|<b>"', go: menu }], else: menu }
menu: { type: menu, prompt: main, keys: { "1": sales, "2": sales, "9": repeat }, outcomes: { noInput: bye, invalid: bye } }
sales: { type: queue, queue: billing, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: sorry } }
sorry: { type: play, prompt: sorry, next: bye }
bye: { type: play, prompt: goodbye }`,
  'defaults: { onError: sorry }',
);

describe('the drawing of a flow', () => {
  it('joins outcomes that lead the same way, and draws what defaults catch once', () => {
    expect(edgesOf(graphOf(loaded(SMALL)))).toEqual([
      '(start) → who',
      'who → menu: call.from == "]|<b>", else',
      'menu → bye: noInput, invalid',
      'menu → sales: key 1, key 2',
      'sales → sorry: error',
      'sales → bye: answeredEnd, timeout, full, noAgents, closed',
      'sorry → bye',
      'bye → (end)',
      '(default sorry) → sorry',
    ]);
  });

  it('says what a node is about', () => {
    const details = graphOf(loaded(SMALL)).nodes.map(({ id, detail }) => [id, detail]);
    expect(details).toEqual([
      ['(start)', 'start'],
      ['(default sorry)', 'any failure'],
      ['who', ''],
      ['menu', 'main'],
      ['sales', 'billing'],
      ['sorry', 'sorry'],
      ['bye', 'goodbye'],
      ['(end)', 'end'],
    ]);
  });

  it('counts calls per node and per way', () => {
    const counts = new Map([
      ['menu', { entered: 9, left: { 'key 1': 4, 'key 2': 2, noInput: 1, error: 1 } }],
      ['sorry', { entered: 3, left: { done: 1, skipped: 2 } }],
    ]);
    const graph = graphOf(loaded(SMALL), counts);
    const ways = Object.fromEntries(graph.edges.map(({ from, to, count }) => [`${from} ${to}`, count]));
    expect(ways).toMatchObject({ 'menu sales': 6, 'menu bye': 1, 'sorry bye': 3, '(default sorry) sorry': 1 });
    expect(graph.nodes.find(({ id }) => id === 'bye')?.entered).toBe(0);
  });

  it('has a group for every kind of node but those of structure', () => {
    const structure = KINDS.filter(({ type }) => groupOf(type) === 'structure').map(({ type }) => type);
    expect(structure).toEqual(['flow', 'return', 'goto', 'hangup']);
  });
});

/** The part of Mermaid's grammar that is written: labels in quotes, with nothing in them that means something. */
const LABEL = '"(?:[^"#<>`\\\\]|#\\d+;|<br>)*"';
const LINES = [
  /^---$/,
  /^title: "(?:[^"\\]|\\.)*"$/,
  /^flowchart TD$/,
  new RegExp(
    `^  n\\d+(\\(${LABEL}\\)|\\{\\{${LABEL}\\}\\}|\\{${LABEL}\\}|\\[/${LABEL}/\\]|\\(\\[${LABEL}\\]\\)|\\[\\[${LABEL}\\]\\]|\\(\\(${LABEL}\\)\\)):::[a-z]+$`,
  ),
  new RegExp(`^  n\\d+ (-->|-\\.->)(\\|${LABEL}\\|)? n\\d+$`),
  /^  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6}$/,
];

describe('Mermaid', () => {
  it('is what its grammar allows, line by line', () => {
    const lines = mermaidOf(graphOf(loaded(SMALL)))
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => !LINES.some((allowed) => allowed.test(line)))).toEqual([]);
    expect(lines).toContain('  n2 -->|"call.from == #34;]|#60;b#62;#34;, else"| n3');
  });

  it('stays so whatever stands in the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), (title, text) => {
        const node: GraphNode = { id: text, type: 'play', group: 'says', detail: text, entered: 3 };
        const edge = { from: text, to: text, labels: [text], isFailure: true, count: 1 };
        const lines = mermaidOf({ id: 'x', title, nodes: [node], edges: [edge] })
          .trimEnd()
          .split('\n');
        const wrong = lines.filter((line) => !LINES.some((allowed) => allowed.test(line)));
        expect(wrong).toEqual([]);
      }),
    );
  });
});

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the picture', () => {
  it('gives sixty nodes and their words places of their own', async () => {
    const graph = graphOf(loaded(bigFlow()));
    const laid = await layOut(graph);
    expect(graph.nodes.length).toBeGreaterThanOrEqual(59);
    const boxes = [...laid.nodes.map(({ box }) => box), ...laid.edges.flatMap(({ label }) => (label ? [label] : []))];
    const clashes = boxes.flatMap((box, i) => boxes.slice(i + 1).filter((other) => overlap(box, other)));
    expect(clashes).toEqual([]);
    for (const { x, y, width, height } of boxes) {
      expect([x >= 0, y >= 0, x + width <= laid.width + 1, y + height <= laid.height + 1]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
    expect(laid.edges.every(({ points }) => points.length >= 2)).toBe(true);
  });

  it('is well-formed, the same each time, and shows title, nodes, outcomes and legend', async () => {
    const graph = graphOf(loaded(SMALL.replace('title: Test', 'title: "<Sales> & \\"more\\""')));
    const svg = svgOf(graph, await layOut(graph));
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toBe(svgOf(graph, await layOut(graph)));
    for (const text of [
      '&lt;Sales&gt; &amp; &quot;more&quot;',
      '>sales<',
      '>queue billing<',
      '>key 1, key 2<',
      '>decides<',
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).toMatch(/stroke-width="0\.8" stroke-dasharray/);
    expect(svg).not.toMatch(/<script|href|url\((?!#)/);
  });
});

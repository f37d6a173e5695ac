import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exit, Flow, FlowNode, VarDecl } from '../../../src/ivr/flow.ts';
import { lintVariables } from '../../../src/ivr/lint-vars.ts';

interface Drawn {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** outcome → node */
  readonly exits?: Readonly<Record<string, string>>;
  readonly waits?: boolean;
}

/** A flow drawn by hand: nodes, and variables without a default. `write@outcome` is set on that outcome alone. */
function drawn(nodes: Readonly<Record<string, Drawn>>, rest: { takes?: string[]; onError?: string } = {}): Flow {
  const use = (name: string) => ({ name, path: [name], leaves: false });
  const made = Object.entries(nodes).map(
    ([id, { reads = [], writes = [], exits = {}, waits = false }]): [string, FlowNode] => {
      const ways = Object.entries(exits).map(([outcome, to]): Exit => ({ outcome, to, path: [] }));
      const written = writes.map((text) => {
        const [name = '', after = null] = text.split('@');
        return { ...use(name), after };
      });
      const does: FlowNode['does'] = { stages: waits ? ['speaking'] : [], enter: () => null };
      const node = {
        id,
        type: 'x',
        error: null,
        exits: ways,
        says: [],
        refers: [],
        reads: reads.map(use),
        writes: written,
        does,
      };
      return [id, node];
    },
  );
  const decl = (hasDefault: boolean): VarDecl => ({
    type: 'string',
    values: [],
    default: '',
    hasDefault,
    pii: false,
    sensitive: false,
  });
  return {
    id: 'test',
    title: 'Test',
    version: '1',
    file: 'test.yaml',
    owner: null,
    reviewBy: null,
    dids: [],
    languages: { default: 'en', supported: ['en'], rememberMs: null },
    vars: new Map(['x', 'y', 'z', 'known'].map((name) => [name, decl(name === 'known')])),
    takes: rest.takes ?? [],
    gives: [],
    prompts: new Map(),
    start: made[0]?.[0] ?? '',
    nodes: new Map(made),
    onError: rest.onError ?? null,
    maxSteps: 100,
    maxDurationMs: 60_000,
    maxCalls: null,
  };
}

function unset(flow: Flow): readonly string[] {
  const found: string[] = [];
  lintVariables(flow, (code, path, message) => void found.push(`${code} ${path.join('.')} ${message}`));
  return found;
}

describe('variables that are read before anything set them', () => {
  it('are told with the way there', () => {
    const flow = drawn({
      a: { exits: { ok: 'b', no: 'c' }, writes: ['x@ok'] },
      b: { exits: { done: 'c' } },
      c: { reads: ['x'] },
    });
    expect(unset(flow)).toEqual(['unset-variable x `x` is read here, and after `a` (no) nothing has set it.']);
  });

  it('are told at the beginning, once a node', () => {
    expect(unset(drawn({ a: { reads: ['x', 'x', 'y'] } }))).toEqual([
      'unset-variable x `x` is read here, and at the beginning of the flow nothing has set it.',
      'unset-variable y `y` is read here, and at the beginning of the flow nothing has set it.',
    ]);
  });

  it('are told once on a way, at the first place', () => {
    const flow = drawn({
      a: { reads: ['x'], exits: { on: 'b', off: 'c' }, waits: true },
      b: { reads: ['x', 'y'], exits: { done: 'c' } },
      c: { reads: ['x', 'y'] },
    });
    expect(unset({ ...flow, onError: 'c' }).map((told) => told.replace(/ is read.*and/, ''))).toEqual([
      'unset-variable x `x` at the beginning of the flow nothing has set it.',
      'unset-variable y `y` after `a` (on) nothing has set it.',
      'unset-variable y `y` after `a` (off) nothing has set it.',
    ]);
  });

  it.each<[string, Flow]>([
    ['with a default', drawn({ a: { reads: ['known'] } })],
    ['given by the calling flow', drawn({ a: { reads: ['x'] } }, { takes: ['x'] })],
    ['set on the only way', drawn({ a: { writes: ['x'], exits: { done: 'b' } }, b: { reads: ['x'] } })],
    [
      'set on every way, by different nodes',
      drawn({
        a: { exits: { one: 'b', two: 'c' } },
        b: { writes: ['x'], exits: { done: 'd' } },
        c: { writes: ['x@ok'], exits: { ok: 'd' } },
        d: { reads: ['x'] },
      }),
    ],
    [
      'set before a circle',
      drawn({
        a: { writes: ['x'], exits: { done: 'b' } },
        b: { reads: ['x'], exits: { again: 'b', on: 'c' } },
        c: { reads: ['x'], exits: { back: 'b' } },
      }),
    ],
    ['in a node that nothing leads to', drawn({ a: {}, b: { reads: ['x'] } })],
  ])('are none: %s', (_what, flow) => {
    expect(unset(flow)).toEqual([]);
  });

  it('are not set yet while their own node reads them', () => {
    expect(unset(drawn({ a: { reads: ['x'], writes: ['x'], exits: { again: 'a' } } }))).toHaveLength(1);
  });

  it('are told where a circle leads back to', () => {
    const flow = drawn({
      a: { writes: ['x', 'y'], exits: { done: 'b' } },
      b: { reads: ['x'], exits: { on: 'c' } },
      c: { exits: { back: 'b' } },
    });
    expect(unset(flow)).toEqual([]);
    expect(unset({ ...flow, start: 'c' })).toEqual([
      'unset-variable x `x` is read here, and after `c` (back) nothing has set it.',
    ]);
  });

  it('are told where a call leads whose time is over, from any node that waits', () => {
    const nodes = {
      a: { waits: true, writes: ['x'], exits: { done: 'b' } },
      b: { exits: { error: 'sorry' } },
      sorry: { reads: ['x'] },
    };
    expect(unset(drawn(nodes))).toEqual([]);
    expect(unset(drawn(nodes, { onError: 'sorry' }))).toEqual([
      'unset-variable x `x` is read here, and after `a` (timeLimit) nothing has set it.',
    ]);
  });

  it('are exactly those of which a walk finds some way', () => {
    const names = ['x', 'y', 'z'];
    const some = fc.subarray(names);
    const drawing = fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.array(fc.record({ reads: some, writes: some, to: fc.array(fc.nat({ max: count - 1 }), { maxLength: 3 }) }), {
        minLength: count,
        maxLength: count,
      }),
    );
    fc.assert(
      fc.property(drawing, (nodes) => {
        const flow = drawn(
          Object.fromEntries(
            nodes.map(({ reads, writes, to }, i) => [
              `n${i}`,
              { reads, writes, exits: Object.fromEntries(to.map((next, way) => [`w${way}`, `n${next}`])) },
            ]),
          ),
        );
        const found = new Set<string>();
        lintVariables(flow, (_code, path) => void found.add(path.join('.')));
        expect(found).toEqual(new Set(names.filter((name) => readUnset(nodes, name))));
      }),
      { numRuns: 300 },
    );
  });
});

/** Is there a way from the first node to one that reads the variable, over nodes that do not write it? */
function readUnset(nodes: readonly { reads: string[]; writes: string[]; to: number[] }[], name: string): boolean {
  const reached = new Set([0]);
  for (const at of reached) {
    const node = nodes[at];
    if (node?.reads.includes(name)) return true;
    if (node && !node.writes.includes(name)) for (const to of node.to) reached.add(to);
  }
  return false;
}

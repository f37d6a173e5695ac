import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { Flow } from '../../../src/ivr/flow.ts';
import { parseFlow } from '../../../src/ivr/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { randomNode, type Targets } from './random-node.ts';

/**
 * Random flows that the loader takes, of every kind of node: node i always leads on to node i+1, so that all are reached.
 * Where the caller or the world takes its time it leads anywhere besides, round and round included, else only onwards.
 */
export function randomFlow(maxSteps = 40): fc.Arbitrary<Flow> {
  return fc
    .integer({ min: 1, max: 7 })
    .chain((count) =>
      fc.record({
        nodes: fc.tuple(...Array.from({ length: count }, (_, i) => randomNode(targets(i, count)))),
        onError: fc.option(anyOf(0, count), { nil: undefined }),
        bargeIn: fc.boolean(),
      }),
    )
    .map(({ nodes, onError, bargeIn }) => {
      const count = nodes.length;
      return load({
        ...HEAD,
        id: 'random',
        vars: VARS,
        defaults: { menu: { bargeIn }, ...(onError && { onError }) },
        limits: { maxSteps },
        start: 'n0',
        nodes: { ...Object.fromEntries(nodes.map((made, i) => [`n${i}`, made])), [`n${count}`]: { type: 'hangup' } },
      });
    });
}

const anyOf = (from: number, to: number) => fc.integer({ min: from, max: to }).map((i) => `n${i}`);
const targets = (i: number, count: number): Targets => ({
  next: `n${i + 1}`,
  onwards: anyOf(i + 1, count),
  any: anyOf(0, count),
});

const HEAD = {
  version: 'ivr/v1',
  title: 'Random',
  owner: 'tests',
  languages: { default: 'en', supported: ['en', 'fi'], remember: '90d' },
};
const VARS = {
  id: { type: 'string', default: '' },
  n: { type: 'int', default: 2 },
  tier: { type: 'enum', values: ['standard', 'vip'], default: 'vip' },
  known: { type: 'bool', default: false },
};

function load(file: object): Flow {
  const reading = parseFlow(stringify(file), 'random.yaml');
  if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
  return reading.flow;
}

/** The flow that random flows call: it may return, end, hang up and fail. */
export const CALLED = load({
  ...HEAD,
  id: 'called',
  vars: VARS,
  takes: ['n'],
  gives: ['id'],
  start: 'ask',
  nodes: {
    ask: {
      type: 'menu',
      prompt: 'main',
      keys: { '1': 'part', '2': 'end', '3': 'cut', '0': 'count' },
      outcomes: { noInput: 'part', invalid: 'end' },
    },
    count: { type: 'set', set: { n: { cel: '10 / n' } }, next: 'part' },
    part: { type: 'return', outcome: 'part', with: { id: '12' } },
    end: { type: 'play', prompt: 'goodbye' },
    cut: { type: 'hangup' },
  },
});

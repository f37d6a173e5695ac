import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circles, reachable } from '../../../src/ivr/lint-graph.ts';

type Graph = Readonly<Record<string, readonly string[]>>;
const next = (graph: Graph) => (at: string) => graph[at] ?? [];
const circlesOf = (graph: Graph) => circles(Object.keys(graph), next(graph));

describe('circles', () => {
  it.each([
    [{}, []],
    [{ a: ['b'], b: ['c'], c: [] }, []],
    [{ a: ['a'] }, ['a']],
    [{ a: ['b'], b: ['c'], c: ['a', 'b'] }, ['abc']],
    [{ a: ['b'], b: ['c'], c: ['b'] }, ['bc']],
    [{ a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['ab', 'cd']],
    [{ a: ['elsewhere'], b: ['b'] }, ['b']],
  ])('of %o are %o', (graph, expected) => {
    expect(circlesOf(graph).map((circle) => circle.join(''))).toEqual(expected);
  });

  const graphs = fc
    .array(fc.array(fc.nat(9), { maxLength: 3 }), { maxLength: 10 })
    .map((ways): Graph => Object.fromEntries(ways.map((tos, i) => [`${i}`, tos.map(String)])));

  it('are ways that lead from each member to the next, and back', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const circle of circlesOf(graph)) {
          circle.forEach((at, i) => expect(graph[at]).toContain(circle[(i + 1) % circle.length]));
        }
      }),
    );
  });

  it('are found wherever a place can be reached from itself', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const onOne = Object.keys(graph).filter((at) => reachable(next(graph)(at), next(graph)).has(at));
        const told = new Set(circlesOf(graph).flat());
        expect(onOne.toSorted()).toEqual([...told].toSorted());
      }),
    );
  });
});

import { assert, boolean, integer, nat, property, record, string, subarray, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseNode, type NodeView } from '../../../src/edge/decide/node-choice.ts';

const node = (name: string, more: Partial<NodeView> = {}): NodeView => ({
  name,
  isUp: true,
  isDraining: false,
  calls: 0,
  weight: 1,
  ...more,
});
const choose = (nodes: readonly NodeView[], keeps: string | null = null, tried: readonly string[] = []) =>
  chooseNode(nodes, { keeps, tried: new Set(tried) });

describe('the choice of a node', () => {
  it.each<[string, readonly NodeView[], string]>([
    ['the fewest calls', [node('a', { calls: 2 }), node('b', { calls: 1 })], 'b'],
    ['equals by name', [node('b'), node('a')], 'a'],
    ['twice the weight, twice the calls', [node('a', { calls: 3, weight: 2 }), node('b', { calls: 2 })], 'a'],
    ['a small weight fills early', [node('a', { calls: 1, weight: 0.5 }), node('b', { calls: 1 })], 'b'],
    ['never a lost one', [node('a', { isUp: false }), node('b', { calls: 99 })], 'b'],
    ['never a draining one', [node('a', { isDraining: true }), node('b', { calls: 99 })], 'b'],
  ])('%s', (_what, nodes, name) => {
    expect(choose(nodes)).toEqual({ kind: 'node', name, why: 'load' });
  });

  it('leaves a call where it is, also on a draining node, but not on a lost one', () => {
    const nodes = [node('a', { calls: 50, isDraining: true }), node('b')];
    expect(choose(nodes, 'a')).toEqual({ kind: 'node', name: 'a', why: 'keeps' });
    expect(choose([node('a', { isUp: false }), node('b')], 'a')).toEqual({ kind: 'node', name: 'b', why: 'load' });
    expect(choose(nodes, 'a', ['a'])).toEqual({ kind: 'node', name: 'b', why: 'load' });
  });

  it.each<[string, readonly NodeView[], readonly string[]]>([
    ['all-lost', [node('a', { isUp: false })], []],
    ['all-drain', [node('a', { isDraining: true }), node('b', { isUp: false })], []],
    ['all-tried', [node('a'), node('b', { isDraining: true })], ['a']],
    ['all-lost', [], []],
  ])('says why there is none: %s', (why, nodes, tried) => {
    expect(choose(nodes, null, tried)).toEqual({ kind: 'none', why });
  });

  const anyNodes = uniqueArray(
    record({
      name: string({ minLength: 1, maxLength: 3 }),
      isUp: boolean(),
      isDraining: boolean(),
      calls: nat(1_000),
      weight: integer({ min: 1, max: 10 }),
    }),
    { selector: ({ name }) => name, maxLength: 8 },
  );

  it('never takes one that is lost or tried, and nobody of those left has less load', () => {
    assert(
      property(anyNodes, subarray(['a', 'b', 'c']), (all, tried) => {
        const choice = choose(all, null, tried);
        const left = all.filter(({ isUp, isDraining, name }) => isUp && !isDraining && !tried.includes(name));
        if (choice.kind === 'none') {
          expect(left).toEqual([]);
          return;
        }
        const taken = left.find(({ name }) => name === choice.name);
        const load = (taken?.calls ?? Number.NaN) / (taken?.weight ?? 1);
        expect(left.every(({ calls, weight }) => load <= calls / weight + 1e-9)).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the nodes', () => {
    assert(
      property(anyNodes, (all) => {
        expect(choose(all.toReversed())).toEqual(choose(all));
      }),
    );
  });

  it('fills nodes by their weight', () => {
    const calls = { a: 0, b: 0 };
    for (let n = 0; n < 300; n += 1) {
      const choice = choose([node('a', { calls: calls.a, weight: 2 }), node('b', { calls: calls.b })]);
      if (choice.kind === 'node') calls[choice.name as 'a' | 'b'] += 1;
    }
    expect(calls).toEqual({ a: 200, b: 100 });
  });
});

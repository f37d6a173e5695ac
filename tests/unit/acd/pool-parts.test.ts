import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lane } from '../../../src/acd/pool-lane.ts';
import { Turns } from '../../../src/acd/pool-turns.ts';

interface Item {
  readonly key: number;
  readonly id: number;
  live: boolean;
}
const compare = (a: Item, b: Item) => a.key - b.key || a.id - b.id;
const keysArb = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 80, size: 'max' });

describe('a lane', () => {
  it('has its live items in order, whoever came when and died where', () => {
    const opArb = fc.oneof(
      { weight: 3, arbitrary: fc.record({ type: fc.constant('push' as const), key: fc.integer({ min: 0, max: 30 }) }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('die' as const), key: fc.nat(60) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('tidy' as const), key: fc.constant(0) }) },
    );
    fc.assert(
      fc.property(fc.array(opArb, { maxLength: 120, size: 'max' }), fc.nat(8), (ops, count) => {
        const lane = new Lane<Item>(
          (a, b) => compare(a, b) < 0,
          ({ live }) => live,
        );
        const all: Item[] = [];
        for (const { type, key } of ops) {
          if (type === 'push') {
            const item = { key, id: all.length, live: true };
            all.push(item);
            lane.push(item);
          } else if (type === 'die') Object.assign(all[key] ?? {}, { live: false });
          else lane.tidy();
          const inOrder = all.filter(({ live }) => live).sort(compare);
          expect(lane.first(count)).toEqual(inOrder.slice(0, count));
          expect(lane.peek()).toBe(inOrder[0]);
        }
      }),
    );
  });

  it('does not grow by what comes and goes', () => {
    const lane = new Lane<Item>(
      (a, b) => compare(a, b) < 0,
      ({ live }) => live,
    );
    for (let n = 0; n < 2_000; n += 1) {
      const item = { key: n % 2 === 0 ? n : -n, id: n, live: true };
      lane.push(item);
      expect(lane.peek()).toBe(item);
      item.live = false;
      expect(lane.peek()).toBeUndefined();
    }
    expect(lane.size).toBeLessThan(100);
  });
});

describe('turns', () => {
  it('tell everybody’s place', () => {
    fc.assert(
      fc.property(keysArb, fc.array(fc.nat(79)), (keys, gone) => {
        const turns = new Turns<Item>(({ key }) => key, compare);
        const items = keys.map((key, id) => ({ key, id, live: true }));
        for (const item of items) turns.add(item);
        const out = new Set(gone.flatMap((at) => items[at] ?? []));
        for (const item of out) turns.delete(item);
        const left = items.filter((item) => !out.has(item)).sort(compare);
        expect(turns.size).toBe(left.length);
        for (const [at, item] of left.entries()) expect(turns.placeOf(item)).toBe(at + 1);
        for (const item of out) expect(turns.placeOf(item)).toBe(0);
      }),
    );
  });

  it('tell them among thousands too', () => {
    const turns = new Turns<Item>(({ key }) => key, compare);
    const items = Array.from({ length: 3_000 }, (_, id) => ({ key: (id * 7_919) % 3_000, id, live: true }));
    for (const item of items) turns.add(item);
    for (const item of items) expect(turns.placeOf(item)).toBe(item.key + 1);
    for (const item of items.slice(1)) turns.delete(item);
    expect(turns.placeOf(items[0] as Item)).toBe(1);
    expect(turns.size).toBe(1);
  });
});

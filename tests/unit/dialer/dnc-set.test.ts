import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSets, SetBuilder } from '../../../src/dialer/dnc-build.ts';
import { Cursor, NumberSet, SetWriter } from '../../../src/dialer/dnc-set.ts';

const driven = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
};

const setOf = (numbers: readonly number[], others: readonly NumberSet[] = []): NumberSet => {
  const builder = new SetBuilder();
  for (const number of numbers) if (builder.add(number)) driven(builder.settle());
  return driven(builder.done(others));
};

const allOf = (set: NumberSet): number[] => {
  const all: number[] = [];
  for (const cursor = new Cursor(set); cursor.next(); ) all.push(cursor.value);
  return all;
};

const sorted = (numbers: readonly number[]) => [...new Set(numbers)].sort((a, b) => a - b);
/** Close together and far apart, to the 15 digits that E.164 allows. */
const numbers = fc.array(
  fc.oneof(fc.integer({ min: 1_000_000, max: 1_000_500 }), fc.integer({ min: 1_000_000, max: 999_999_999_999_999 })),
  { maxLength: 400 },
);

describe('a set of numbers', () => {
  it('has what was put in, in any order, and nothing else', () => {
    fc.assert(
      fc.property(numbers, numbers, (inside, asked) => {
        const set = setOf(inside);
        expect(allOf(set)).toEqual(sorted(inside));
        expect(set.size).toBe(new Set(inside).size);
        for (const number of [...inside, ...asked, ...inside.map((each) => each + 1)]) {
          expect(set.has(number)).toBe(inside.includes(number));
        }
      }),
    );
  });

  it('is the same after it was written down and read', () => {
    fc.assert(
      fc.property(numbers, fc.nat(7), (inside, shift) => {
        const written = setOf(inside).written();
        // Wherever in memory it comes to lie.
        const elsewhere = new Uint8Array(written.length + shift).subarray(shift);
        elsewhere.set(written);
        const read = NumberSet.read(elsewhere);
        expect(read && allOf(read)).toEqual(sorted(inside));
      }),
    );
  });

  it('is not made of anything that was cut, or is something else', () => {
    const written = setOf([1, 2, 3, 400, 5_000_000]).written();
    for (let length = 0; length < written.length; length++) expect(NumberSet.read(written.slice(0, length))).toBeNull();
    expect(NumberSet.read(new TextEncoder().encode('+358401234567\n'.repeat(9)))).toBeNull();
  });

  it('merges sets into one', () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 5 }), (many) => {
        expect(allOf(driven(mergeSets(many.map((each) => setOf(each)))))).toEqual(sorted(many.flat()));
      }),
    );
  });

  it('is built over many runs, merged as they come, and takes two bytes a number where they are dense', () => {
    const count = 600_000;
    // Each number of a range once, in an order that is none.
    const builder = new SetBuilder();
    for (let i = 0; i < count; i++) {
      if (builder.add(12_000_000_000 + ((i * 7_919) % count) * 800)) driven(builder.settle());
    }
    const set = driven(builder.done([setOf([5])]));
    expect(set.size).toBe(count + 1);
    expect(set.has(5)).toBe(true);
    expect(set.has(12_000_000_000 + 599_999 * 800)).toBe(true);
    expect(set.has(12_000_000_001)).toBe(false);
    expect(set.byteLength / count).toBeLessThan(2.3);
  });

  it('passes over a number that is not greater than the one before', () => {
    const writer = new SetWriter();
    for (const number of [5, 5, 4, 9]) writer.add(number);
    expect(allOf(writer.done())).toEqual([5, 9]);
  });
});

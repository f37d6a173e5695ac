import { expect, it } from 'vitest';
import { inOrder } from '../../../../src/switch/freeswitch/fleet.ts';

const server = (name: string, legs: number, isUp = true) => ({ name, legs, isUp });
const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(' ');
const legsOf = ({ legs }: { readonly legs: number }) => legs;

it('a leg goes beside the one that it is to be joined with, else to the living server with the fewest', () => {
  const [full, empty, dead] = [server('full', 90), server('empty', 2), server('dead', 0, false)];
  const all = [full, dead, empty];
  expect(named(inOrder(all, legsOf, null))).toBe('empty full');
  expect(named(inOrder(all, legsOf, full))).toBe('full empty');
  expect(named(inOrder(all, legsOf, dead))).toBe('empty full');
  expect(inOrder([dead], legsOf, null)).toEqual([]);
});

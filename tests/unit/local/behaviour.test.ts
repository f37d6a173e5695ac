import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Behaviour, behaviourOf } from '../../../src/local/behaviour.ts';

const dialplan = readFileSync(new URL('../../../dialplans/public-network/extensions.conf', import.meta.url), 'utf8');

/** The lines of one context of the dialplan. */
const context = (name: string): string => dialplan.split(`\n[${name}]\n`)[1]?.split(/^\[/m)[0] ?? '';

const numbers = Array.from({ length: 100 }, (_, last) => `+3584000000${String(last).padStart(2, '0')}`);

const contexts = (): string[] => {
  const limits = [...dialplan.matchAll(/GotoIf\(\$\[\$\{LAST\} < (\d+)\]\?([\w-]+),s,1\)/g)];
  const last = /same => n,Goto\(([\w-]+),s,1\)/.exec(context('from-trunk'))?.[1] ?? '';
  return numbers.map((_, digits) => limits.find(([, limit]) => digits < Number(limit))?.[2] ?? last);
};

const wait = (name: string): number =>
  Number(/Wait\(\$\[(\d+) \* \$\{PACE_PERCENT\} \/ 100\]\)/.exec(context(name))?.[1] ?? 0) * 1_000;
const status = (name: string): number => Number(/PJSIPHangup\((\d+)\)/.exec(context(name))?.[1]);

test('the dialplan sends each number to the behaviour that the table names', () => {
  expect(contexts()).toEqual(numbers.map((number) => behaviourOf(number).kind));
});

test('people ring and talk as long as the dialplan computes', () => {
  expect(dialplan).toContain('Set(LAST=$[${EXTEN:-2:1} * 10 + ${EXTEN:-1}])');
  expect(dialplan).toContain('Set(RINGS_SECONDS=$[2 + ${LAST} % 4])');
  expect(dialplan).toContain('Set(TALKS_SECONDS=$[5 + (${LAST} * 7) % 16])');
  for (const [last, number] of numbers.slice(0, 60).entries()) {
    expect(behaviourOf(number)).toEqual({
      kind: 'person',
      ringMs: (2 + (last % 4)) * 1_000,
      talkMs: (5 + ((last * 7) % 16)) * 1_000,
    });
  }
});

test.each([
  ['60', { kind: 'machine', ringMs: wait('machine') }],
  ['75', { kind: 'busy', sipStatus: status('busy'), ringMs: 0 }],
  ['85', { kind: 'no-answer' }],
  ['92', { kind: 'rejected', sipStatus: status('rejected'), ringMs: wait('rejected') }],
  ['94', { kind: 'unallocated', sipStatus: status('unallocated'), ringMs: 0 }],
  ['97', { kind: 'congestion', sipStatus: status('congestion'), ringMs: 0 }],
  ['98', { kind: 'patient', ringMs: wait('patient') }],
] satisfies [string, Behaviour][])('numbers that end in %s behave as the dialplan does: %j', (last, behaviour) => {
  expect(behaviourOf(`+35840000${last}`)).toEqual(behaviour);
});

test.each(['', '1', 'support', '+35840x1', '+'])('%j is no number', (text) => {
  expect(() => behaviourOf(text)).toThrow(RangeError);
});

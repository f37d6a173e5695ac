import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialTarget } from '../../../src/call/switch.ts';
import { callerId, dialString } from '../../../src/switch/asterisk/dial-string.ts';

const trunks = new Map([
  ['world', 'carrier-1'],
  ['broken', 'carrier&PJSIP/x'],
]);
const number = (digits: string, trunk = 'world'): DialTarget => ({ kind: 'number', number: digits, trunk });
const phone = (name: string): DialTarget => ({ kind: 'phone', name });

describe('dial string', () => {
  it.each([
    [number('+358401234567'), 'PJSIP/+358401234567@carrier-1'],
    [number('1000'), 'PJSIP/1000@carrier-1'],
    [phone('1001'), 'PJSIP/1001'],
    [phone('alice.w-2_b'), 'PJSIP/alice.w-2_b'],
  ])('%o is dialled as %s', (to, expected) => {
    expect(dialString(to, trunks)).toBe(expected);
  });

  it.each([
    number('1000&PJSIP/2000'),
    number('1000@elsewhere'),
    number('1000,30,${SHELL(id)}'),
    number('+'),
    number(''),
    number('00 12'),
    number('+35840\n'),
    number('1'.repeat(33)),
    number('１２３'),
    number('1000', 'no-such-trunk'),
    number('1000', 'broken'),
    phone('1001&Local/x@y'),
    phone('Local/x@y'),
    phone('../1001'),
    phone('.'),
    phone(''),
    phone('a'.repeat(64)),
  ])('%o is not dialled', (to) => {
    expect(dialString(to, trunks)).toBeNull();
  });

  it('is the fixed template with plain names and digits in it, whatever comes in', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...Array.from('&@/;,(){}$\u0000\r\n\t"\\+0123456789abZ._-')), maxLength: 12 }),
      fc.stringMatching(/^\+?[0-9]{1,12}[&@/;,(){}$\s]?$/),
    );
    const target = fc.oneof(
      hostile.map(phone),
      fc.tuple(hostile, fc.oneof(hostile, fc.constant('world'))).map(([digits, trunk]) => number(digits, trunk)),
    );
    let dialled = 0;
    fc.assert(
      fc.property(target, (to) => {
        const dial = dialString(to, trunks);
        if (dial === null) return;
        dialled += 1;
        const [, rest = ''] = /^PJSIP\/(.*)$/s.exec(dial) ?? [];
        const given = to.kind === 'number' ? rest.replace(/@carrier-1$/, '') : rest;
        expect(given).toMatch(/^[A-Za-z0-9+._-]+$/);
      }),
      { numRuns: 100_000 },
    );
    expect(dialled).toBeGreaterThan(1_000);
  });
});

describe('caller id', () => {
  it.each([
    ['+358401234567', null, '<+358401234567>'],
    ['+358401234567', 'Ann Lee', '"Ann Lee" <+358401234567>'],
    ['+358401234567', 'Åsa "x" <1>\n, $(id)', '"Åsa x 1, id" <+358401234567>'],
    ['"><sip:evil', 'Ann', '"Ann" <>'],
    [null, null, null],
    [null, '"<>"', null],
  ])('%s %s is shown as %s', (number, name, expected) => {
    expect(callerId(number, name)).toBe(expected);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPattern } from '../../../src/ivr/pattern.ts';

describe('readPattern', () => {
  it.each([
    ['^[1-9][0-9]{5,7}$', '123456', '012345'],
    ['^\\+358[0-9]+$', '+358401', '358401'],
    ['^\\d{3}$', '123', '12a'],
    ['^[0-9*#]*$', '1*#', '+'],
    ['^12?3$', '13', '1223'],
    ['^[0-9]{4}-[0-9]{2}-[0-9]{2}$', '2026-12-24', '24.12.2026'],
  ])('%s takes %s and not %s', (text, good, bad) => {
    const pattern = readPattern(text);
    if (!pattern.ok) throw new Error(pattern.why);
    expect([pattern.regex.test(good), pattern.regex.test(bad)]).toEqual([true, false]);
  });

  it.each([
    '[0-9]+',
    '^[0-9]+',
    '^(a+)+$',
    '^(1|2)$',
    '^1|2$',
    '^.*$',
    '^[^0]$',
    '^[a-z]$',
    '^[0-9]+[0-9]+[0-9]+$',
    '^(?=1)1$',
    '^\\1$',
    '^1**$',
    '^[9-0]$',
    '^1{5,2}$',
    '^1{999}$',
    `^${'1'.repeat(200)}$`,
  ])('refuses %s', (text) => {
    expect(readPattern(text).ok).toBe(false);
  });

  it('matches whatever it takes in little time', () => {
    const piece = fc.stringMatching(/^(-|\d|\[\d-9\]|\\d)(\{\d,\d\d\}|[?*+])?$/);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const pattern = readPattern(`^${pieces.join('')}$`);
        if (!pattern.ok) return;
        const began = performance.now();
        pattern.regex.test(`${'9'.repeat(64)}x`);
        expect(performance.now() - began).toBeLessThan(50);
      }),
    );
  });
});

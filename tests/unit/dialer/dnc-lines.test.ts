import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DncReader, type DncReading, LineScanner } from '../../../src/dialer/dnc-lines.ts';

const shown = (reading: DncReading): string =>
  reading.kind === 'number' ? `+${reading.number}` : reading.kind === 'bad' ? reading.problem : 'empty';

const read = (text: string, country: string | null) => shown(new DncReader(country).readText(text));

describe('a number on a do-not-call list', () => {
  it.each([
    ['+358401234567', null, '+358401234567'],
    ['  +358 40 123-4567 ', null, '+358401234567'],
    ['00358401234567', null, '+358401234567'],
    ['040 123 4567', 'FI', '+358401234567'],
    ['358401234567', 'FI', '+358401234567'],
    ['(201) 555-0123', 'US', '+12015550123'],
    ['201,5550123', 'US', '+12015550123'],
    ['12015550123', 'US', '+12015550123'],
    ['2015550123', 'CA', '+12015550123'],
    ['"0401234567"', 'FI', '+358401234567'],
    ['', 'FI', 'empty'],
    ['  ', 'FI', 'empty'],
    ['0401234567', null, 'does not say its country: write it with +, or give the country of the list'],
    ['123', 'FI', 'is not a number of FI'],
    ['+12345', null, 'has 5 digits; a number with its country has 7 to 15'],
    ['+1234567890123456', null, 'has 16 digits; a number with its country has 7 to 15'],
    [`+${'9'.repeat(40)}`, null, 'has 40 digits; a telephone number has at most 15'],
    ['+', null, 'has no digits'],
    ['3.58401E+11', 'FI', 'is not a telephone number'],
    ['phone', 'FI', 'is not a telephone number'],
  ])('%s of %s is %s', (text, country, expected) => {
    expect(read(text, country)).toBe(expected);
  });

  it('is read the same however the bytes come', () => {
    const text = '\uFEFF+358401234567\r\n\r\nphone\n0401234568\n+1 201 555 0123';
    const bytes = new TextEncoder().encode(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const scanner = new LineScanner(new DncReader('FI'));
        const seen: string[] = [];
        const take = (line: number, reading: DncReading) => seen.push(`${line} ${shown(reading)}`);
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          scanner.feed(bytes.subarray(from, cut), take);
          from = Math.max(from, cut);
        }
        scanner.end(take);
        expect(seen).toEqual([
          '1 +358401234567',
          '2 empty',
          '3 is not a telephone number',
          '4 +358401234568',
          '5 +12015550123',
        ]);
      }),
    );
  });
});

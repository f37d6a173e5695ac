import * as fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { isPlainE164 } from '../../../src/dialer/number-plans.ts';

const isGood = (text: string): boolean => {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  const isFree = parsed?.ext === undefined && parsed?.getType() !== 'PREMIUM_RATE';
  return parsed?.number === text && parsed.isValid() && isFree;
};

const COUNTRIES = getCountries();
const EXAMPLES = COUNTRIES.flatMap((country) => getExampleNumber(country, examples)?.number ?? []);
const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''));

/** Of a country's code with any digits behind it; of a good number with some of its digits changed, left out or added. */
const texts = fc.oneof(
  fc
    .tuple(fc.constantFrom(...COUNTRIES), digits(4, 13))
    .map(([country, rest]) => `+${getCountryCallingCode(country)}${rest}`),
  fc
    .tuple(fc.constantFrom(...EXAMPLES), fc.nat(14), digits(0, 3), fc.nat(3))
    .map(([number, at, put, out]) => number.slice(0, at + 1) + put + number.slice(at + 1 + out)),
  fc.tuple(fc.constantFrom(...EXAMPLES), digits(5, 5)).map(([number, end]) => number.slice(0, -5) + end),
);

describe('a number in E.164 that is known without parsing it', () => {
  it('is one by the library too, and the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        if (isPlainE164(text)) expect(isGood(text), text).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is nearly every good one: parsing is for the rest', () => {
    const good = fc.sample(texts, { numRuns: 4_000, seed: 7 }).filter(isGood);
    expect(good.length).toBeGreaterThan(500);
    expect(good.filter(isPlainE164).length / good.length).toBeGreaterThan(0.9);
    expect(EXAMPLES.length).toBeGreaterThan(200);
    expect(EXAMPLES.filter((number) => !isPlainE164(number)).length).toBeLessThan(20);
  });

  it.each([
    [''],
    ['+'],
    ['0401234567'],
    ['+358 40 1234567'],
    ['+3580401234567'],
    ['+999123456789'],
    ['+35840123456\n'],
    ['+358600123456'],
    ['+19002345678'],
    ['+449091234567'],
  ])('is not %j', (text) => {
    expect(isPlainE164(text)).toBe(false);
  });
});

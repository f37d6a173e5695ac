import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionsOver, isReservedVariable } from '../../../src/ivr/expression.ts';

const expressions = expressionsOver(
  new Map([
    ['tier', 'enum'],
    ['count', 'int'],
    ['known', 'bool'],
  ]),
);
const call = { from: '+358501112223', to: '100', language: 'fi', customerType: '' };
const vars = { tier: 'vip', count: 3, known: true };

function truth(source: string): boolean | null | string {
  const compiled = expressions.condition(source);
  return compiled.ok ? compiled.expression.of(call, vars) : `${compiled.offset}: ${compiled.message} ${compiled.cure}`;
}

describe('conditions', () => {
  it.each([
    ['tier == "vip" && known', true],
    ['call.from in ["+358501112223", "+46"]', true],
    ['call.from.matches("^\\\\+358[0-9]+$")', true],
    ['count + 1 == 4', true],
    ['count * 2 > 6', false],
    ['size(call.to) == 3', true],
    ['1 / (count - 3) == 1', null],
    ['count % (count - 3) == 1', null],
  ])('%s is %s', (source, value) => {
    expect(truth(source)).toBe(value);
  });

  it.each([
    ['tier = "vip"', '5: `==` compares, a single `=` means nothing. Write `==`.'],
    ['tier === "vip"', '7: `==` compares, a single `=` means nothing.'],
    ['(known && count > 1', '19: A bracket is not closed.'],
    ['tier in ["a", "(b"', '18: A bracket is not closed.'],
    ['tier ==', '7: Something is missing at the end.'],
    ['tier == "vip', '8: A quote is opened and never closed.'],
    ['tier == “vip”', '8: This quote is no straight one.'],
    ['known and count > 1', '6: What `and` shall mean is written `&&`. Write `&&`.'],
    ['not known', '4: What `not` shall mean is written `!`.'],
    ['tier <> "vip"', '6: What `<>` shall mean is written `!=`.'],
    ['tier IN ["vip"]', '5: What `IN` shall mean is written `in`.'],
    ['${tier} == "vip"', '0: `${…}` means nothing here. Write the name of the variable alone.'],
    ['tier == "vip")', '13: `)` cannot stand here. Look for a sign that is missing before it, or one too many.'],
    ['tier == gold', '8: There is no variable `gold`. Known: tier, count, known, call. A text needs quotes: "gold".'],
    ['teir == "vip"', '0: There is no variable `teir`. Did you mean `tier`? A text needs quotes: "teir".'],
    ['tier == 1', '0: A text is compared with a whole number. Put texts in quotes, and nothing else.'],
    ['count == 1.5', '0: A whole number is compared with a number with a fraction.'],
    ['count + tier == ""', '0: `+` cannot join a whole number and a text. Make a text of a number by `string(…)`'],
    ['tier in "vip"', '0: `in` looks into a list, and this is a text. Write it like `in ["a", "b"]`.'],
    ['!count', '0: `!` cannot stand before a whole number.'],
    ['count && known', '0: `&&` and `||` join what is true or false.'],
    ['count ? known : known', '0: What stands before `?` is not true or false.'],
    ['lower(tier) == "vip"', '0: There is no function `lower` for this. Known: size, startsWith, '],
    ['tier.startswith("v")', '0: There is no function `startswith` for this. Did you mean `startsWith`?'],
    ['SHELL("x") == ""', '0: There is no function `SHELL` for this.'],
    ['call.number == ""', '5: `call` has from, to, language and customerType only.'],
    ['call.constructor == ""', '5: `call` has from, to, language and customerType only.'],
    ['tier[0] == "v"', '0: This has no parts to choose from.'],
    ['__proto__ == ""', '0: `__proto__` has a meaning of its own in CEL.'],
    ['tier.matches(tier)', '0: A pattern must stand here as a text.'],
    ['tier.matches("^(a|b)$")', '0: The pattern is refused: `(a|b)` is not a class of digits.'],
    ['["a"].exists(x, x == tier)', '0: `exists` may not be used. Compare values one by one'],
    ['cel.bind(x, tier, x == "vip")', '0: `bind` may not be used.'],
    ['count', '0: This is a whole number, and here belongs true or false. Compare it with something'],
    ['dyn(count)', '0: This is something else, and here belongs true or false.'],
  ])('%s is refused', (source, message) => {
    expect(truth(source)).toContain(message);
  });

  it.each([
    ['brackets', `${'('.repeat(500)}true${')'.repeat(500)}`],
    ['signs', `${'!'.repeat(2_000)}true`],
    ['parts', Array.from({ length: 1_000 }, () => 'known').join(' && ')],
  ])('of too many %s are refused', (_, source) => {
    expect(truth(source)).toMatch(/^\d+: This is too long, or nested too deeply\./);
  });

  it('never throws, and speaks in sentences', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (source) => {
        const compiled = expressions.condition(source);
        if (!compiled.ok) expect(`${compiled.message} ${compiled.cure}`).toMatch(/^[^a-z].*\. .*[.?]$/s);
      }),
      { numRuns: 500 },
    );
  });
});

describe('values', () => {
  const valueOf = (source: string, type: Parameters<typeof expressions.value>[1]) => {
    const compiled = expressions.value(source, type);
    return compiled.ok ? compiled.expression.of(call, vars) : compiled.message;
  };

  it.each([
    ['count + 1', 'int', 4],
    ['count / 2', 'int', 1],
    ['9007199254740991 + 1', 'int', null],
    ['count / (count - 3)', 'int', null],
    ['tier + "-" + call.language', 'string', 'vip-fi'],
    ['known ? "vip" : "standard"', 'enum', 'vip'],
    ['!known', 'bool', false],
    ['string(count)', 'string', '3'],
    ['count', null, 3],
    ['call.from', null, '+358501112223'],
    ['known', null, true],
  ] as const)('%s as %s is %j', (source, type, value) => {
    expect(valueOf(source, type)).toBe(value);
  });

  it.each([
    ['count', 'string', 'This is a whole number, and here belongs a text.'],
    ['tier', 'int', 'This is a text, and here belongs a whole number.'],
    ['tier', 'bool', 'This is a text, and here belongs true or false.'],
    ['1.5', 'int', 'This is a number with a fraction, and here belongs a whole number.'],
    ['[count]', null, /^This is a list, and here belongs a text or a whole number or true or false\.$/],
    ['1.5', null, /^This is a number with a fraction/],
    ['null', null, /^This is nothing/],
  ] as const)('%s as %s is refused', (source, type, message) => {
    expect(valueOf(source, type)).toMatch(message);
  });

  it('knows which variables it reads', () => {
    const compiled = expressions.value('known ? tier : call.language', 'string');
    expect(compiled.ok && compiled.expression.reads).toEqual(['tier', 'known']);
  });
});

describe('names of variables', () => {
  it.each(['true', 'false', 'null', 'in', 'int', 'call', 'if'])('%s means something already', (name) => {
    expect(isReservedVariable(name)).toBe(true);
  });

  it.each(['tier', 'truth', 'size', 'caller'])('%s is free', (name) => expect(isReservedVariable(name)).toBe(false));
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionsOver } from '../../../src/ivr/expression.ts';

const expressions = expressionsOver(
  new Map([
    ['tier', 'enum'],
    ['count', 'int'],
    ['known', 'bool'],
  ]),
);
const call = { from: '+358501112223', to: '100', language: 'fi' };
const vars = { tier: 'vip', count: 3, known: true };

function truth(source: string): boolean | null | string {
  const compiled = expressions.condition(source);
  return compiled.ok ? compiled.expression.of(call, vars) : `${compiled.offset}: ${compiled.message}`;
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
    ['tier == 1', /^0: no such overload/],
    ['SHELL("x") == ""', /no matching overload/],
    ['call.constructor == ""', /^5: No such key/],
    ['__proto__ == ""', /Reserved identifier/],
    ['tier.matches(tier)', /a pattern must be written out/],
    ['tier.matches("^(a|b)$")', /not a class of digits/],
    ['["a"].exists(x, x == tier)', /`exists` may not be used/],
    ['cel.bind(x, tier, x == "vip")', /`bind` may not be used/],
    ['count', /it is int, not true or false/],
    ['tier ==', /Unexpected token/],
    [`${'('.repeat(500)}true${')'.repeat(500)}`, /./],
    [`${'!'.repeat(2_000)}true`, /./],
    [Array.from({ length: 1_000 }, () => 'known').join(' && '), /./],
  ])('%s is refused', (source, message) => {
    expect(truth(source)).toMatch(message);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (source) => void truth(source)),
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
    ['count', 'string', 'it is int, not a text'],
    ['tier', 'int', 'it is string, not a whole number'],
    ['tier', 'bool', 'it is string, not true or false'],
    ['1.5', 'int', 'it is double, not a whole number'],
    ['[count]', null, /not a text or a whole number or true or false$/],
    ['1.5', null, /^it is double/],
    ['null', null, /^it is null/],
  ] as const)('%s as %s is refused', (source, type, message) => {
    expect(valueOf(source, type)).toMatch(message);
  });

  it('knows which variables it reads', () => {
    const compiled = expressions.value('known ? tier : call.language', 'string');
    expect(compiled.ok && compiled.expression.reads).toEqual(['tier', 'known']);
  });
});

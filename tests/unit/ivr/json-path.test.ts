import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/call/request.ts';
import { parseJsonPath, valueAt } from '../../../src/ivr/json-path.ts';

const answer: Json = { id: '123', tier: { name: 'vip' }, orders: [{ state: 'sent' }, { state: 'open' }], none: null };

describe('a place in an answer', () => {
  it.each([
    ['$', answer],
    ['$.id', '123'],
    ['$.tier.name', 'vip'],
    ['$.orders[1].state', 'open'],
    ['$.none', null],
    ['$.gone', undefined],
    ['$.none.deeper', undefined],
    ['$.id.length', undefined],
    ['$.orders.length', undefined],
    ['$.orders[2]', undefined],
    ['$.tier[0]', undefined],
    ['$.constructor', undefined],
    ['$.__proto__', undefined],
    ['$.toString', undefined],
    ['$.orders.map', undefined],
  ])('%s', (text, value) => {
    expect(valueAt(answer, parseJsonPath(text) ?? ['refused'])).toEqual(value);
  });

  it.each([
    '',
    'id',
    '.id',
    '$id',
    '$.',
    '$..id',
    '$.*',
    '$[*]',
    '$[-1]',
    '$[01]',
    '$[99999]',
    '$[0:2]',
    "$['id']",
    '$.orders[?@.open]',
    '$ .id',
    '$.id ',
    '$.1',
    `$${'.a'.repeat(17)}`,
  ])('%s is none', (text) => {
    expect(parseJsonPath(text)).toBeNull();
  });

  it('is found or not in any answer, and never throws', () => {
    const step = fc.oneof(
      fc.constantFrom('.a', '.b', '.constructor', '[0]', '[1]', '[', '.', '.*'),
      fc.string({ maxLength: 3 }),
    );
    const tree = fc.jsonValue({ depthSize: 'small' });
    fc.assert(
      fc.property(tree, fc.array(step, { maxLength: 5 }), (json, steps) => {
        const path = parseJsonPath(`$${steps.join('')}`);
        if (path) expect(typeof valueAt(json as Json, path)).not.toBe('function');
      }),
      { numRuns: 500 },
    );
  });
});

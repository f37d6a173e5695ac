import { expect, it } from 'vitest';
import { readJson } from '../../../src/web/json.ts';

const read = (text: string) => readJson(new TextEncoder().encode(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

it.each(['null', '0', '"a"', '[]', '{"a":{"b":[1,true,null]}}', nested(32)])('reads %s', (text) => {
  expect(JSON.stringify(read(text))).toBe(text);
});

it.each(['', ' ', '{', '{"a":1,}', "{'a':1}", 'undefined', 'NaN', '<a/>', '1 2', nested(33), nested(100_000)])(
  'refuses %j',
  (text) => expect(read(text)).toBeUndefined(),
);

it('refuses what is not UTF-8', () => {
  expect(readJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
  expect(readJson(Uint8Array.of(0xff, 0xfe, 0x31, 0x00))).toBeUndefined();
});

it('drops __proto__ at every level', () => {
  const body = read('{"__proto__":{"admin":true},"a":[{"__proto__":{"admin":true},"b":1}]}');
  expect(JSON.stringify(body)).toBe('{"a":[{"b":1}]}');
  expect(body).not.toHaveProperty('admin');
});

it('keeps an id that no number can hold', () => {
  expect(read('{"id":12345678901234567891,"n":-9007199254740993,"x":1e300,"safe":9007199254740991}')).toEqual({
    id: '12345678901234567891',
    n: '-9007199254740993',
    x: '1e300',
    safe: 9_007_199_254_740_991,
  });
});

it('is frozen to the bottom, as a cache hands it out more than once', () => {
  const body = read('{"a":[{"b":1}]}') as { a: { b: number }[] };
  expect([body, body.a, body.a[0]].every(Object.isFrozen)).toBe(true);
});

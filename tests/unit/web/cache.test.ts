import { expect, it } from 'vitest';
import { createCache } from '../../../src/web/cache.ts';

const entry = (value: string, bytes = 1, until = 100) => ({ value, bytes, until });
const held = (cache: ReturnType<typeof createCache<string>>, keys: string) =>
  keys
    .split('')
    .filter((key) => cache.get(key, 0) !== null)
    .join('');

it('forgets what was longest unused', () => {
  const cache = createCache<string>({ entries: 2, bytes: 100 });
  cache.put('a', entry('A'));
  cache.put('b', entry('B'));
  expect(cache.get('a', 0)).toBe('A');
  cache.put('c', entry('C'));
  expect(held(cache, 'abc')).toBe('ac');
});

it('holds no more bytes than it may, and counts a replaced or lapsed entry no more', () => {
  const cache = createCache<string>({ entries: 10, bytes: 10 });
  cache.put('a', entry('A', 4));
  cache.put('a', entry('A', 4));
  cache.put('b', entry('B', 4, 5));
  expect(held(cache, 'ab')).toBe('ab');
  expect(cache.get('b', 5)).toBeNull();
  cache.put('c', entry('C', 6));
  expect(held(cache, 'abc')).toBe('ac');
  cache.put('d', entry('D', 11));
  expect(held(cache, 'abcd')).toBe('');
});

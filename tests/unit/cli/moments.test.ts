import { expect, it } from 'vitest';
import { spanOf } from '../../../src/cli/moments.ts';

const at = (text: string) => Date.parse(text);

it('asks for a span as it is given', () => {
  const { query, words } = spanOf({ from: at('2026-11-02T00:00:00'), to: at('2026-11-03T00:00:00') });
  expect(query).toBe(`from=${at('2026-11-02T00:00:00')}&to=${at('2026-11-03T00:00:00')}`);
  expect(words).toBe('from 2026-11-02 00:00 to 2026-11-03 00:00');
});

it('asks for today up to now when nothing is said', () => {
  const { query, words } = spanOf({});
  expect(query).toMatch(/^from=\d+$/u);
  expect(words).toMatch(/ to now$/u);
});

it('names a span that ends before it begins, and says what mends it', () => {
  const reversed = { from: at('2026-11-03T00:00:00'), to: at('2026-11-02T00:00:00') };
  expect(() => spanOf(reversed)).toThrow(
    'The span ends before it begins: from 2026-11-03 00:00 to 2026-11-02 00:00. Give a --to that is after --from; without --from it is this midnight.',
  );
  expect(() => spanOf({ to: at('2020-01-01T00:00:00') })).toThrow('to 2020-01-01 00:00');
});

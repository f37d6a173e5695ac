import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Sayable, say } from '../../../src/call/say/index.ts';

const wordsFile = (language: string): Record<string, string> =>
  parse(readFileSync(resolve(import.meta.dirname, `../../../sounds/${language}/say.yaml`), 'utf8'));

/** What a caller hears, as it is written; where a language writes words together is no matter of sound. */
export function spoken(language: string): (what: Sayable) => string | null {
  const words = wordsFile(language);
  return (what) =>
    say(language, what)
      ?.map((atom) => words[atom] ?? `<${atom}>`)
      .join(' ') ?? null;
}

const together = (text: string | null) => text?.replace(/[ -]/g, '');

/** `number 21`, `date 2026-12-25`, `money 2100 EUR`, `ordinal 3`, `hours 4`, `minutes 5`, `digits +358`. */
function sayable(text: string): Sayable {
  const [kind = '', value = '', currency = ''] = text.split(' ');
  switch (kind) {
    case 'digits':
    case 'date':
      return { kind, value };
    case 'money':
      return { kind, minor: Number(value), currency };
    case 'number':
    case 'ordinal':
    case 'hours':
    case 'minutes':
      return { kind, value: Number(value) };
    default:
      throw new Error(`no such thing to say: ${text}`);
  }
}

/** A table of `what = words`, one a line. */
export function speaks(language: string, table: string): void {
  const speak = spoken(language);
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('=').map((side) => side.trim()));
  it.each(rows)('%s: %s', (what = '', words = '') => {
    expect(together(speak(sayable(what)))).toBe(together(words));
  });
  it('is a table to speak of', () => expect(rows.length).toBeGreaterThan(60));
}

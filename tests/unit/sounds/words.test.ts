import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { atomsOf, SAY_LANGUAGES } from '../../../src/call/say/index.ts';

/** Words, or parts that are each said in a language of their own. */
const promptsFile = z.record(z.string(), z.union([z.string(), z.array(z.record(z.string(), z.string()))]));

const listOf = (language: string, list: string) =>
  promptsFile.parse(
    parse(readFileSync(resolve(import.meta.dirname, `../../../sounds/${language}/${list}.yaml`), 'utf8')),
  );

const names = Object.keys(listOf('en', 'prompts'));

describe.each(SAY_LANGUAGES)('the words in %s', (language) => {
  const prompts = listOf(language, 'prompts');
  const pieces = listOf(language, 'say');

  it('are there for every prompt', () => {
    expect(new Set(Object.keys(prompts))).toEqual(new Set(names));
  });

  it('are there for every atom, and for nothing else', () => {
    expect(Object.keys(pieces)).toEqual(atomsOf(language));
  });

  it('are plain: signs, figures and markup are read aloud differently by each voice', () => {
    const texts = [...Object.values(prompts), ...Object.values(pieces)].flatMap((said) =>
      typeof said === 'string' ? [said] : said.flatMap((part) => Object.values(part)),
    );
    for (const text of texts) expect(text).toMatch(/^[\p{L}\p{M}' ,.:?!，。？、：-]+$/u);
    for (const text of Object.values(pieces)) expect(text).toMatch(/^[\p{L} -]+$/u);
  });

  it('offer the languages under the same keys everywhere', () => {
    expect(prompts['language.choice']).toEqual(listOf('en', 'prompts')['language.choice']);
    const offered = prompts['language.choice.all'];
    expect(Array.isArray(offered) && offered.flatMap((part) => Object.keys(part))).toEqual(SAY_LANGUAGES);
  });
});

import { createHash } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PersonKeys, Spelling } from './ports/erasures.ts';

/** What a number or an id is called once its person was erased: it begins so, and tells nothing. */
const ERASED = 'erased-';
const ALIAS_HEX = 16;
/** What people put between the digits of a number. */
const BETWEEN = '[ ()./-]{0,3}';
/** Others, such as 12345, would be found where they mean something else; those are looked for where ids stand, and nowhere else. */
const TELLING_ID = /^(?=.*\p{L}).{4,}$|^.{8,}$/u;
const OUTSIDE = { before: '(?<![0-9A-Za-z])', after: '(?![0-9A-Za-z])' } as const;

/**
 * The name that stands for a spelling of a number, the same for ever in this installation: the first 64 bits of SHA-256 over the
 * secret and the spelling. Statements in SQL reckon it too, so that dials of an erased number count for its caps. Whoever has the
 * secret can try all numbers there are; no hash of a telephone number prevents that.
 */
export const aliasOf = (salt: string, spelling: string): string =>
  ERASED +
  createHash('sha256')
    .update(salt + spelling)
    .digest('hex')
    .slice(0, ALIAS_HEX);

/**
 * Every way in which numbers and ids of one person are written, longest first. One name for each spelling, so that who counts
 * callers by their numbers counts the same as before.
 */
export function spellingsOf({ numbers, customerIds }: PersonKeys, salt: string, country: string | null): Spelling[] {
  const texts = new Set(numbers.flatMap((number) => waysToWrite(number, country)));
  const spelled = [...texts].map((text) => ({ text, pattern: numberPattern(text), alias: aliasOf(salt, text) }));
  const ids = customerIds.filter((id) => TELLING_ID.test(id));
  const named = ids.map((text) => ({ text, pattern: idPattern(text), alias: aliasOf(salt, text) }));
  return [...spelled, ...named].sort((a, b) => b.text.length - a.text.length);
}

/** As it came, in E.164 with and without what is dialled before it, and as it is written at home. */
function waysToWrite(number: string, country: string | null): string[] {
  const plain = number.replaceAll(/[^0-9+]/gu, '');
  const home = country === null ? {} : { defaultCountry: country as never };
  const parsed = parsePhoneNumberFromString(number, { extract: false, ...home });
  if (!parsed) return [plain];
  const digits = parsed.number.slice(1);
  const ways = [plain, `+${digits}`, digits, `00${digits}`, `011${digits}`];
  const atHome = parsed.country === country ? parsed.formatNational().replaceAll(/\D/gu, '') : plain;
  return [...ways, atHome];
}

/** As they stand in a web address too, where a + is written %2B. */
const numberPattern = (text: string): string => {
  const sign = text.startsWith('+') ? '(?:\\+|%2[Bb])' : '(?<!\\+)';
  const digits = text.replace('+', '').split('').join(BETWEEN);
  return `${OUTSIDE.before}${sign}${digits}${OUTSIDE.after}`;
};

const idPattern = (text: string): string =>
  `${OUTSIDE.before}${text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)}${OUTSIDE.after}`;

/** Finds and replaces what a person is known by, in any text. */
export class PersonWords {
  readonly spellings: readonly Spelling[];
  readonly #any: RegExp;
  readonly #patterns: readonly { readonly pattern: RegExp; readonly alias: string }[];

  constructor(spellings: readonly Spelling[]) {
    this.spellings = spellings;
    this.#any = new RegExp(spellings.map(({ pattern }) => pattern).join('|') || '(?!)');
    this.#patterns = spellings.map(({ pattern, alias }) => ({ pattern: new RegExp(pattern, 'g'), alias }));
  }

  areIn(text: string): boolean {
    return this.#any.test(text);
  }

  /** Whether the text is nothing but one of them, or the name that stands for it since an earlier erasure. */
  are(text: string): boolean {
    return this.spellings.some(({ text: spelling, alias }) => text === spelling || text === alias);
  }

  without(text: string): string {
    if (!this.areIn(text)) return text;
    return this.#patterns.reduce((rest, { pattern, alias }) => rest.replaceAll(pattern, alias), text);
  }

  /** The same in all texts of what JSON holds, keys too. */
  withoutIn(value: unknown): unknown {
    if (typeof value === 'string') return this.without(value);
    if (Array.isArray(value)) return value.map((each) => this.withoutIn(each));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.without(key), this.withoutIn(each)]));
  }
}

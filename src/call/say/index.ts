import { english } from './en.ts';
import { finnish } from './fi.ts';
import { type Atoms, type CalendarDay, CURRENCIES, type Grammar, n } from './grammar.ts';
import { hungarian } from './hu.ts';
import { polish } from './pl.ts';
import { swedish } from './sv.ts';
import { chinese } from './zh.ts';

/** What is said in the call's own language, other than prompts. */
export type Sayable =
  | { readonly kind: 'number'; readonly value: number }
  /** One by one: `0`–`9`, `*`, `#` and `+`. */
  | { readonly kind: 'digits'; readonly value: string }
  /** `2026-12-25` */
  | { readonly kind: 'date'; readonly value: string }
  /** Hundredths of the currency (ISO 4217). Forints are rounded to whole ones, as everyone in Hungary does. */
  | { readonly kind: 'money'; readonly minor: number; readonly currency: string }
  /** A place in a queue, from 1; said after the prompt `queue.position`. */
  | { readonly kind: 'ordinal'; readonly value: number }
  | { readonly kind: 'hours'; readonly value: number }
  | { readonly kind: 'minutes'; readonly value: number };

const GRAMMARS: ReadonlyMap<string, Grammar> = new Map([
  ['fi', finnish],
  ['sv', swedish],
  ['en', english],
  ['pl', polish],
  ['hu', hungarian],
  ['zh', chinese],
]);

/** Languages in which numbers, dates and sums can be said. */
export const SAY_LANGUAGES: readonly string[] = [...GRAMMARS.keys()];

/** Every atom that a language can need, for the maker of audio and for lint; none in a language that is not known. */
export const atomsOf = (language: string): Atoms => GRAMMARS.get(language)?.atoms ?? [];

/**
 * The atoms that say it, in the order of play; null when it cannot be said: unknown language or currency, no such day,
 * not a whole number below 10¹², a place or a duration below its first.
 */
export function say(language: string, what: Sayable): Atoms | null {
  const grammar = GRAMMARS.get(language);
  if (!grammar) return null;
  switch (what.kind) {
    case 'number':
      return sayable(what.value) ? signed(what.value, grammar.number(Math.abs(what.value))) : null;
    case 'digits':
      return digits(what.value);
    case 'date': {
      const day = dayIn(what.value);
      return day && grammar.date(day);
    }
    case 'money':
      return money(grammar, what.minor, what.currency);
    case 'ordinal':
      return sayable(what.value) && what.value >= 1 ? grammar.ordinal(what.value) : null;
    case 'hours':
    case 'minutes':
      if (!sayable(what.value) || what.value < 0) return null;
      return grammar.counted(what.value, what.kind === 'hours' ? 'hour' : 'minute');
  }
}

const sayable = (value: number) => Number.isSafeInteger(value) && Math.abs(value) < 1e12;

const signed = (value: number, said: Atoms): Atoms => (value < 0 ? ['say.minus', ...said] : said);

const SIGNS: Readonly<Record<string, string>> = { '*': 'say.star', '#': 'say.hash', '+': 'say.plus' };

const digits = (value: string): Atoms | null =>
  /^[0-9*#+]+$/.test(value) ? Array.from(value, (sign) => SIGNS[sign] ?? n(Number(sign))) : null;

function dayIn(text: string): CalendarDay | null {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (!year || !month || !day) return null;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0) ? { year, month, day } : null;
}

function money(grammar: Grammar, minor: number, code: string): Atoms | null {
  const currency = CURRENCIES.find((known) => known.toUpperCase() === code);
  if (!currency || !sayable(minor)) return null;
  const size = Math.abs(minor);
  const hundredths = currency === 'huf' ? Math.round(size / 100) * 100 : size;
  const sum = { major: Math.floor(hundredths / 100), minor: hundredths % 100, currency };
  return signed(hundredths === 0 ? 0 : minor, grammar.money(sum));
}

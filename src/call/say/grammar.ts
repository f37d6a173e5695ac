/** Names of short pieces of speech (`say.n.20`), in the order in which they are played. Their words are in `sounds/<language>/say.yaml`. */
export type Atoms = readonly string[];

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A sum without its sign: `major` euros and `minor` cents. */
export interface Sum {
  readonly major: number;
  readonly minor: number;
  /** One of `CURRENCIES`. */
  readonly currency: Currency;
}

/**
 * What one language knows. Every number here is whole and not negative, below 10¹²; `ordinal` begins at 1. A place in a
 * queue is said as the language says it: "number three", "harmadik", "第三位".
 */
export interface Grammar {
  number(value: number): Atoms;
  ordinal(value: number): Atoms;
  date(day: CalendarDay): Atoms;
  money(sum: Sum): Atoms;
  counted(value: number, noun: Noun): Atoms;
  /** Every atom that the four above can name, besides `EVERYWHERE`. */
  readonly atoms: Atoms;
}

export const CURRENCIES = ['eur', 'sek', 'pln', 'huf', 'cny', 'usd', 'gbp'] as const;
type Currency = (typeof CURRENCIES)[number];

/** A thing that is counted; a hundredth of a currency is its `minor`. The forint's is out of use since 1999. */
export type Noun = Currency | `${Exclude<Currency, 'huf'>}.minor` | 'hour' | 'minute';

export const NOUNS: readonly Noun[] = [
  ...CURRENCIES,
  ...CURRENCIES.filter((currency) => currency !== 'huf').map((currency) => `${currency}.minor` as const),
  'hour',
  'minute',
];

export const n = (value: number): string => `say.n.${value}`;

/** Whole numbers from `from` to `to`, both included. */
export const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

/** Atoms of every language: 0–99 and the hundreds are one piece each, so that a number has few joins. */
export const EVERYWHERE: Atoms = [
  ...range(0, 99).map(n),
  ...range(100, 900, 100).map(n),
  ...range(1, 12).map((month) => `say.month.${month}`),
  'say.minus',
  'say.plus',
  'say.star',
  'say.hash',
];

export const monthOf = ({ month }: CalendarDay): string => `say.month.${month}`;

/** Days of the month where they have words of their own. */
export const DAYS: Atoms = range(1, 31).map((day) => `say.day.${day}`);
export const dayOf = ({ day }: CalendarDay): string => `say.day.${day}`;

/** "Five euros" and "twenty cents"; zero cents are not said, nor zero euros beside some cents. */
export function sumOf({ major, minor, currency }: Sum, counted: Grammar['counted'], and: Atoms = []): Atoms {
  const whole = major > 0 || minor === 0 ? counted(major, currency) : [];
  if (minor === 0 || currency === 'huf') return whole;
  return [...whole, ...(whole.length > 0 ? and : []), ...counted(minor, `${currency}.minor`)];
}

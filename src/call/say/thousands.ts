import { type Atoms, EVERYWHERE, type Grammar, type Noun, NOUNS, n, sumOf } from './grammar.ts';

/** The rules of a language that counts in thousands, as the European ones do. */
export interface Counting {
  /** How many shapes a noun has after a number, and which number takes which: CLDR's plural categories. Empty: one shape. */
  readonly plurals: readonly Intl.LDMLPluralRule[];
  readonly plural: Intl.PluralRules;
  /** Scales before which a single one goes without saying: "tuhat", "tysiąc", "ezer". */
  readonly bare: readonly Scale[];
  /** Numbers that change before some nouns: by form, when standing `alone` or when the number ends in them. */
  readonly forms: Readonly<Record<string, { readonly alone: readonly number[]; readonly ending: readonly number[] }>>;
  /** The form that a noun or a scale asks for. */
  readonly formFor: (what: Noun | Scale) => string | undefined;
  /** Said between euros and cents. */
  readonly and: Atoms;
}

type Scale = 1_000_000_000 | 1_000_000 | 1000;
const SCALES: readonly Scale[] = [1_000_000_000, 1_000_000, 1000];

export interface Counted extends Pick<Grammar, 'number' | 'counted' | 'money' | 'atoms'> {}

/** Numbers, sums and counted nouns after the rules of a language. */
export function countingIn(rules: Counting): Counted {
  const number = (value: number) => numberIn(rules, value, undefined);
  const counted = (value: number, noun: Noun): Atoms => [
    ...numberIn(rules, value, rules.formFor(noun)),
    shapeOf(rules, noun, value),
  ];
  return { number, counted, money: (sum) => sumOf(sum, counted, rules.and), atoms: atomsIn(rules) };
}

function numberIn(rules: Counting, value: number, form: string | undefined): Atoms {
  if (value === 0) return [n(0)];
  const scaled = SCALES.flatMap((scale) => {
    const count = Math.floor(value / scale) % 1000;
    if (count === 0) return [];
    const bare = count === 1 && rules.bare.includes(scale);
    return [...(bare ? [] : belowThousand(rules, count, count, rules.formFor(scale))), shapeOf(rules, scale, count)];
  });
  return [...scaled, ...belowThousand(rules, value % 1000, value, form)];
}

/** The last three figures of `whole`, or none when they are zeros. */
function belowThousand({ forms }: Counting, value: number, whole: number, form: string | undefined): Atoms {
  const tens = value % 100;
  const shapes = form === undefined ? undefined : forms[form];
  const shaped = shapes?.alone.includes(whole) || shapes?.ending.includes(tens);
  return [...(value >= 100 ? [n(value - tens)] : []), ...(tens > 0 ? [shaped ? `${n(tens)}.${form}` : n(tens)] : [])];
}

const shapeOf = ({ plurals, plural }: Counting, what: Noun | Scale, value: number): string =>
  plurals.length > 0 ? `say.${what}.${plural.select(value)}` : `say.${what}`;

function atomsIn({ plurals, forms, and }: Counting): Atoms {
  const things = [...SCALES, ...NOUNS].map((what) => `say.${what}`);
  const shapes = Object.entries(forms).flatMap(([form, { alone, ending }]) =>
    [...alone, ...ending].map((value) => `${n(value)}.${form}`),
  );
  const inflected = plurals.length > 0 ? things.flatMap((thing) => plurals.map((one) => `${thing}.${one}`)) : things;
  return [...EVERYWHERE, ...inflected, ...shapes, ...and];
}

/** Places in a queue as "number three". */
export const numbered =
  ({ number }: Counted) =>
  (value: number): Atoms => ['say.number', ...number(value)];

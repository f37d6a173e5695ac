import { type Atoms, type Grammar, monthOf, range } from './grammar.ts';
import { countingIn, numbered } from './thousands.ts';

const FEMININE: readonly unknown[] = ['sek', 'hour', 'minute']; // korona, godzina, minuta
const NEUTER: readonly unknown[] = ['eur', 'sek.minor']; // euro, öre

const counting = countingIn({
  plurals: ['one', 'few', 'many'],
  plural: new Intl.PluralRules('pl'),
  bare: [1_000_000_000, 1_000_000, 1000],
  forms: {
    feminine: { alone: [1], ending: [2, ...range(22, 92, 10)] },
    neuter: { alone: [1], ending: [] },
  },
  formFor: (what) => (FEMININE.includes(what) ? 'feminine' : NEUTER.includes(what) ? 'neuter' : undefined),
  and: [],
});

const nth = (value: number) => `say.nth.${value}`;

/** Only the last of thousands, hundreds and the rest is an ordinal: "dwa tysiące dwudziestego szóstego", "dwutysięcznego". */
function year(value: number): Atoms {
  const last = [100, 1000, 10_000].map((size) => value % size).find((rest) => rest > 0) ?? value;
  return [...(value > last ? counting.number(value - last) : []), nth(last), 'say.year'];
}

const ORDINALS = [...range(1, 99), ...range(100, 900, 100), ...range(1000, 9000, 1000)].map(nth);

/** Polish: one, few and many ("złoty, złote, złotych"), `dwie` before feminine nouns, dates in the genitive. */
export const polish: Grammar = {
  ...counting,
  ordinal: numbered(counting),
  date: (day) => [nth(day.day), monthOf(day), ...year(day.year)],
  atoms: [...counting.atoms, ...ORDINALS, 'say.number', 'say.year'],
};

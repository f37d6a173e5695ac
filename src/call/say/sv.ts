import { type Atoms, DAYS, dayOf, type Grammar, monthOf, n, range } from './grammar.ts';
import { countingIn, numbered } from './thousands.ts';

const NEUTER: readonly unknown[] = [1000, 'gbp', 'sek.minor']; // ett tusen, ett pund, ett öre

const counting = countingIn({
  plurals: ['one', 'other'],
  plural: new Intl.PluralRules('sv'),
  bare: [],
  forms: { common: { alone: [], ending: [1, ...range(21, 91, 10)] } },
  formFor: (what) => (NEUTER.includes(what) ? undefined : 'common'),
  and: ['say.and'],
});

/** "Nittonhundraåttiofem", "tjugohundratjugosex", but "två tusen fem". */
function year(value: number): Atoms {
  if (value < 1100 || value % 1000 < 10) return counting.number(value);
  const rest = value % 100;
  return [n(Math.floor(value / 100)), 'say.hundred', ...(rest > 0 ? [n(rest)] : [])];
}

/** Swedish: one is `en` before common nouns ("tjugoen kronor"), `ett` otherwise; "tionde mars". */
export const swedish: Grammar = {
  ...counting,
  ordinal: numbered(counting),
  date: (day) => [dayOf(day), monthOf(day), ...year(day.year)],
  atoms: [...counting.atoms, ...DAYS, 'say.number', 'say.hundred'],
};

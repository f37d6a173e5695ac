import { type Atoms, DAYS, dayOf, type Grammar, monthOf, n } from './grammar.ts';
import { countingIn, numbered } from './thousands.ts';

const counting = countingIn({
  plurals: ['one', 'other'],
  plural: new Intl.PluralRules('en'),
  bare: [],
  forms: {},
  formFor: () => undefined,
  and: ['say.and'],
});

/** "Nineteen eighty-five", "nineteen oh five", "nineteen hundred", but "two thousand five" and "two thousand". */
function year(value: number): Atoms {
  if (value < 1000 || value % 1000 < 10) return counting.number(value);
  const century = n(Math.floor(value / 100));
  const rest = value % 100;
  if (rest === 0) return [century, 'say.hundred'];
  return rest < 10 ? [century, 'say.oh', n(rest)] : [century, n(rest)];
}

/** English, as spoken in America: "one hundred twenty-one", "March tenth, twenty twenty-six". */
export const english: Grammar = {
  ...counting,
  ordinal: numbered(counting),
  date: (day) => [monthOf(day), dayOf(day), ...year(day.year)],
  atoms: [...counting.atoms, ...DAYS, 'say.number', 'say.hundred', 'say.oh'],
};

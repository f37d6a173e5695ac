import { DAYS, dayOf, type Grammar, monthOf } from './grammar.ts';
import { countingIn, numbered } from './thousands.ts';

const counting = countingIn({
  plurals: ['one', 'other'],
  plural: new Intl.PluralRules('fi'),
  bare: [1_000_000_000, 1_000_000, 1000],
  forms: {},
  formFor: () => undefined,
  and: ['say.and'],
});

/** Finnish: what is counted stands in the partitive ("kaksi euroa", "kaksituhatta"); "kymmenes maaliskuuta". */
export const finnish: Grammar = {
  ...counting,
  ordinal: numbered(counting),
  date: (day) => [dayOf(day), monthOf(day), ...counting.number(day.year)],
  atoms: [...counting.atoms, ...DAYS, 'say.number'],
};

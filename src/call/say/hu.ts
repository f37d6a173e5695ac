import { DAYS, dayOf, type Grammar, monthOf, range } from './grammar.ts';
import { countingIn } from './thousands.ts';

const counting = countingIn({
  plurals: [],
  plural: new Intl.PluralRules('hu'),
  bare: [1000],
  forms: { before: { alone: [], ending: range(2, 92, 10) } },
  formFor: () => 'before',
  and: [],
});

const nth = (value: number) => `say.nth.${value}`;
/** Places further back than this are said as plain numbers. */
const LAST_PLACE = 99;

/** Hungarian: `kettő` alone, `két` before a noun or a scale; one shape of each noun; "március tizedike", the year first. */
export const hungarian: Grammar = {
  ...counting,
  ordinal: (value) => (value <= LAST_PLACE ? [nth(value)] : counting.number(value)),
  date: (day) => [...counting.number(day.year), monthOf(day), dayOf(day)],
  atoms: [...counting.atoms, ...DAYS, ...range(1, LAST_PLACE).map(nth)],
};

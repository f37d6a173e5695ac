import {
  type Atoms,
  type CalendarDay,
  DAYS,
  dayOf,
  EVERYWHERE,
  type Grammar,
  monthOf,
  type Noun,
  NOUNS,
  n,
  range,
  type Sum,
  sumOf,
} from './grammar.ts';

const ZERO = n(0);
/** 两: two of something, and two at the head of a number (两千, 两万); 二 elsewhere. */
const TWO_OF = 'say.n.2.of';
const SCALES = [100_000_000, 10_000, 1] as const;
/** Words that differ inside a number: 一十 for 十, 二百 for 两百. */
const INSIDE: readonly number[] = [...range(10, 19), 200, 2000];

const piece = (value: number, head: boolean) => (!head && INSIDE.includes(value) ? `${n(value)}.inside` : n(value));

/** 1–9999; a gap between two figures is said once, as 零. */
function belowTenThousand(value: number, head: boolean): Atoms {
  const tens = value % 100;
  const hundreds = (value % 1000) - tens;
  const thousands = value - hundreds - tens;
  const gap = tens > 0 && (hundreds > 0 ? tens < 10 : thousands > 0);
  return [
    ...(thousands > 0 ? [piece(thousands, head)] : []),
    ...(hundreds > 0 ? [piece(hundreds, head && thousands === 0)] : []),
    ...(gap ? [ZERO] : []),
    ...(tens > 0 ? [piece(tens, head && value < 100)] : []),
  ];
}

/** In groups of four figures: 万 and 亿. A group that begins with a zero, or follows an empty one, has 零 before it. */
function number(value: number): Atoms {
  if (value === 0) return [ZERO];
  const said: string[] = [];
  for (const scale of SCALES) {
    const count = Math.floor(value / scale) % 10_000;
    if (count === 0) continue;
    const head = said.length === 0;
    const gap = !head && (count < 1000 || Math.floor(value / scale / 10_000) % 10_000 === 0);
    if (gap) said.push(ZERO);
    said.push(...(head && count === 2 && scale > 1 ? [TWO_OF] : belowTenThousand(count, head)));
    if (scale > 1) said.push(`say.${scale}`);
  }
  return said;
}

const countOf = (value: number) => (value === 2 ? [TWO_OF] : number(value));
const counted = (value: number, noun: Noun): Atoms => [...countOf(value), `say.${noun}`];

/** The yuan has tenths, and its hundredths are counted from there: 五元两角五分, 五元零五分. */
function money(sum: Sum): Atoms {
  if (sum.currency !== 'cny' || sum.minor === 0) return sumOf(sum, counted);
  const [tenths, rest] = [Math.floor(sum.minor / 10), sum.minor % 10];
  return [
    ...(sum.major > 0 ? counted(sum.major, 'cny') : []),
    ...(tenths > 0 ? [...countOf(tenths), 'say.cny.tenth'] : sum.major > 0 ? [ZERO] : []),
    ...(rest > 0 ? counted(rest, 'cny.minor') : []),
  ];
}

const year = ({ year }: CalendarDay): Atoms => [...Array.from(String(year), (digit) => n(Number(digit))), 'say.year'];

/** Mandarin Chinese. Years are read digit by digit: 二零二六年三月十日. */
export const chinese: Grammar = {
  number,
  counted,
  money,
  ordinal: (value) => ['say.nth', ...number(value), 'say.place'],
  date: (day) => [...year(day), monthOf(day), dayOf(day)],
  atoms: [
    ...EVERYWHERE,
    ...range(1000, 9000, 1000).map(n),
    ...INSIDE.map((value) => `${n(value)}.inside`),
    ...NOUNS.map((noun) => `say.${noun}`),
    ...DAYS,
    TWO_OF,
    'say.10000',
    'say.100000000',
    'say.cny.tenth',
    'say.nth',
    'say.place',
    'say.year',
  ],
};

import { NOISY_LOAD } from '../calls/statistics.ts';
import { aligned, bold, fixed } from '../calls/table.ts';
import { type Compared, type Delivery, noiseOf, peakOf, type Phase, type Row, rowsOf, TOLERANCE } from './figures.ts';

const WORDS: Readonly<Record<Delivery['receiver'] | 'all', string>> = {
  all: 'all that are not well',
  good: 'well',
  down: 'refuses connections',
  slow: 'takes 8 s',
  silent: 'does not answer',
  error: 'answers 500',
  tls: 'certificate not trusted',
};

/** Both sides, each kind of receiver, and what came to whom. */
export function tableOf(phases: readonly Phase[], deliveries: readonly Delivery[]): string {
  const rows = rowsOf(phases);
  const well = phases.filter(({ side }) => side === 'well');
  return [
    bold(
      'Set-up (INVITE to 200 OK), ms: beside a receiver that is well, and beside one more that is not; 95 % of the ratio',
    ),
    ...aligned([['', 'well', 'not well', 'ratio', 'from', 'to'], ...(rows[0]?.compared ?? []).map(comparedRow)]),
    '',
    bold('p99 and the most memory of Callwright beside each kind'),
    ...aligned([
      ['receiver', 'calls', 'failed', 'p99', 'ratio', 'from', 'to', 'MB'],
      ['well', ...countsOf(well), fixed(rows[0]?.compared.at(-1)?.well, 1), '', '', '', fixed(peakOf(well), 0)],
      ...rows.map(kindRow),
    ]),
    '',
    bold('Events of the time of each receiver, once it was well'),
    ...aligned([
      ['receiver', 'events', 'missing', 'out of order', 'twice', 'caught up, s'],
      ...deliveries.map(deliveryRow),
    ]),
    '',
    ...remarks(rows, phases),
  ].join('\n');
}

const comparedRow = ({ quantile, well, amiss, ...rest }: Compared): readonly string[] => [
  quantile,
  fixed(well, 1),
  fixed(amiss, 1),
  ...ratioCells(rest),
];

const ratioCells = ({ ratio, interval }: Pick<Compared, 'ratio' | 'interval'>): readonly string[] =>
  [ratio, interval.low, interval.high].map((each) => fixed(each, 2));

const countsOf = (phases: readonly Phase[]): readonly string[] => {
  const failed = phases.reduce((sum, each) => sum + each.failed, 0);
  return [String(phases.reduce((sum, { setupMs }) => sum + setupMs.length, failed)), String(failed)];
};

function kindRow({ mood, calls, failed, compared, peakMb }: Row): readonly string[] {
  const p99 = compared.at(-1);
  const ratios = p99 ? ratioCells(p99) : ['–', '–', '–'];
  return [WORDS[mood], String(calls), String(failed), fixed(p99?.amiss, 1), ...ratios, fixed(peakMb, 0)];
}

const deliveryRow = ({ receiver, events, missing, outOfOrder, doubles, caughtUpMs }: Delivery): readonly string[] => [
  WORDS[receiver],
  ...[events, missing, outOfOrder, doubles].map(String),
  fixed(caughtUpMs / 1_000, 1),
];

const PERCENT = `±${TOLERANCE * 100} %`;
const VERDICTS = {
  within: `p99 beside receivers that are not well is within ${PERCENT} with its whole interval: shown.`,
  unclear: `Whether p99 beside receivers that are not well is within ${PERCENT} these calls cannot tell: more of them (--rounds), or a quieter machine.`,
  beyond: `p99 beside receivers that are not well is beyond ${PERCENT} with its whole interval.`,
} as const;

function remarks([all]: readonly Row[], phases: readonly Phase[]): readonly string[] {
  const noise = noiseOf(phases);
  const noisy = phases.filter(({ otherLoad }) => otherLoad > NOISY_LOAD).length;
  return [
    ...(all ? [VERDICTS[all.verdict]] : []),
    ...(noise === null
      ? []
      : [
          `Phases beside the receiver that is well differ by ${noise.toFixed(2)} among themselves: less than that tells nothing.`,
        ]),
    ...(noisy === 0
      ? []
      : [`${noisy} of ${phases.length} phases ran beside over ${NOISY_LOAD * 100} % of other load.`]),
  ];
}

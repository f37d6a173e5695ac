import { NOISY_LOAD } from '../calls/statistics.ts';
import { aligned, bold, fixed } from '../calls/table.ts';
import { noiseOf, type Phase, type Row, rowsOf, TOLERANCE } from './figures.ts';
import type { Mood } from './receiver.ts';

const WORDS: Readonly<Record<Mood, string>> = {
  good: 'good',
  down: 'refuses connections',
  slow: 'takes 8 s',
  silent: 'does not answer',
  error: 'answers 500',
  tls: 'certificate not trusted',
};
const HEADS = ['receiver', 'calls', 'failed', 'p50', 'with', 'p99', 'with', 'ratio', 'MB', 'with'];
const DELIVERY_HEADS = ['receiver', 'events', 'missing', 'out of order', 'twice', 'caught up, s'];

/** The moods of a receiver, and what each did to callers and to its events. */
export function tableOf(phases: readonly Phase[]): string {
  const rows = rowsOf(phases);
  return [
    bold('Set-up (INVITE to 200 OK), ms, and the most memory of Callwright: without a webhook, and with one'),
    ...aligned([HEADS, ...rows.map(callerRow)]),
    '',
    bold('Events of the phases with a webhook, once its receiver was well'),
    ...aligned([DELIVERY_HEADS, ...rows.map(deliveryRow)]),
    '',
    ...verdict(rows, phases),
  ].join('\n');
}

function callerRow({ mood, calls, failed, without, with: by, p99Ratio, isWithin, memoryMb }: Row): readonly string[] {
  const ratio = p99Ratio === null ? '–' : `${isWithin ? '' : '! '}${p99Ratio.toFixed(2)}`;
  return [
    WORDS[mood],
    String(calls),
    String(failed),
    ...[without?.p50, by?.p50, without?.p99, by?.p99].map((ms) => fixed(ms, 1)),
    ratio,
    fixed(memoryMb.without, 0),
    fixed(memoryMb.with, 0),
  ];
}

const deliveryRow = ({ mood, delivery }: Row): readonly string[] => [
  WORDS[mood],
  ...[delivery.events, delivery.missing, delivery.outOfOrder, delivery.doubles].map(String),
  fixed(delivery.caughtUpMs / 1_000, 1),
];

function verdict(rows: readonly Row[], phases: readonly Phase[]): readonly string[] {
  const noise = noiseOf(phases);
  const noisy = phases.filter(({ otherLoad }) => otherLoad > NOISY_LOAD).length;
  const away = rows.filter(({ isWithin }) => !isWithin).map(({ mood }) => WORDS[mood]);
  return [
    away.length === 0
      ? `p99 with a webhook is within ±${TOLERANCE * 100} % of the one without, whatever its receiver does.`
      : `p99 is not within ±${TOLERANCE * 100} %: ${away.join(', ')}.`,
    ...(noise === null
      ? []
      : [`Phases without a webhook differ by ${noise.toFixed(2)} among themselves: less than that tells nothing.`]),
    ...(noisy === 0
      ? []
      : [`${noisy} of ${phases.length} phases ran beside over ${NOISY_LOAD * 100} % of other load.`]),
  ];
}

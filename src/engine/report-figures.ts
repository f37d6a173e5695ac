import type { CellFigures } from '../acd/kpi/cell-words.ts';
import { type KpiDefinition, KPIS } from '../acd/kpi/words.ts';

/** One number of a report, with what it means. */
export interface ReportFigure {
  readonly name: string;
  readonly title: string;
  readonly unit: KpiDefinition['unit'];
  readonly definition: string;
  readonly source: KpiDefinition['source'];
  readonly of: (figures: CellFigures) => number | null;
}

type Of = ReportFigure['of'];

const kpi = (name: keyof typeof KPIS, of: Of, after = ''): ReportFigure => {
  const { title, unit, definition, source } = KPIS[name];
  return {
    name: after === '' ? name : `${name}.${after}`,
    title: after === '' ? title : `${title}, ${after}`,
    unit,
    definition,
    source,
    of,
  };
};
const calls = (
  name: string,
  title: string,
  definition: string,
  of: Of,
  source: KpiDefinition['source'] = 'telephony',
): ReportFigure => ({ name, title, unit: 'calls', definition, source, of });

/** In the order in which they are printed. */
export const REPORT_FIGURES: readonly ReportFigure[] = [
  calls('arrived', 'Calls that came', 'Inbound calls.', ({ arrived }) => arrived),
  kpi('redials', ({ redials }) => redials),
  kpi('blocked', ({ blocked }) => blocked),
  kpi('contained', ({ contained }) => contained),
  calls('offered', 'Offered', 'Inbound calls that came to a queue.', ({ offered }) => offered),
  kpi('handled', ({ handled }) => handled),
  calls('abandoned', 'Abandoned', 'Callers who hung up in a queue.', ({ abandoned }) => abandoned),
  calls('unserved', 'Left unserved', 'Waited too long, or the queue closed or had nobody.', ({ unserved }) => unserved),
  calls('callbacksTaken', 'Callbacks taken', 'Callbacks that were promised.', ({ callbacksTaken }) => callbacksTaken),
  calls(
    'callbacksAnswered',
    'Callbacks answered',
    'Customers who were rung back and answered.',
    (figures) => figures.callbacksAnswered,
  ),
  kpi('abandonment', ({ abandonment }) => abandonment),
  kpi('serviceLevelIgnore', ({ serviceLevel }) => serviceLevel.ignore),
  kpi('serviceLevelNegative', ({ serviceLevel }) => serviceLevel.negative),
  kpi('serviceLevelPositive', ({ serviceLevel }) => serviceLevel.positive),
  kpi('asa', ({ asa }) => asa),
  kpi('aht', ({ aht }) => aht),
  kpi('firstResponse', ({ firstResponse }) => firstResponse.mean, 'mean'),
  kpi('firstResponse', ({ firstResponse }) => firstResponse.p50, 'p50'),
  kpi('firstResponse', ({ firstResponse }) => firstResponse.p90, 'p90'),
  kpi('ewtError', ({ ewtError }) => ewtError.p50, 'p50'),
  kpi('ewtError', ({ ewtError }) => ewtError.p90, 'p90'),
  kpi('transferRate', ({ transferRate }) => transferRate),
  ...['blind, inside', 'blind, outside', 'attended, inside', 'attended, outside'].map((kind) =>
    kpi('transfers', ({ transfers }) => transfers.kinds[kind] ?? 0, kind),
  ),
  kpi('repeats', ({ repeats }) => repeats),
  kpi('fcr', ({ fcr }) => fcr),
  kpi('occupancy', ({ occupancy }) => occupancy),
  kpi('cost', ({ cost }) => cost),
  ...(['csat', 'nps', 'ces'] as const).flatMap((name) => [
    kpi(name, (figures) => figures[name].value),
    calls(
      `${name}.answers`,
      `${KPIS[name].title}, n`,
      'How many answered it.',
      (figures) => figures[name].answers,
      'survey',
    ),
    {
      ...kpi(name, (figures) => figures[name].response, 'response'),
      unit: 'share' as const,
      definition: 'Answers ÷ callers who were asked.',
    },
  ]),
  kpi('breakOverrun', ({ breaks }) => breaks.overMs),
  calls(
    'breaks',
    'Breaks too long',
    'Breaks that lasted longer than their reason allows.',
    ({ breaks }) => breaks.overruns,
  ),
  kpi('dials', ({ outbound }) => outbound.dials),
  kpi('outbound', ({ outbound }) => outbound.connected),
];

/** As people read it. */
export function written({ unit }: Pick<ReportFigure, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ms') return duration(value);
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`;
  return unit === 'calls' ? String(value) : value.toFixed(unit === 'per call' ? 2 : 1);
}

function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

import type { KpiCell } from '../acd/kpi/cell-words.ts';
import { KPIS } from '../acd/kpi/words.ts';
import type { EpochMs } from '../call/ids.ts';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../dialer/evidence-csv.ts';
import { REPORT_FIGURES } from './report-figures.ts';
import { abandonmentRows } from './report-outbound.ts';
import { minuteOf, timeOf } from './report-time.ts';
import type { ImportedValue } from './ports/imported.ts';
import type { OutboundAbandonment } from './ports/outbound-figures.ts';

const COLUMNS = ['from', 'to', 'key', 'figure', 'value', 'unit', 'definition', 'source'];

interface Sheet {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly zone: string;
  readonly cells: readonly KpiCell[];
  readonly imported: readonly ImportedValue[];
  /** Null: not told apart by campaigns. */
  readonly outbound: readonly OutboundAbandonment[] | null;
}

/**
 * Every figure of every cell as CSV by RFC 4180, one a line with its definition beside it, so that a pivot table makes any
 * table of it. No cell begins a formula.
 */
export function* reportCsv({ cells, imported, outbound, ...sheet }: Sheet): Generator<string> {
  yield BYTE_ORDER_MARK + csvLine(COLUMNS);
  for (const cell of cells) yield rowsOf(cell, sheet.zone).map(csvLine).join('');
  yield (outbound ?? [])
    .flatMap((campaign) => abandonmentRows(campaign, sheet))
    .map(csvLine)
    .join('');
  yield imported.map((each) => csvLine(importedRow(each, sheet.zone))).join('');
}

function importedRow({ figure, from, to, key, value, source, at }: ImportedValue, zone: string): readonly Cell[] {
  const { unit, definition } = KPIS[figure];
  const told = `imported: ${source}, ${minuteOf(at, zone)}`;
  return [timeOf(from, zone), timeOf(to, zone), key ?? '', figure, value, unit, definition, told];
}

function rowsOf({ from, to, key, figures }: KpiCell, zone: string): readonly (readonly Cell[])[] {
  const place = [timeOf(from, zone), timeOf(to, zone), key ?? ''];
  const numbers = REPORT_FIGURES.map(({ name, unit, definition, source, of }) => [
    ...place,
    name,
    of(figures),
    unit,
    definition,
    source,
  ]);
  const moves = Object.entries(figures.transfers.matrix).map(([between, count]) => [
    ...place,
    `transfer ${between}`,
    count,
    'calls',
    'Transfers between these that somebody took.',
  ]);
  const outcomes = Object.entries(figures.outbound.outcomes).map(([outcome, count]) => [
    ...place,
    `dials ${outcome}`,
    count,
    'calls',
    'Dials that ended so.',
  ]);
  const results = figures.results.flatMap(({ name, count, amounts }) => [
    [...place, `result ${name}`, count, 'calls', 'What agents said, or flows emitted.'],
    ...Object.entries(amounts).map(([currency, { sum }]) => [
      ...place,
      `result ${name} sum`,
      sum,
      `${currency}, minor units`,
      'Sum of the amounts with it.',
    ]),
  ]);
  const counted = [...moves, ...outcomes, ...results].map((row) => [...row, 'telephony']);
  return [...numbers, ...counted];
}

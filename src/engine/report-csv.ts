import type { KpiCell } from '../acd/kpi/cell-words.ts';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../dialer/evidence-csv.ts';
import { REPORT_FIGURES } from './report-figures.ts';
import { timeOf } from './report-time.ts';

const COLUMNS = ['from', 'to', 'key', 'figure', 'value', 'unit', 'definition'];

/**
 * Every figure of every cell as CSV by RFC 4180, one a line with its definition beside it, so that a pivot table makes any
 * table of it. No cell begins a formula.
 */
export function* reportCsv(cells: readonly KpiCell[], zone: string): Generator<string> {
  yield BYTE_ORDER_MARK + csvLine(COLUMNS);
  for (const cell of cells) yield rowsOf(cell, zone).map(csvLine).join('');
}

function rowsOf({ from, to, key, figures }: KpiCell, zone: string): readonly (readonly Cell[])[] {
  const place = [timeOf(from, zone), timeOf(to, zone), key ?? ''];
  const numbers = REPORT_FIGURES.map(({ name, unit, definition, of }) => [
    ...place,
    name,
    of(figures),
    unit,
    definition,
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
  return [...numbers, ...moves, ...outcomes, ...results];
}

import type { DayResult } from '../dialer/lab/index.ts';

const percent = (share: number | null, digits = 1): string => (share === null ? '–' : (100 * share).toFixed(digits));

function clock(sec: number): string {
  const minutes = Math.round(sec / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const COLUMNS: readonly (readonly [string, (result: DayResult) => string])[] = [
  ['utilisation %', ({ utilisation }) => percent(utilisation)],
  ['abandoned %', ({ abandonment }) => percent(abandonment, 2)],
  ['worst % after 2,000', ({ worst }) => percent(worst, 2)],
  ['lowest bank', ({ lowestBank }) => lowestBank.toFixed(1)],
  ['dials', ({ totals }) => String(totals.launched)],
  ['talks', ({ totals }) => String(totals.connected)],
  ['abandoned', ({ totals }) => String(totals.abandoned)],
  ['taken back', ({ totals }) => String(totals.cancelled)],
  ['dials per talk', ({ totals }) => (totals.connected === 0 ? '–' : (totals.launched / totals.connected).toFixed(1))],
  ['wait p97 s', ({ wait }) => wait.p97.toFixed(1)],
  ['list done after', ({ finishedAt }) => (finishedAt === null ? '–' : clock(finishedAt))],
];

/** The figures of each policy's day, one a line. */
export function labTable(days: readonly { readonly name: string; readonly result: DayResult }[]): readonly string[] {
  const rows = [
    ['policy', ...COLUMNS.map(([head]) => head)],
    ...days.map(({ name, result }) => [name, ...COLUMNS.map(([, cell]) => cell(result))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '),
  );
}

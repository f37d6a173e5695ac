import type { Dimension, KpiCell } from '../acd/kpi/cell-words.ts';
import { type KpiReport, KPIS } from '../acd/kpi/words.ts';
import type { EpochMs } from '../call/ids.ts';
import type { ImportedValue } from './ports/imported.ts';
import type { OutboundAbandonment } from './ports/outbound-figures.ts';
import { REPORT_FIGURES, written } from './report-figures.ts';
import { abandonmentTable } from './report-outbound.ts';
import { escaped } from '../dialer/markup.ts';
import { columns } from './report-plot.ts';
import { minuteOf } from './report-time.ts';

export interface ReportPage {
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  readonly zone: string;
  readonly by: Dimension | null;
  readonly journalBegins: EpochMs | null;
  readonly report: KpiReport;
  readonly cells: readonly KpiCell[];
  readonly imported: readonly ImportedValue[];
  /** Null: not told apart by campaigns. */
  readonly outbound: readonly OutboundAbandonment[] | null;
}

const STYLE = `@page{size:A4;margin:14mm 12mm}body{font:10pt/1.4 system-ui,sans-serif;color:#111;max-width:186mm;margin:0 auto;padding:4mm}
h1{font-size:17pt;margin:0 0 1mm}h2{font-size:12pt;margin:7mm 0 2mm;break-after:avoid}p{margin:1mm 0}
table{border-collapse:collapse;width:100%;font-size:8pt}th,td{border-bottom:.2mm solid #ccc;padding:.8mm 1.2mm;text-align:left;vertical-align:top}
th{font-weight:600;border-bottom-color:#333}tr{break-inside:avoid}thead{display:table-header-group}.n{text-align:right}td.n,.p{white-space:nowrap}
.small{font-size:8pt;color:#444}.id{overflow-wrap:anywhere}.wide{width:38%}figure{margin:2mm 0;break-inside:avoid}figcaption{font-size:9pt;font-weight:600}svg{width:100%;height:auto}`;

/** What a table of cells has room for, and what is drawn. */
const TABLE = [
  'arrived',
  'offered',
  'handled',
  'abandonment',
  'serviceLevelNegative',
  'asa',
  'aht',
  'transferRate',
  'occupancy',
  'csat',
];
const OUTBOUND = ['dials', 'outbound'];
const PLOTS = ['offered', 'handled', 'serviceLevelNegative', 'asa'];
/** Of so many cells a page has rows; the others are in the CSV. */
const MOST_ROWS = 200;

const named = (names: readonly string[]) => REPORT_FIGURES.filter(({ name }) => names.includes(name));

/** The page that is printed: no script, nothing from elsewhere, each figure beside its definition. */
export function reportPage(page: ReportPage): string {
  const { from, to, zone, by, journalBegins, report, cells } = page;
  const until = to === null ? 'now' : minuteOf(to, zone);
  const title = `Key figures${by === null ? '' : ` by ${by}`}`;
  const late =
    journalBegins === null
      ? ''
      : `<p>The journal begins at ${minuteOf(journalBegins, zone)}: what was before is not counted.</p>`;
  const parts = [
    `<h1>${title}</h1>`,
    `<p>${minuteOf(from, zone)} to ${until}, ${escaped(zone)}. A call counts in the interval in which it arrived.</p>${late}`,
    plots(page),
    cells.length > 0 ? `<h2>${by === null ? 'By interval' : `By ${by}`}</h2>${table(page)}` : '',
    abandonmentTable(page.outbound ?? []),
    '<h2>All together, and what each figure means</h2>',
    whole(report),
    results(report),
    imports(page),
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`;
}

/** Campaigns go by their names; what else there is is named by its key. */
function nameOf({ key }: KpiCell, outbound: ReportPage['outbound']): string {
  return outbound?.find(({ campaignId }) => campaignId === key)?.name ?? key ?? '';
}

function plots({ cells, by, zone, outbound }: ReportPage): string {
  const of = by === 'campaign' ? OUTBOUND : PLOTS;
  const intervals = new Set(cells.map(({ from }) => from)).size;
  if (cells.length === 0) return '<p>Nothing was counted.</p>';
  // Cells told apart by both are drawn by neither: nobody can read that many bars.
  if (by !== null && intervals > 1) return '';
  const label = (cell: KpiCell) => (by === null ? minuteOf(cell.from, zone) : nameOf(cell, outbound));
  return named(of)
    .filter((figure) => cells.some((cell) => (figure.of(cell.figures) ?? 0) > 0))
    .map((figure) => {
      const bars = cells.map((cell) => ({ label: label(cell), value: figure.of(cell.figures) }));
      return columns(figure, bars, (value) => written(figure, value));
    })
    .join('');
}

function table({ cells, by, zone, outbound }: ReportPage): string {
  const figures = named(by === 'campaign' ? OUTBOUND : TABLE).filter(({ of }) =>
    cells.some((cell) => (of(cell.figures) ?? 0) > 0),
  );
  const isCut = by === null || new Set(cells.map(({ from }) => from)).size > 1;
  const head = [by, isCut ? 'from' : null].flatMap((name) => (name === null ? [] : [`<th>${name}</th>`]));
  const rows = cells.slice(0, MOST_ROWS).map((cell) => {
    const { from, figures: found } = cell;
    const place = by === null ? '' : `<td>${escaped(nameOf(cell, outbound))}</td>`;
    const numbers = figures.map((figure) => `<td class="n">${written(figure, figure.of(found))}</td>`);
    const when = isCut ? `<td class="p">${minuteOf(from, zone)}</td>` : '';
    return `<tr>${place}${when}${numbers.join('')}</tr>`;
  });
  const rest =
    cells.length > MOST_ROWS
      ? `<p class="small">The first ${MOST_ROWS} of ${cells.length}; all are in the CSV.</p>`
      : '';
  const titles = figures.map(({ title }) => `<th class="n">${title}</th>`);
  return `<table><thead><tr>${head.join('')}${titles.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>${rest}`;
}

function whole({ all, transfers }: KpiReport): string {
  const rows = REPORT_FIGURES.map((figure) => {
    const value = written(figure, figure.of({ ...all, transfers }));
    return `<tr><td>${figure.title}</td><td class="n">${value}</td><td class="small">${escaped(figure.definition)}</td></tr>`;
  });
  return `<table><thead><tr><th>figure</th><th class="n">value</th><th>definition</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function results({ all }: KpiReport): string {
  if (all.results.length === 0) return '';
  const rows = all.results.map(({ name, count, amounts }) => {
    const sums = Object.entries(amounts).map(([currency, { sum }]) => money(currency, sum));
    return `<tr><td>${escaped(name)}</td><td class="n">${count}</td><td class="n">${sums.map(escaped).join('<br>')}</td></tr>`;
  });
  return `<h2>Results</h2><table><thead><tr><th>result</th><th class="n">calls</th><th class="n">amount</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** What was given from elsewhere, beside where it comes from and when it was given. */
function imports({ imported, zone }: ReportPage): string {
  if (imported.length === 0) return '';
  const rows = imported.slice(0, MOST_ROWS).map(({ figure, from, to, by, key, value, source, at }) => {
    const { title, unit, definition } = KPIS[figure];
    const whose = by === null ? 'the house' : `${by} ${key ?? ''}`;
    const when = `${minuteOf(from, zone)} to ${minuteOf(to, zone)}`;
    return `<tr><td>${title}</td><td>${escaped(whose)}</td><td class="p">${when}</td><td class="n">${written({ unit }, value)}</td><td>${escaped(source)}, ${minuteOf(at, zone)}</td><td class="small">${escaped(definition)}</td></tr>`;
  });
  const rest = imported.length > MOST_ROWS ? `<p class="small">The latest ${MOST_ROWS}; more are in the CSV.</p>` : '';
  return `<h2>From elsewhere, not counted here</h2><table><thead><tr><th>figure</th><th>of</th><th>span</th><th class="n">value</th><th>source, imported</th><th>definition</th></tr></thead><tbody>${rows.join('')}</tbody></table>${rest}`;
}

/** Minor units as the currency has them (ISO 4217); a word that is none is shown as it is. */
function money(currency: string, minor: number): string {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${minor} ${currency}`;
  }
}

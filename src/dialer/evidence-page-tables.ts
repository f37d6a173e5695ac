import type { Cell } from './evidence-csv.ts';
import { ABANDONED_COLUMNS, CHANGE_COLUMNS } from './evidence-tables.ts';
import { escaped } from './markup.ts';

export type Rows = readonly (readonly Cell[])[];

/** More than this is for the CSV. */
const MOST_ROWS = 200;

export const text = (raw: Cell): string => escaped(String(raw ?? '–'));

/** In English, so that 12400 is not misread; all that a CSV has of it. */
export const figure = (value: Cell): string => Number(value).toLocaleString('en', { maximumFractionDigits: 6 });

/** Names that people and programs made: where they do not fit they go on in the next line after a sign, and not within a word. */
export const parted = (raw: Cell): string => text(raw).replaceAll(/[#+](?=\w)|[,:{[._@/](?=[^\s\d])/g, '$&<wbr>');

const DATED = /(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d+)?)Z)?/g;
const whole = (part: string): string => `<span class="p">${part}</span>`;

/** Dates and instants, also within a sentence: a time may stand below its date, and neither is broken. */
export const timed = (raw: Cell): string =>
  text(raw).replaceAll(DATED, (_, date: string, time?: string) => whole(date) + (time ? ` ${whole(time)}` : ''));

/** A definition or its rules: a number stays with its unit, and a section with its code. */
export const sentence = (raw: Cell): string =>
  timed(raw).replaceAll(/(?<=\d) (?=(?:s|h|CFR)\b|%)|(?<=CFR) (?=\d)/g, '&nbsp;');

interface Column {
  readonly head: string;
  /** Wide enough for what it always holds; the last one takes what is left of the page. */
  readonly mm?: number;
}

/** Widths are given, since a table that finds its own breaks numbers where it finds no room. */
function table(columns: readonly Column[], rows: Rows, body: (row: readonly Cell[]) => string): string {
  if (rows.length === 0) return '<p>None.</p>';
  const widths = columns.map(({ mm }) => (mm === undefined ? '<col>' : `<col style="width:${mm}mm">`)).join('');
  const head = columns.map((column) => `<th>${column.head}</th>`).join('');
  const rest = rows.length > MOST_ROWS ? `<p>The first ${MOST_ROWS} of ${rows.length}; all are in the CSV.</p>` : '';
  const shown = rows.slice(0, MOST_ROWS).map(body).join('');
  return `<table class="f"><colgroup>${widths}</colgroup><thead><tr>${head}</tr></thead>${shown}</table>${rest}`;
}

/** Date over time, to the millisecond. */
const TIME_MM = 22;
const TIMES = ['answered', 'message began', 'message ended', 'opted out', 'number rests until'];
const ABANDONED: readonly Column[] = [
  { head: 'number', mm: 29 },
  ...TIMES.map((head) => ({ head, mm: TIME_MM })),
  { head: 'message' },
];

/** Of each abandoned call what fits on a page; its long id and its recording in a line of their own. */
export const abandonedTable = (rows: Rows): string =>
  table(ABANDONED, rows, (row) => {
    const of = (name: string) => row[ABANDONED_COLUMNS.indexOf(name)] ?? null;
    const times = TIMES.map((name) => `<td>${timed(of(name))}</td>`).join('');
    const recording = of('recording outcome');
    const below = `${text(of('call'))}${recording === null ? '' : `, recording: ${timed(recording)}`}`;
    return `<tbody><tr><td class="p">${text(of('number'))}</td>${times}<td>${parted(of('message'))}</td></tr><tr class="small"><td colspan="${ABANDONED.length}">${below}</td></tr></tbody>`;
  });

const CHANGES: readonly Column[] = [
  { head: 'at', mm: TIME_MM },
  { head: 'by', mm: 34 },
  { head: 'status', mm: 22 },
  { head: 'setting', mm: 36 },
  { head: 'from', mm: 32 },
  { head: 'to' },
];

export const changesTable = (rows: Rows): string =>
  table(CHANGES, rows, (row) => {
    const of = (name: string) => row[CHANGE_COLUMNS.indexOf(name)] ?? null;
    const [status, before] = [of('status'), of('status before')];
    const went = status === before ? text(status) : `${text(before)} → ${text(status)}`;
    const names = ['setting', 'from', 'to'].map((name) => `<td>${parted(of(name))}</td>`).join('');
    return `<tbody><tr><td>${timed(of('at'))}</td><td>${parted(of('by'))}</td><td>${went}</td>${names}</tr></tbody>`;
  });

export function refusedTable(rows: Rows): string {
  if (rows.length === 0) return '<p>None.</p>';
  const lines = rows.map(
    ([rule = null, dials = null]) => `<tr><td>${text(rule)}</td><td class="n">${figure(dials)}</td></tr>`,
  );
  return `<table class="a"><thead><tr><th>rule</th><th class="n">dials refused</th></tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

/** A value of a table; numbers stay numbers, and nothing is an empty cell. */
export type Cell = string | number | null;

/** Excel takes a file for UTF-8 only with it. */
export const BYTE_ORDER_MARK = '\u{FEFF}';

/** What a spreadsheet takes for a formula, or for the end of a cell before one (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A line of CSV by RFC 4180, with its CRLF. A text that a spreadsheet would calculate gets an apostrophe in front, which it
 * takes for "this is text"; telephone numbers are among these.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 3339 in UTC, to the millisecond. */
export const instantOf = (at: number | null): string | null =>
  at === null ? null : Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' });

/** Enough to find it on a list, too little to call. */
export const maskedNumber = (number: string): string => '·'.repeat(Math.max(0, number.length - 3)) + number.slice(-3);

import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { detectFormat, type Format } from './csv-format.ts';

/** A row below the header, a value for each column; `line` counts the lines of the file from 1, those inside quotation marks too. */
export type TableRow =
  | { readonly ok: true; readonly line: number; readonly record: readonly string[] }
  | { readonly ok: false; readonly line: number; readonly problem: string };

export type Table =
  | { readonly ok: true; readonly headers: readonly string[]; readonly rows: AsyncIterable<TableRow> }
  | { readonly ok: false; readonly sentence: string };

/** Enough to tell encoding and delimiter by. */
const HEAD_BYTES = 64 * 1024;
/** No honest row is longer; an open quotation mark would otherwise take in the rest of the file. */
const MAX_ROW_BYTES = 128 * 1024;
const MAX_COLUMNS = 200;
const MAX_HEADER = 100;

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads CSV (RFC 4180) as people export it: with comma, semicolon or tab, with or without byte order mark, with any line
 * ends. Holds no more than a few rows at a time. `check` may object to the columns, in a sentence.
 */
export async function readTable(
  csv: AsyncIterable<Uint8Array>,
  check: (headers: readonly string[]) => string | undefined,
): Promise<Table> {
  const source = csv[Symbol.asyncIterator]();
  const head = await readHead(source);
  const format = detectFormat(Buffer.concat(head));
  if (!format.ok) {
    await source.return?.();
    return format;
  }
  const records = recordsOf(parserOf(rejoin(head, source), format));
  const first = await records.next();
  const headers = first.done || !first.value.ok ? [] : first.value.record.map((header) => header.trim());
  const unread = first.done || first.value.ok ? undefined : `The first line ${first.value.problem}.`;
  const sentence = unread ?? headersFault(headers) ?? check(headers);
  if (sentence === undefined) return { ok: true, headers, rows: rowsOf(headers, records) };
  await records.return();
  return { ok: false, sentence };
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; ) {
    const { done, value } = await source.next();
    if (done) break;
    head.push(value);
    bytes += value.length;
  }
  return head;
}

async function* rejoin(head: readonly Uint8Array[], source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

interface Parsing {
  readonly records: AsyncIterable<CsvRecord>;
  /** Line, as the parser counts, from which on it can make no rows. */
  readonly lostAt: () => number;
}

function parserOf(bytes: AsyncIterable<Uint8Array>, { delimiter }: Format): Parsing {
  let lostAt = Number.POSITIVE_INFINITY;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MAX_ROW_BYTES,
    // A parser that fails drops the good rows it still holds; so it goes on, and we stop at the line.
    skip_records_with_error: true,
    on_skip: (error) => {
      lostAt = Math.min(lostAt, Number(error?.['lines'] ?? 0));
      return undefined;
    },
  });
  const source = Readable.from(bytes);
  source.on('error', (error) => parser.destroy(error));
  parser.on('close', () => source.destroy());
  source.pipe(parser);
  return { records: parser, lostAt: () => lostAt };
}

type Reading =
  | { readonly ok: true; readonly line: number; readonly record: readonly string[] }
  | { readonly ok: false; readonly line: number; readonly problem: string };

async function* recordsOf({ records, lostAt }: Parsing): AsyncGenerator<Reading, void> {
  let nextLine = 1;
  // The parser counts a CR LF inside quotation marks as two lines.
  let surplus = 0;
  for await (const { record, info } of records) {
    if (info.lines >= lostAt()) break;
    const text = record.join('');
    surplus += count(text, /\r\n/g);
    const lastLine = info.lines - surplus;
    nextLine = lastLine + 1;
    yield { ok: true, line: lastLine - count(text, /\r\n|\n|\r/g), record };
  }
  if (lostAt() === Number.POSITIVE_INFINITY) return;
  const cause = 'a quotation mark that is opened here or soon after is never closed';
  yield { ok: false, line: nextLine, problem: `could not be read, nor could what follows: ${cause}` };
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

async function* rowsOf(headers: readonly string[], records: AsyncIterable<Reading>): AsyncGenerator<TableRow, void> {
  for await (const reading of records) {
    if (!reading.ok) {
      yield reading;
      continue;
    }
    const { line, record } = reading;
    if (record.length > headers.length && record.slice(headers.length).some((value) => value.trim() !== '')) {
      yield {
        ok: false,
        line,
        problem: `has ${record.length} values, but the first line names ${headers.length} columns`,
      };
      continue;
    }
    yield { ok: true, line, record };
  }
}

function headersFault(headers: readonly string[]): string | undefined {
  const named = headers.filter((header) => header !== '');
  if (named.length === 0) return 'The file is empty; its first line must name the columns.';
  if (headers.length > MAX_COLUMNS) return `The file has ${headers.length} columns; at most ${MAX_COLUMNS} are taken.`;
  const long = named.find((header) => header.length > MAX_HEADER || /\p{Cc}/u.test(header));
  if (long !== undefined) return `The first line does not name columns: “${long.slice(0, 40)}…” is no name.`;
  const twice = named.find((header, index) => named.indexOf(header) !== index);
  return twice === undefined ? undefined : `Two columns are named “${twice}”; rename one of them.`;
}

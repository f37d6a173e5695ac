import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { SetBuilder } from '../dialer/dnc-build.ts';
import { DncReader, type DncReading, LineScanner } from '../dialer/dnc-lines.ts';
import type { NumberSet } from '../dialer/dnc-set.ts';
import { readTable } from './csv-table.ts';
import type { DncImport, DncImportOrder } from './ports/dnc.ts';

/** Bytes read in one go: some hundred lines, which take a few milliseconds where each has to be looked up in a numbering plan. */
const BITE = 8_192;
const ROWS_PER_BREATH = 100;
const MOST_ERRORS = 1_000;
const MOST_COLUMNS_NAMED = 12;

interface Read {
  readonly ok: true;
  readonly numbers: NumberSet;
  /** SHA-256 of the file, hexadecimal. */
  readonly fileHash: string;
  readonly rows: number;
  readonly rejected: number;
  readonly errors: DncImport['errors'];
}

/** What an import has come to so far, for who looks on. */
export interface Tally {
  bytes: number;
  rows: number;
  rejected: number;
}

/**
 * Reads a list of numbers as it streams in, in any order and with doubles, and gives it sorted together with those of `others`.
 * It holds little more than twice what the list will take, and lets calls have the thread every few milliseconds.
 */
export async function readNumbers(
  file: AsyncIterable<Uint8Array>,
  { column, country }: Pick<DncImportOrder, 'column' | 'country'>,
  tally: Tally,
  others: readonly NumberSet[],
): Promise<Read | { readonly ok: false; readonly sentence: string }> {
  const hash = createHash('sha256');
  const intake = new Intake(tally);
  const reader = new DncReader(country);
  const counted = counting(file, hash, tally);
  if (column === null) await readLines(counted, reader, intake);
  else {
    const sentence = await readColumn(counted, { reader, column }, intake);
    if (sentence !== null) return { ok: false, sentence };
  }
  const numbers = await driven(intake.builder.done(others));
  const { rows, rejected } = tally;
  return { ok: true, numbers, fileHash: hash.digest('hex'), rows, rejected, errors: intake.errors };
}

/** Takes numbers in, and what is wrong with those that are none. */
class Intake {
  readonly builder = new SetBuilder();
  readonly errors: { readonly line: number; readonly problem: string }[] = [];
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** True: the builder is to settle. */
  take(line: number, reading: DncReading): boolean {
    if (reading.kind === 'empty') return false;
    if (reading.kind === 'number') {
      this.#tally.rows += 1;
      return this.builder.add(reading.number);
    }
    this.#tally.rejected += 1;
    if (this.errors.length < MOST_ERRORS) this.errors.push({ line, problem: reading.problem });
    return false;
  }
}

async function driven<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
    await breathe();
  }
}

async function* counting(file: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>, tally: Tally) {
  for await (const chunk of file) {
    hash.update(chunk);
    tally.bytes += chunk.length;
    yield chunk;
  }
}

async function readLines(file: AsyncIterable<Uint8Array>, reader: DncReader, intake: Intake): Promise<void> {
  const scanner = new LineScanner(reader);
  let full = false;
  const take = (line: number, reading: DncReading) => {
    // A number takes eight bytes at least: what else the bite holds still fits.
    if (intake.take(line, reading)) full = true;
  };
  for await (const chunk of file) {
    for (let at = 0; at < chunk.length; at += BITE) {
      scanner.feed(chunk.subarray(at, at + BITE), take);
      if (full) await driven(intake.builder.settle());
      full = false;
      await breathe();
    }
  }
  scanner.end(take);
  if (full) await driven(intake.builder.settle());
}

async function readColumn(
  file: AsyncIterable<Uint8Array>,
  { reader, column }: { readonly reader: DncReader; readonly column: string },
  intake: Intake,
): Promise<string | null> {
  const table = await readTable(file, (headers) => (headers.includes(column) ? undefined : noColumn(column, headers)));
  if (!table.ok) return table.sentence;
  const index = table.headers.indexOf(column);
  let rows = 0;
  for await (const row of table.rows) {
    const reading: DncReading = row.ok
      ? reader.readText(row.record[index] ?? '')
      : { kind: 'bad', problem: row.problem };
    if (intake.take(row.line, reading)) await driven(intake.builder.settle());
    rows += 1;
    if (rows % ROWS_PER_BREATH === 0) await breathe();
  }
  return null;
}

function noColumn(column: string, headers: readonly string[]): string {
  const named = headers.slice(0, MOST_COLUMNS_NAMED).map((header) => `“${header}”`);
  const more = headers.length > MOST_COLUMNS_NAMED ? ` and ${headers.length - MOST_COLUMNS_NAMED} more` : '';
  return `There is no column “${column}”; the first line names ${named.join(', ')}${more}.`;
}

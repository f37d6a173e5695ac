import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { e164Of } from '../call/number.ts';

/** What a line, or a cell, holds: a number as a whole, nothing, or no number. */
export type DncReading =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly problem: string };

const EMPTY: DncReading = { kind: 'empty' };
const LEAST_DIGITS = 7;
const MOST_DIGITS = 15;
/** Bytes that are passed over: what people put between digits, and the comma of “area code, number”. */
const BETWEEN: ReadonlySet<number> = new Set(new TextEncoder().encode(' \t\r.-()/,;"\u00A0'));
/** +1 before ten digits. */
const NANP = 1e10;
const [NEW_LINE, PLUS, ZERO, NINE] = [10, 43, 48, 57];
/** Byte order mark of UTF-8, at the beginning of the file. */
const MARK = [0xef, 0xbb, 0xbf];

const bad = (problem: string): DncReading => ({ kind: 'bad', problem });

/**
 * Reads numbers as lists have them. Written with `+` or `00` they are taken as they are, since a number that does not exist
 * harms nobody on such a list; without, they are of the `country` (ISO 3166), and none of another is guessed.
 */
export class DncReader {
  readonly #country: string | null;
  /** Numbers of ten digits under +1 need no look into the plan: 47 million of them are read in a minute. */
  readonly #isNanp: boolean;

  constructor(country: string | null) {
    this.#country = country;
    this.#isNanp = country !== null && isSupportedCountry(country) && getCountryCallingCode(country) === '1';
  }

  /** @param value the digits as a number; `count` of them were written, zeros in front included. */
  read(value: number, count: number, isInternational: boolean): DncReading {
    if (count > MOST_DIGITS + 2) return bad(`has ${count} digits; a telephone number has at most ${MOST_DIGITS}`);
    if (isInternational) return whole(value);
    const isPrefixed = count >= LEAST_DIGITS + 2 && String(value).length === count - 2;
    if (isPrefixed) return whole(value);
    if (this.#isNanp && count === 10 && value >= 2e9) return { kind: 'number', number: NANP + value };
    if (this.#isNanp && count === 11 && value >= NANP + 2e9 && value < 2 * NANP)
      return { kind: 'number', number: value };
    return this.#national(String(value).padStart(count, '0'));
  }

  #national(digits: string): DncReading {
    if (this.#country === null)
      return bad('does not say its country: write it with +, or give the country of the list');
    const number = e164Of(digits, this.#country);
    if (number === null) return bad(`is not a number of ${this.#country}`);
    return { kind: 'number', number: Number(number.slice(1)) };
  }

  /** Of a cell of a table. */
  readText(text: string): DncReading {
    const scanner = new LineScanner(this);
    let reading: DncReading = EMPTY;
    scanner.feed(new TextEncoder().encode(`${text.replaceAll('\n', ' ')}\n`), (_, read) => (reading = read));
    return reading;
  }
}

function whole(value: number): DncReading {
  const { length } = String(value);
  if (value > 0 && length >= LEAST_DIGITS && length <= MOST_DIGITS) return { kind: 'number', number: value };
  return bad(`has ${value > 0 ? length : 0} digits; a number with its country has ${LEAST_DIGITS} to ${MOST_DIGITS}`);
}

/** Reads a text with one number a line, byte by byte as it comes, without making words of it. */
export class LineScanner {
  line = 1;
  readonly #reader: DncReader;
  #value = 0;
  #count = 0;
  #isInternational = false;
  #problem: string | null = null;
  #marks = 0;

  constructor(reader: DncReader) {
    this.#reader = reader;
  }

  feed(bytes: Uint8Array, found: (line: number, reading: DncReading) => void): void {
    for (const byte of bytes) {
      if (byte >= ZERO && byte <= NINE) this.#digit(byte - ZERO);
      else if (byte === NEW_LINE) this.end(found);
      else if (!BETWEEN.has(byte)) this.#other(byte);
    }
  }

  /** The end of the line, and after the last byte that of the file. */
  end(found: (line: number, reading: DncReading) => void): void {
    const reading = this.#reading();
    this.#value = 0;
    this.#count = 0;
    this.#isInternational = false;
    this.#problem = null;
    found(this.line, reading);
    this.line += 1;
  }

  #reading(): DncReading {
    if (this.#problem !== null) return bad(this.#problem);
    if (this.#count === 0) return this.#isInternational ? bad('has no digits') : EMPTY;
    return this.#reader.read(this.#value, this.#count, this.#isInternational);
  }

  #digit(digit: number): void {
    this.#count += 1;
    // Beyond that it is no number whatever follows, and a double would lose digits.
    if (this.#count <= MOST_DIGITS + 2 && this.#value < 1e15) this.#value = this.#value * 10 + digit;
  }

  #other(byte: number): void {
    if (byte === PLUS && this.#count === 0 && !this.#isInternational) this.#isInternational = true;
    else if (this.line === 1 && this.#count === 0 && byte === MARK[this.#marks]) this.#marks += 1;
    else this.#problem ??= 'is not a telephone number';
  }
}

import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A lead as a list brings it. */
export interface NewLead {
  /** E.164 (ITU-T): `+`, country code, subscriber number. */
  readonly number: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

export interface LeadDefaults {
  /** ISO 3166-1 alpha-2; the country of numbers that are written without `+`. Null: such numbers are refused. */
  readonly country: CountryCode | null;
}

export type LeadReading =
  | { readonly ok: true; readonly lead: NewLead }
  | { readonly ok: false; readonly column: string | null; readonly problem: string };

/** Longer than any number with its separators, any name, any note: what is beyond is a broken file, or an attack. */
const MAX_NUMBER = 40;
const MAX_NAME = 200;
const MAX_VALUE = 1_000;

const NUMBER_HEADERS = new Set(
  'number phone tel telephone mobile cell msisdn phonenumber telephonenumber mobilenumber cellphone phoneno puhelin puhelinnumero'.split(
    ' ',
  ),
);
const NAME_HEADERS = new Set('name fullname contact contactname customer customername displayname nimi'.split(' '));

/** Control characters forge SIP headers and terminals; lone surrogates and NUL cannot be stored. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;
const FORBIDDEN_IN_TEXT = /[^\P{Cc}\t\r\n]|\p{Cs}/u;
/** What a decoder puts where bytes were not UTF-8. */
const UNDECODED = '\uFFFD';

/** Whether numbers may be read as those of this country. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** The column that holds the number: the first whose name says so, whatever its case, spaces and punctuation. */
export function numberColumn(headers: readonly string[]): string | undefined {
  return headers.find((header) => NUMBER_HEADERS.has(plain(header)));
}

/**
 * Reads one row of a list: the number, the name, and every other column that holds something as a field of its own.
 * The problem names the column and what to do about it.
 */
export function readLead(row: Readonly<Record<string, string>>, defaults: LeadDefaults): LeadReading {
  const headers = Object.keys(row);
  const number = numberColumn(headers);
  if (number === undefined) return bad(null, 'has no column for the number');
  const read = readNumber((row[number] ?? '').trim(), defaults.country);
  if (!read.ok) return bad(number, read.problem);

  const nameHeader = headers.find((header) => NAME_HEADERS.has(plain(header)));
  const name = nameHeader === undefined ? '' : (row[nameHeader] ?? '').trim();
  const nameFault = fault(name, FORBIDDEN, MAX_NAME);
  if (nameHeader !== undefined && nameFault) return bad(nameHeader, nameFault);

  const others = headers
    .filter((header) => header !== number && header !== nameHeader)
    .map((header): [string, string] => [header, (row[header] ?? '').trim()])
    .filter(([, value]) => value !== '');
  for (const [header, value] of others) {
    const problem = fault(value, FORBIDDEN_IN_TEXT, MAX_VALUE);
    if (problem) return bad(header, problem);
  }
  return {
    ok: true,
    lead: { number: read.number, name: name === '' ? null : name, fields: Object.fromEntries(others) },
  };
}

const plain = (header: string) => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const bad = (column: string | null, problem: string): LeadReading => ({ ok: false, column, problem });

function fault(text: string, forbidden: RegExp, maxLength: number): string | undefined {
  if (text.length > maxLength) return `is ${text.length} characters long; at most ${maxLength} are taken`;
  if (text.includes(UNDECODED)) return 'holds characters that are not UTF-8; save the file as “CSV UTF-8”';
  if (forbidden.test(text)) return 'holds control characters or line breaks; is a quotation mark left open?';
  return undefined;
}

type NumberReading = { ok: true; number: string } | { ok: false; problem: string };

/** Numbers are checked by the numbering plan of their country, so that a typo costs a row and not a call. */
function readNumber(text: string, country: CountryCode | null): NumberReading {
  const problem = text === '' ? 'is empty' : (fault(text, FORBIDDEN, MAX_NUMBER) ?? spoilt(text));
  if (problem) return { ok: false, problem };
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(country ? { defaultCountry: country } : {}) });
  if (!parsed) return { ok: false, problem: unreadable(text, country) };
  if (parsed.ext) return { ok: false, problem: `“${text}” has an extension, which cannot be dialled` };
  if (!parsed.isValid())
    return { ok: false, problem: `“${text}” is not a number of ${parsed.country ?? 'any country'}` };
  return { ok: true, number: parsed.number };
}

/** Spreadsheets turn long numbers into 3.58401E+11, and the digits are lost. */
function spoilt(text: string): string | undefined {
  if (!/^\d+([.,]\d+)?e\+?\d+$/i.test(text)) return undefined;
  return `“${text}” was spoilt by a spreadsheet; format the column as text and export again`;
}

function unreadable(text: string, country: CountryCode | null): string {
  if (country || text.startsWith('+')) return `“${text}” is not a telephone number`;
  return `“${text}” does not say its country; write it with + and the country code, or set a default country`;
}

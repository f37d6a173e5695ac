import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** One of the numbers of a lead, and what became of it so far. */
export interface LeadNumber {
  /** E.164 (ITU-T): `+`, country code, subscriber number. */
  readonly number: string;
  /** As its list calls it (`mobile`, `home`, `work`); empty: not said. */
  readonly kind: string;
  /** Attempts that ended on this number. */
  readonly attempts: number;
  /** `dead`: never to be dialled again for this lead, for it is no number, or not his. */
  readonly status: 'open' | 'dead';
}

/** Where a lead lives, as far as its list says; a number alone does not always tell its time zone. */
export interface LeadAddress {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly region?: string;
  readonly postalCode?: string;
}

/** A lead as a list brings it. What a list does not say is left out. */
export interface NewLead {
  /** E.164; of a lead that was claimed it is the number to dial now. */
  readonly number: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** All numbers in their order, ten at most, when there are several; of a single one its kind is in `kind`. */
  readonly numbers?: readonly LeadNumber[];
  readonly kind?: string;
  /** The id that it has in the system it came from; one campaign has each once. */
  readonly externalId?: string;
  /** 0–9; higher is dialled first within its list. */
  readonly priority?: number;
  /** BCP 47. */
  readonly language?: string;
  /** IANA names of all time zones where the person may be. */
  readonly zones?: readonly string[];
  readonly address?: LeadAddress;
  /** What the list says of consent, in its own words. */
  readonly consent?: string;
  /** Hash of all that the list said; the same one again changes nothing. */
  readonly digest?: string;
  /** Why it is not dialled from the start. */
  readonly hold?: LeadHold;
}

/** Why a pending lead is not dialled: its list's filter, a quota that is full, or somebody's word. */
export type LeadHold = 'filter' | 'quota' | 'stopped';

/** What the store knows of a lead beyond its list's words. */
export interface KeptLead {
  /** Left out: the campaign's unnamed list. */
  readonly listId?: string;
  /** Which of `numbers` is dialled next, from 0. */
  readonly numberIndex?: number;
  /** To be called at this time (ms since 1970), before any list. */
  readonly callbackAt?: number;
  /** By this agent; left out: by any. */
  readonly callbackAgent?: string;
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

import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isPremium } from '../call/destinations.ts';
import { isPlainE164 } from './number-plans.ts';

/** Longer than any number with its separators. */
const MAX_NUMBER = 40;

/** Control characters forge SIP headers and terminals; lone surrogates and NUL cannot be stored. */
export const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;
export const FORBIDDEN_IN_TEXT = /[^\P{Cc}\t\r\n]|\p{Cs}/u;
/** Who puts such a number on a list, in a form that he fills in, earns by each call of the campaign. */
const PREMIUM = 'is a premium-rate number, which is never dialled';
/** What a decoder puts where bytes were not UTF-8. */
const UNDECODED = '\uFFFD';

/** Whether numbers may be read as those of this country. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** What is wrong with a text of a list; undefined: nothing. */
export function fault(text: string, forbidden: RegExp, maxLength: number): string | undefined {
  if (text.length > maxLength) return `is ${text.length} characters long; at most ${maxLength} are taken`;
  if (text.includes(UNDECODED)) return 'holds characters that are not UTF-8; save the file as “CSV UTF-8”';
  if (forbidden.test(text)) return 'holds control characters or line breaks; is a quotation mark left open?';
  return undefined;
}

/** Whether a number in E.164 is of premium rate, told quickly of those that are not; lists that were loaded long ago have such. */
export const isPremiumRate = (number: string): boolean => !isPlainE164(number) && isPremium(number);

export type NumberReading =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a number as E.164. `country` is that of numbers written without `+`; null: such are refused. Numbers are checked by the
 * numbering plan of their country, so that a typo costs a row and not a call; premium-rate numbers are refused.
 */
export function readNumber(text: string, country: CountryCode | null): NumberReading {
  if (isPlainE164(text)) return { ok: true, number: text };
  const problem = text === '' ? 'is empty' : (fault(text, FORBIDDEN, MAX_NUMBER) ?? spoilt(text));
  if (problem) return { ok: false, problem };
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(country ? { defaultCountry: country } : {}) });
  if (!parsed) return { ok: false, problem: unreadable(text, country) };
  if (parsed.ext) return { ok: false, problem: `“${text}” has an extension, which cannot be dialled` };
  if (!parsed.isValid())
    return { ok: false, problem: `“${text}” is not a number of ${parsed.country ?? 'any country'}` };
  if (parsed.getType() === 'PREMIUM_RATE') return { ok: false, problem: `“${text}” ${PREMIUM}` };
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

import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import table from './number-zones.json' with { type: 'json' };
import { CANADIAN_LETTERS, PARTS, ZIP_RANGES } from './postal-zones.ts';

/** Where a person may live, as far as a list says. */
export interface PostalPlace {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** ISO 3166-2 code of the part, with or without the country: `US-TX`, `TX`. */
  readonly region?: string;
  readonly postalCode?: string;
}

export interface NumberZones {
  /** IANA zones in which the person may be; empty when nothing is known. */
  readonly zones: readonly string[];
  /** The number says no more than its country, as mobile and toll-free numbers do. */
  readonly countryOnly: boolean;
}

/** Digits that a number begins with → zones. About 3,300 prefixes, from Google's libphonenumber. */
const PREFIXES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(table.sets).flatMap(([zones, prefixes]) => {
    const list = zones.split(' ');
    return prefixes.split(' ').map((prefix) => [prefix, list] as const);
  }),
);
const CALLING_CODES: ReadonlySet<string> = new Set(getCountries().map((country) => getCountryCallingCode(country)));
const LONGEST_PREFIX = Math.max(...[...PREFIXES.keys()].map((prefix) => prefix.length));

/** Possible time zones of a number in E.164, by the longest prefix that is known. No file is read: about a microsecond. */
export function numberZones(number: string): NumberZones {
  const digits = number.replace(/^\+/, '');
  for (let length = Math.min(LONGEST_PREFIX, digits.length); length > 0; length -= 1) {
    const zones = PREFIXES.get(digits.slice(0, length));
    if (zones) return { zones, countryOnly: zones.length > 1 && zones === zonesOfPlan(digits) };
  }
  return { zones: [], countryOnly: true };
}

/** All zones of the country, or countries, that a number's calling code stands for. Equal ones are one list. */
function zonesOfPlan(digits: string): readonly string[] | undefined {
  const code = [1, 2, 3].map((length) => digits.slice(0, length)).find((start) => CALLING_CODES.has(start));
  return PREFIXES.get(code ?? '');
}

/** Possible time zones of an address; empty when its country is not known. The less it says, the more zones. */
export function placeZones({ country = '', region = '', postalCode = '' }: PostalPlace): readonly string[] {
  const code = country.trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(code)) return [];
  const named = partsOf(code, region, postalCode).flatMap((part) => PARTS[code]?.[part]?.split(' ') ?? []);
  return named.length > 0 ? unique(named) : countryZones(code);
}

/** The parts that the region and the postal code name; when they differ, both: the list is wrong somewhere. */
function partsOf(country: string, region: string, postalCode: string): readonly string[] {
  const part = region
    .trim()
    .toUpperCase()
    .replace(new RegExp(`^${country}-`), '');
  return unique([...(part === '' ? [] : [part]), ...postalParts(country, postalCode)]);
}

function postalParts(country: string, text: string): readonly string[] {
  if (country === 'CA') return (CANADIAN_LETTERS[text.trim().slice(0, 1).toUpperCase()] ?? '').split(' ');
  const [, digits] = (country === 'US' && /^\s*([0-9]{3})[0-9]{2}/.exec(text)) || [];
  if (digits === undefined) return [];
  const state = ZIP_RANGES.find(([from, to]) => from <= Number(digits) && Number(digits) <= to)?.[2];
  return state === undefined ? [] : [state];
}

/** All zones of a country, as the Unicode data of this Node lists them. */
function countryZones(country: string): readonly string[] {
  return new Intl.Locale(`und-${country}`).getTimeZones() ?? [];
}

/**
 * Where the person may be: what the number says and what the address says, together. A number that says no more than its
 * country stands back behind an address there. Empty: nothing is known, and nothing may be dialled by hours.
 */
export function possibleZones(number: string, place: PostalPlace | null): readonly string[] {
  const byPlace = place ? placeZones(place) : [];
  const byNumber = numberZones(number);
  if (byPlace.length === 0) return byNumber.zones;
  const atHome = byNumber.countryOnly && byPlace.some((zone) => byNumber.zones.includes(zone));
  return atHome || byNumber.zones.length === 0 ? byPlace : unique([...byNumber.zones, ...byPlace]);
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

import { languageFault, priorityOf, zoneFault } from './lead-values.ts';
import type { LeadAddress, LeadNumber, NewLead } from './lead.ts';
import { FORBIDDEN, FORBIDDEN_IN_TEXT, fault, isCountry, readNumber } from './lead-number.ts';

/** Which column of a list says what; each by its name in the first line. */
export interface LeadMap {
  /** In the order of dialling; a row needs one of them. */
  readonly numbers: readonly { readonly column: string; readonly kind: string }[];
  readonly name?: string;
  readonly externalId?: string;
  readonly priority?: string;
  readonly language?: string;
  readonly consent?: string;
  /** IANA name of the person's time zone. */
  readonly zone?: string;
  /** ISO 3166-1 alpha-2: of the address, and of numbers without `+` in that row. */
  readonly country?: string;
  readonly region?: string;
  readonly postalCode?: string;
  /** Columns that go through to the agent and the events, by the name they shall have; left out: all others, as they are. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A row that was read; `problems` are numbers that it was read without. */
type RowReading =
  | { readonly ok: true; readonly lead: NewLead; readonly problems: readonly RowProblem[] }
  | ({ readonly ok: false } & RowProblem);

export interface RowProblem {
  readonly column: string | null;
  readonly problem: string;
}

export type RowReader = (record: readonly string[]) => RowReading;

const MAX_NUMBERS = 10;
const MAX_NAME = 200;
const MAX_VALUE = 1_000;
const MAX_ID = 100;

const NUMBER_HEADERS = new Set(
  'number phone tel telephone mobile cell msisdn phonenumber telephonenumber mobilenumber cellphone phoneno puhelin puhelinnumero'.split(
    ' ',
  ),
);
const NAME_HEADERS = new Set('name fullname contact contactname customer customername displayname nimi'.split(' '));

const plain = (header: string) => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The column that holds the number: the first whose name says so, whatever its case, spaces and punctuation. */
export function numberColumn(headers: readonly string[]): string | undefined {
  return headers.find((header) => NUMBER_HEADERS.has(plain(header)));
}

/** What is guessed when nobody says: one number and the name by their headers, and all the rest as fields. */
export function plainMap(headers: readonly string[]): LeadMap | undefined {
  const column = numberColumn(headers);
  const name = headers.find((header) => NAME_HEADERS.has(plain(header)));
  return column === undefined
    ? undefined
    : { numbers: [{ column, kind: '' }], ...(name === undefined ? {} : { name }) };
}

const SINGLE = [
  'name',
  'externalId',
  'priority',
  'language',
  'consent',
  'zone',
  'country',
  'region',
  'postalCode',
] as const;

/** Columns that the map names and the list has not, in the order of the map. */
export function missingColumns(headers: readonly string[], map: LeadMap): readonly string[] {
  const named = [
    ...map.numbers.map(({ column }) => column),
    ...SINGLE.flatMap((key) => map[key] ?? []),
    ...Object.keys(map.fields ?? {}),
  ];
  return [...new Set(named)].filter((column) => !headers.includes(column));
}

interface Column {
  readonly at: number;
  readonly header: string;
}

/**
 * Reads rows of one list by a map whose columns are all there. `country` is that of numbers written without `+`; null: such
 * numbers are refused. The problem names the column and what to do about it.
 */
export function leadReader(headers: readonly string[], map: LeadMap, country: string | null): RowReader {
  const columnOf = (header: string): Column => ({ at: headers.indexOf(header), header });
  const numbers = map.numbers.slice(0, MAX_NUMBERS).map(({ column, kind }) => ({ ...columnOf(column), kind }));
  const single = SINGLE.flatMap((key) => (map[key] === undefined ? [] : [{ key, ...columnOf(map[key]) }]));
  const fields = fieldColumns(headers, map).map(([header, name]) => ({ ...columnOf(header), name }));
  return (record) => {
    const values: Partial<Record<(typeof SINGLE)[number], string>> = {};
    for (const { key, at, header } of single) {
      const value = (record[at] ?? '').trim();
      if (value === '') continue;
      const problem = CHECK[key](value);
      if (problem) return { ok: false, column: header, problem };
      values[key] = value;
    }
    const read = numbersIn(record, numbers, values.country?.toUpperCase() ?? country);
    if (!read.ok) return read;
    const said: [string, string][] = [];
    for (const { at, header, name } of fields) {
      const value = (record[at] ?? '').trim();
      if (value === '') continue;
      const problem = fault(value, FORBIDDEN_IN_TEXT, MAX_VALUE);
      if (problem) return { ok: false, column: header, problem };
      said.push([name, value]);
    }
    return {
      ok: true,
      problems: read.problems,
      lead: { ...read.found, fields: Object.fromEntries(said), ...detailsOf(values) },
    };
  };
}

function fieldColumns(headers: readonly string[], map: LeadMap): readonly (readonly [string, string])[] {
  if (map.fields) return Object.entries(map.fields);
  const taken = new Set([...map.numbers.map(({ column }) => column), ...SINGLE.flatMap((key) => map[key] ?? [])]);
  return headers.filter((header) => header !== '' && !taken.has(header)).map((header) => [header, header] as const);
}

const short = (most: number) => (value: string) => fault(value, FORBIDDEN, most);

const CHECK: Readonly<Record<(typeof SINGLE)[number], (value: string) => string | undefined>> = {
  name: short(MAX_NAME),
  externalId: short(MAX_ID),
  priority: (value) =>
    priorityOf(value) === undefined
      ? `“${value.slice(0, 40)}” is no priority; give 0 to 9, higher is dialled first`
      : undefined,
  language: languageFault,
  consent: short(MAX_VALUE),
  zone: zoneFault,
  country: (value) =>
    isCountry(value.toUpperCase()) ? undefined : `“${value.slice(0, 40)}” is no country; give two letters, like FI`,
  region: short(MAX_NAME),
  postalCode: short(20),
};

type Numbers =
  | {
      readonly ok: true;
      readonly found: Pick<NewLead, 'number' | 'numbers' | 'kind'>;
      readonly problems: readonly RowProblem[];
    }
  | ({ readonly ok: false } & RowProblem);

/** One good number makes a lead; a bad one beside it is told, and left out. */
function numbersIn(
  record: readonly string[],
  columns: readonly (Column & { readonly kind: string })[],
  country: string | null,
): Numbers {
  const found: LeadNumber[] = [];
  const problems: RowProblem[] = [];
  const assumed = country !== null && isCountry(country) ? country : null;
  for (const { at, header, kind } of columns) {
    const text = (record[at] ?? '').trim();
    if (text === '' && columns.length > 1) continue;
    const read = readNumber(text, assumed);
    if (!read.ok) problems.push({ column: header, problem: read.problem });
    else if (!found.some(({ number }) => number === read.number))
      found.push({ number: read.number, kind, attempts: 0, status: 'open' });
  }
  const [first] = found;
  if (!first)
    return { ok: false, ...(problems[0] ?? { column: columns[0]?.header ?? null, problem: 'has no number' }) };
  const kind = first.kind === '' ? {} : { kind: first.kind };
  return {
    ok: true,
    problems,
    found: { number: first.number, ...kind, ...(found.length > 1 ? { numbers: found } : {}) },
  };
}

type Details = Partial<Record<(typeof SINGLE)[number], string>>;

function detailsOf({ name, externalId, priority, language, consent, zone, country, region, postalCode }: Details) {
  const address: LeadAddress = {
    ...(country === undefined ? {} : { country: country.toUpperCase() }),
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
  const level = priority === undefined ? undefined : priorityOf(priority);
  return {
    name: name ?? null,
    ...(externalId === undefined ? {} : { externalId }),
    ...(level === undefined ? {} : { priority: level }),
    ...(language === undefined ? {} : { language }),
    ...(consent === undefined ? {} : { consent }),
    ...(zone === undefined ? {} : { zones: [zone] }),
    ...(Object.keys(address).length === 0 ? {} : { address }),
  };
}

import type { EpochMs, Language } from '../call/ids.ts';

interface FieldBase {
  readonly name: string;
  /** By language; none: the client knows the field by its name. */
  readonly labels: Readonly<Record<Language, string>>;
  readonly required: boolean;
}

/** What an agent says with a disposition. */
export type FieldRule = FieldBase &
  (
    | { readonly type: 'text' | 'number' }
    | { readonly type: 'choice'; readonly choices: readonly string[] }
    /** A decimal number of the currency (ISO 4217); read into minor units. */
    | { readonly type: 'money'; readonly currency: string }
    /** A day from today on, `2026-12-24`; `withinMs`: how far ahead at most. */
    | { readonly type: 'date'; readonly withinMs: number | null }
    /** A moment from now on with its offset, `2026-12-24T14:30:00+02:00`; read into milliseconds of the epoch. */
    | { readonly type: 'time'; readonly withinMs: number | null }
  );

export type FieldValue = string | number;

export interface FieldFault {
  readonly field: string;
  readonly sentence: string;
}

interface Moment {
  readonly now: EpochMs;
  /** IANA zone in which dates are days. */
  readonly zone: string;
}

type Read = { readonly ok: true; readonly value: FieldValue } | { readonly ok: false; readonly sentence: string };

const MAX_TEXT = 1_000;
const DAY_MS = 86_400_000;

/** Every fault is told at once; a field that the disposition does not have is one. */
export function readFields(
  rules: readonly FieldRule[],
  given: Readonly<Record<string, unknown>>,
  moment: Moment,
):
  | { readonly ok: true; readonly values: Readonly<Record<string, FieldValue>> }
  | { readonly ok: false; readonly faults: readonly FieldFault[] } {
  const faults: FieldFault[] = Object.keys(given)
    .filter((name) => !rules.some((rule) => rule.name === name))
    .map((field) => ({ field, sentence: `The disposition has no field ${field}.` }));
  const values: Record<string, FieldValue> = {};
  for (const rule of rules) {
    const value = Object.hasOwn(given, rule.name) ? given[rule.name] : undefined;
    if (value === undefined || value === null || value === '') {
      if (rule.required) faults.push({ field: rule.name, sentence: `Say ${rule.name}: this disposition needs it.` });
      continue;
    }
    const read = readOne(rule, value, moment);
    if (read.ok) values[rule.name] = read.value;
    else faults.push({ field: rule.name, sentence: `${rule.name} ${read.sentence}` });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, values };
}

const good = (value: FieldValue): Read => ({ ok: true, value });
const bad = (sentence: string): Read => ({ ok: false, sentence });

function readOne(rule: FieldRule, value: unknown, moment: Moment): Read {
  switch (rule.type) {
    case 'text':
      return readText(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? good(value) : bad('is a number, like 3.');
    case 'choice':
      return rule.choices.includes(String(value)) ? good(String(value)) : bad(`is one of ${rule.choices.join(', ')}.`);
    case 'money':
      return readMoney(value, rule.currency);
    case 'date':
      return readDate(value, rule.withinMs, moment);
    case 'time':
      return readTime(value, rule.withinMs, moment);
  }
}

function readText(value: unknown): Read {
  if (typeof value !== 'string') return bad('is a text.');
  return value.length > MAX_TEXT ? bad(`is longer than ${MAX_TEXT} characters.`) : good(value);
}

/** How many digits the currency has after the point: two for EUR, none for JPY. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Read from its digits and not by arithmetic, so that no cent is lost. */
function readMoney(value: unknown, currency: string): Read {
  const digits = digitsOf(currency);
  const example = digits === 0 ? '120' : `120.${'5'.padEnd(digits, '0')}`;
  const text = typeof value === 'number' ? String(value) : value;
  const [, whole = '', part = ''] = (typeof text === 'string' && /^([0-9]{1,12})(?:\.([0-9]{1,4}))?$/.exec(text)) || [];
  const wrong = whole === '' || part.length > digits;
  const minor = Number(`${whole}${part.padEnd(digits, '0')}`);
  return wrong || minor === 0 ? bad(`is a sum of ${currency} above nothing, like ${example}.`) : good(minor);
}

function readDate(value: unknown, withinMs: number | null, { now, zone }: Moment): Read {
  const date = typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? dateOf(value) : null;
  if (!date) return bad('is a day, like 2026-12-24.');
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const ahead = today.until(date, { largestUnit: 'day' }).days;
  if (ahead < 0) return bad(`is a day that has passed; today is ${today.toString()}.`);
  if (withinMs !== null && ahead * DAY_MS > withinMs) return bad(`is more than ${daysOf(withinMs)} ahead.`);
  return good(date.toString());
}

function readTime(value: unknown, withinMs: number | null, { now }: Moment): Read {
  const at = typeof value === 'string' ? instantOf(value) : null;
  if (at === null) return bad('is a moment with its offset, like 2026-12-24T14:30:00+02:00.');
  if (at < now) return bad('is a moment that has passed.');
  if (withinMs !== null && at - now > withinMs) return bad(`is more than ${daysOf(withinMs)} ahead.`);
  return good(at);
}

const daysOf = (ms: number) =>
  ms < DAY_MS ? `${Math.round(ms / 3_600_000)} hours` : `${Math.floor(ms / DAY_MS)} days`;

function dateOf(text: string): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null; // RangeError is the only way to ask
  }
}

function instantOf(text: string): EpochMs | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

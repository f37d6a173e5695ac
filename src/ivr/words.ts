import { z } from 'zod';

/**
 * The words that flow and site files are made of. A message and its cure travel through zod as one text, apart by a
 * line feed; `check` takes them apart again.
 */
export const fault = (message: string, cure: string): string => `${message}\n${cure}`;

/** A map with exactly these keys; the fault of another key carries the known ones, for `check` to suggest from. */
export function shape<S extends z.core.$ZodLooseShape>(keys: S) {
  const known = Object.keys(keys).join(' ');
  return z.strictObject(keys, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined) });
}

/** Begins the fault of a time; `check`, which knows the field, says its name instead. */
export const TIME_MUST = 'The time must';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^([0-9]{1,9})(ms|s|m|h|d)$/;

/** A length of time with its unit (`6s`, `1500ms`, `2m`), read into milliseconds and held between two such lengths. */
export function duration(from: string, to: string) {
  const least = durationMs(from) ?? 0;
  const most = durationMs(to) ?? 0;
  return z
    .string({
      error: ({ input }) =>
        input === undefined
          ? undefined
          : fault('A length of time needs a unit.', 'Write it like `6s`, `1500ms` or `2m`.'),
    })
    .refine((text) => durationMs(text) !== null, {
      error: fault('A length of time needs a number and a unit.', 'Write it like `6s`, `1500ms` or `2m`.'),
      abort: true,
    })
    .transform((text) => durationMs(text) ?? 0)
    .refine((ms) => ms >= least && ms <= most, {
      error: fault(`${TIME_MUST} be between ${from} and ${to}.`, 'Choose a time in that range.'),
    });
}

function durationMs(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? null : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

const text = (pattern: RegExp, message: string, cure: string) =>
  z
    .string({ error: (issue) => (typeof issue.input === 'number' ? fault(message, 'Put it in quotes.') : undefined) })
    .regex(pattern, { error: fault(message, cure) });

/** Names of flows, nodes, queues, calendars, trunks, agents. */
export const name = text(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'A name is made of small letters, digits and `-`.',
  'Write it like `main-menu`.',
);
export const promptName = text(
  /^[a-z0-9][a-z0-9-]{0,40}(\.[a-z0-9][a-z0-9-]{0,40}){0,3}$/,
  'A prompt is named by words with dots between, never by a path or a file.',
  'Write it like `main.long`.',
);
export const varName = text(
  /^[a-z][A-Za-z0-9]{0,40}$/,
  'A variable is named by letters and digits.',
  'Write it like `customerId`.',
);
export const language = text(
  /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/,
  'A language is written by its short tag.',
  'Write it like `fi` or `pt-BR`.',
);
/** Digits as dialled, whole or with `*` at the end for all numbers that begin so; or a code with `*` before it. */
export const did = text(
  /^(\+?[0-9]{2,15}\*?|\*[0-9]{2,4})$/,
  'A number is a `+` and digits, or digits alone.',
  'Write it like "+358401234567".',
);
export const e164 = text(
  /^\+[1-9][0-9]{6,14}$/,
  'A number is a `+` and 7 to 15 digits.',
  'Write it like "+358401234567".',
);
/** A phone of the house or a number outside; nothing else may ever be dialled from a file. */
export const destination = text(
  /^(\+[1-9][0-9]{6,14}|[0-9]{2,6})$/,
  'A call goes to an extension of 2 to 6 digits or to a number with `+`, nothing else.',
  'Write it like "1001" or "+358401234567".',
);
export const extension = text(/^[0-9]{2,6}$/, 'A phone is an extension of 2 to 6 digits.', 'Write it like "1001".');
/** Name of a trunk's endpoint on the switch. */
export const endpoint = text(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  'An endpoint is a plain name without technology, host or options.',
  'Write it like `carrier-a`.',
);
/** Where something is reached over SIP. */
export const sipAddress = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?$/,
  'An address is a host, or a host and a port.',
  'Write it like `sip.example.net:5060`.',
);
export const secretName = text(
  /^[a-z][a-z0-9_]{0,63}$/,
  'A secret is named, never written down.',
  'Write its name like `carrier_password`.',
);
export const keys = text(/^[0-9*#]{1,4}$/, 'A key is one to four of 0–9, `*` and `#`.', 'Write it like "1".');
export const key = text(/^[0-9*#]$/, 'A key is one of 0–9, `*` and `#`.', 'Write it like "#".');
export const skill = text(
  /^[a-z][a-z0-9-]{0,40}(:[A-Za-z0-9][A-Za-z0-9-]{0,40})?$/,
  'A skill is a name, or a kind and a name.',
  'Write it like `topic:billing`.',
);
export const title = z.string().trim().min(1).max(200);
export const level = z
  .int({ error: fault('A level is a whole number from 1 to 10.', 'Write it like `level: 3`.') })
  .min(1, { error: fault('A level is a whole number from 1 to 10.', 'Write it like `level: 3`.') })
  .max(10, { error: fault('A level is a whole number from 1 to 10.', 'Write it like `level: 3`.') });
export const requirement = shape({ skill, level });

/** ISO 4217 code of money. */
export const currency = text(/^[A-Z]{3}$/, 'A currency is three capital letters.', 'Write it like `EUR`.');

export const date = z
  .string({ error: fault('A date is a text.', 'Write it like 2026-12-25.') })
  .refine(isDate, { error: fault('There is no such date.', 'Write it like 2026-12-25.') });

function isDate(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= Temporal.PlainYearMonth.from({ year, month }).daysInMonth;
}

/** An IANA time zone, checked against the zones that this Node knows. */
export const zone = z.string().refine(isZone, {
  error: fault('The time zone is not known.', 'Write it like `Europe/Helsinki`.'),
});

function isZone(id: string): boolean {
  if (!/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2})$/.test(id)) return false;
  try {
    return new Temporal.ZonedDateTime(0n, id).timeZoneId !== '';
  } catch {
    return false; // RangeError is the only way to ask
  }
}

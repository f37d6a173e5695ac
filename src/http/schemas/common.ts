import { z } from 'zod';

/** An id of ours, or a name from the site files, in a path or query. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,99}$/u, 'not an id');

/** Words that people chose: no control characters, so that nothing is done to a terminal that shows them. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'holds control characters');

export const byId = z.strictObject({ id });

/** A cursor of the journal. Readers take it as it came and give it back. */
export const cursor = z.string().regex(/^\d{14}(-\d{8,15})?$/u, 'not a cursor of this journal');

const MOST_ROWS = 200;

export const limitTo = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual).meta({ description: 'Rows a page.' });

export const page = z.strictObject({
  limit: limitTo(MOST_ROWS, 50),
  before: id.nullable().default(null).meta({ description: 'The `next` of the page before; newest rows come first.' }),
});

export const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const listed = <T extends z.ZodType>(item: T) => z.object({ items: list(item) });

export const paged = <T extends z.ZodType>(item: T) =>
  z.object({ items: list(item), next: z.string().nullable().meta({ description: 'Null on the last page.' }) });

/** A page as it is answered; a full one may have more behind it. */
export const pageOf = <T extends { readonly id: string }>(items: readonly T[], limit: number) => ({
  items,
  next: items.length < limit ? null : (items.at(-1)?.id ?? null),
});

/** What is wrong in a file of the flows, as `callwright flow check` prints it. */
export const finding = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; see docs/errors.md.' }),
    faults: z
      .array(z.object({ where: z.string(), problem: z.string() }))
      .readonly()
      .optional(),
    findings: list(finding).optional().meta({ description: 'With `flows.refused`: what is wrong in the files.' }),
  })
  .meta({ description: 'RFC 9457 problem details' });

/** What every route may answer besides its own. */
export const problems = {
  default: { description: 'An error', content: { 'application/problem+json': { schema: problem } } },
} as const;

export const nothing = (description: string) => z.undefined().meta({ description });

export const ms = z.number();
export const epochMs = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00Z.' });
export const isoTime = z.iso.datetime().meta({ description: 'The same as ISO 8601, in UTC.' });
/** A time as it is answered beside its milliseconds. */
export const isoOf = (at: number): string => new Date(at).toISOString();

const LAST_MS = 8.64e15;
const WRITE = 'write milliseconds since 1970, or ISO 8601 with its zone, like `2026-11-02T08:00:00+02:00`';
/** A time in a request. ISO 8601 (RFC 3339) must name its zone: nobody can guess which clock was meant. */
export const moment = z
  .union([z.int().min(0).max(LAST_MS), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))], {
    error: `no time: ${WRITE}`,
  })
  .refine((at) => at >= 0, `before 1970: ${WRITE}`)
  .meta({ description: 'Milliseconds since 1970-01-01T00:00Z, or ISO 8601 with its zone.' });
/** The same in a query, where everything is text. */
export const momentAsked = z.preprocess((text) => (/^\d+$/u.test(String(text)) ? Number(text) : text), moment);
export const requirement = z.strictObject({ skill: id, level: z.int().min(1).max(10) });
export const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/u, 'not a BCP 47 language tag');

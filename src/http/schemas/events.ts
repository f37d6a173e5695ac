import { z } from 'zod';
import type { FactType } from '../../call/journal.ts';
import { FACT_TYPES } from '../../events/catalogue.ts';
import { cursor, limitTo, list } from './common.ts';

const factType = z.enum(FACT_TYPES as [FactType, ...FactType[]]);

const types = z
  .string()
  .transform((value) => value.split(','))
  .pipe(z.array(factType).transform((names): ReadonlySet<FactType> => new Set(names)))
  .optional()
  .meta({
    description: 'Only these types, short names from docs/events.md with commas between: `call.queued,call.connected`.',
  });

/** RFC 3339, as the events have it, or milliseconds. */
const since = z
  .union([
    z.iso.datetime({ offset: true }).transform((at) => Date.parse(at)),
    z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  ])
  .optional()
  .meta({ description: 'From this time on, RFC 3339 or milliseconds; `after` goes before it.' });

export const eventPage = z.strictObject({
  after: cursor
    .nullable()
    .default(null)
    .meta({ description: 'The `cursor` of the page before; else from the oldest event kept.' }),
  since,
  limit: limitTo(500, 100),
  types,
});

export const streamQuery = z.strictObject({
  after: cursor.optional().meta({ description: 'Where to go on when no `Last-Event-ID` is sent; else from now.' }),
  since,
  types,
});

export const streamHeaders = z.object({ 'last-event-id': cursor.optional() });

export const cloudEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: z.string(),
    datacontenttype: z.literal('application/json'),
    sequence: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ description: 'CloudEvents 1.0; the data of each type are in docs/events.md.' });

export const events = z.object({
  items: list(cloudEvent),
  cursor: z
    .string()
    .nullable()
    .meta({ description: 'Give it as `after` for what comes next. Null when there are no events.' }),
});

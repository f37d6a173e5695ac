import { Readable } from 'node:stream';
import { z } from 'zod';
import { DNC_KINDS, DNC_MODES, DNC_SOURCES } from '../../engine/ports/dnc.ts';
import { epochMs, id, list, text } from './common.ts';

/** E.164 with or without `+`; judged whole by the desk, which says how to mend it. */
const number = z.string().regex(/^\+?\d{1,40}$/u, 'not a number: write + and the digits');
const campaignId = id.nullable().default(null).meta({ description: 'Null: for all campaigns.' });
const reason = text(500).min(1);
const count = z.int();

export const dncCheck = z.strictObject({ number, campaignId });

export const dncAnswer = z.object({
  number: z.string(),
  allowed: z.boolean().meta({ description: 'As far as do-not-call goes.' }),
  hits: list(
    z.object({
      kind: z.enum(['number', 'prefix', 'hash', 'list', 'unread', 'not-ready']),
      name: z.string(),
      id: z.string().nullable().meta({ description: 'Of the entry, or of the list.' }),
      campaignId: z.string().nullable(),
      since: epochMs.nullable(),
      reason: z.string().nullable(),
      source: z.enum([...DNC_SOURCES, 'import']).nullable(),
    }),
  ),
});

export const dncNew = z
  .strictObject({
    number: number.optional(),
    prefix: number.optional().meta({ description: 'The first digits of all numbers that are meant.' }),
    campaignId,
    reason,
    source: z.enum(['api', 'agent', 'caller']).default('api').meta({ description: 'Who asked.' }),
  })
  .refine(
    (body) => (body.number === undefined) !== (body.prefix === undefined),
    'give `number` or `prefix`, one of them',
  );

export const dncEntryView = z.object({
  id: z.string(),
  kind: z.enum(DNC_KINDS),
  key: z.string().meta({ description: 'Digits without `+`; of kind hash the hash.' }),
  listId: z.string().nullable(),
  campaignId: z.string().nullable(),
  reason: z.string(),
  source: z.enum(DNC_SOURCES),
  by: z.string(),
  addedAt: epochMs,
  removedAt: epochMs.nullable(),
  removedBy: z.string().nullable(),
  removedReason: z.string().nullable(),
});

export const dncAdded = z.object({
  entry: dncEntryView,
  givenUp: count.meta({ description: 'Calls that rang at such a number here and were given up.' }),
});

export const dncSearch = z.strictObject({
  number: number.nullable().default(null),
  limit: z.int().min(1).max(200).default(50),
  before: id.nullable().default(null),
});

export const dncReason = z.strictObject({ reason });
export const dncErase = z.strictObject({ number });
export const dncErased = z.object({ entries: count.meta({ description: 'Left as hashes.' }) });
export const dncExcept = z.strictObject({ number, reason });
export const dncNewList = z.strictObject({ name: text(100).min(1), campaignId });

const dncVersionView = z.object({
  id: z.string(),
  listId: z.string(),
  mode: z.enum(DNC_MODES),
  fileName: z.string(),
  fileHash: z.string().meta({ description: 'SHA-256 of the file.' }),
  importedAt: epochMs,
  by: z.string(),
  rows: count.meta({ description: 'Numbers of the file, doubles counted.' }),
  rejected: count.meta({ description: 'Rows that hold no number.' }),
  numbers: count.meta({ description: 'Numbers of the list.' }),
});

export const dncListView = z.object({
  id: z.string(),
  name: z.string(),
  campaignId: z.string().nullable(),
  createdAt: epochMs,
  createdBy: z.string(),
  version: dncVersionView.nullable(),
  state: z.enum(['read', 'reading', 'unread']).meta({
    description: 'As this process has it. Of a list that is not read nobody is dialled whom it concerns.',
  }),
  memory: count.meta({ description: 'Bytes it takes in memory.' }),
  importing: z
    .object({ since: epochMs, by: z.string(), bytes: count, rows: count, rejected: count })
    .nullable()
    .meta({ description: 'How far an import is that this process is at.' }),
});

export const dncListDetails = dncListView.extend({ versions: list(dncVersionView) });

export const dncImportQuery = z.strictObject({
  mode: z.enum(DNC_MODES).default('replace').meta({ description: 'The file becomes the list, or is added to it.' }),
  file: text(200).default('').meta({ description: 'Name of the file, for the record.' }),
  column: text(100).nullable().default(null).meta({
    description: 'The body is CSV and the numbers are in this column; else it is a text with one number a line.',
  }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/u, 'not two letters')
    .nullable()
    .default(null)
    .meta({ description: 'ISO 3166; of numbers without `+`.' }),
});

export const dncFile = z
  .unknown()
  .refine((file) => file instanceof Readable, 'there is none')
  .meta({ description: 'Numbers, one a line, or CSV.' });

export const dncImported = z.object({
  version: dncVersionView,
  errors: list(z.object({ line: count, problem: z.string() })).meta({
    description: 'The first 1,000 rows that hold no number.',
  }),
});

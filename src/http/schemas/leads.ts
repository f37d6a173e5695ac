import { z } from 'zod';
import { LIST_ORDERS } from '../../engine/ports/leads.ts';
import { leadView } from './campaigns.ts';
import { epochMs, id, language, list, moment, text } from './common.ts';

const MAX_FIELDS = 200;
const column = text(100).min(1);
const kind = text(20).default('').meta({ description: 'As the floor calls it: mobile, home, work.' });
const country = z
  .string()
  .regex(/^[A-Z]{2}$/u, 'not two letters')
  .meta({ description: 'ISO 3166-1 alpha-2.' });
const listId = z
  .union([z.literal(''), id])
  .default('')
  .meta({ description: 'Empty: the campaign’s unnamed list.' });

const leadMap = z.strictObject({
  numbers: z.array(z.strictObject({ column, kind })).min(1).max(10).readonly(),
  name: column.exactOptional(),
  externalId: column.exactOptional(),
  priority: column.exactOptional(),
  language: column.exactOptional(),
  consent: column.exactOptional(),
  zone: column.exactOptional(),
  country: column.exactOptional(),
  region: column.exactOptional(),
  postalCode: column.exactOptional(),
  fields: z.record(column, column).exactOptional(),
});

const asMap = z.string().transform((json, context) => {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

export const importQuery = z.strictObject({
  list: listId,
  duplicates: z.enum(['skip', 'update', 'allow']).default('skip').meta({
    description: 'What becomes of a number that is there already; a row of an external id that is there is an update.',
  }),
  within: z.enum(['campaign', 'list']).default('campaign'),
  country: country.exactOptional(),
  map: asMap.pipe(leadMap).exactOptional().meta({
    description: 'JSON: which column says what, for example {"numbers":[{"column":"Mobile","kind":"mobile"}]}.',
  }),
});

export const byExternalId = z.strictObject({
  id,
  externalId: text(100).min(1).meta({ description: 'The id of the lead in the system it came from.' }),
});

export const byAnyName = z.strictObject({
  id,
  externalId: text(100).min(1).meta({ description: 'Its external id, its id here, or one of its numbers.' }),
});

export const byList = z.strictObject({ id, listId: id });

export const leadBody = z.strictObject({
  numbers: z
    .array(z.strictObject({ number: text(40).min(1), kind }))
    .min(1)
    .max(10)
    .readonly(),
  name: text(200).nullable().default(null),
  listId,
  priority: z.int().min(0).max(9).default(0),
  language: language.nullable().default(null),
  zone: text(60).nullable().default(null),
  country: country.nullable().default(null),
  region: text(200).nullable().default(null),
  postalCode: text(20).nullable().default(null),
  consent: text(1_000).nullable().default(null),
  fields: z
    .record(column, z.string().max(1_000))
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `has more than ${MAX_FIELDS} fields`)
    .default({}),
});

export const callbackBody = z.strictObject({
  at: moment,
  agentId: id.nullable().default(null).meta({ description: 'Null: any agent of the campaign.' }),
});

const leadNumber = z.object({
  number: z.string(),
  kind: z.string(),
  attempts: z.int(),
  status: z.enum(['open', 'dead']),
});

export const fullLead = leadView.extend({
  listId: z.string().exactOptional(),
  externalId: z.string().exactOptional(),
  kind: z.string().exactOptional(),
  numbers: list(leadNumber).exactOptional(),
  numberIndex: z.int().exactOptional(),
  priority: z.int().exactOptional(),
  language: z.string().exactOptional(),
  zones: list(z.string()).exactOptional(),
  address: z
    .object({
      country: z.string().exactOptional(),
      region: z.string().exactOptional(),
      postalCode: z.string().exactOptional(),
    })
    .exactOptional(),
  consent: z.string().exactOptional(),
  hold: z.enum(['filter', 'quota', 'stopped']).exactOptional().meta({ description: 'Why it is not dialled.' }),
  callbackAt: epochMs.exactOptional(),
  callbackAgent: z.string().exactOptional(),
  trail: list(z.string())
    .exactOptional()
    .meta({ description: 'Campaigns that it was in by chains, the present one last.' }),
  chainedTo: z.string().exactOptional().meta({ description: 'Its id in the campaign that it went on to.' }),
});

const quota = z.strictObject({
  outcome: text(60).min(1),
  field: column.nullable().default(null),
  most: z.int().min(0).max(10_000_000),
});

export const listBody = z.strictObject({
  name: text(100).default(''),
  priority: z.int().min(0).max(9).default(0),
  share: z
    .int()
    .min(0)
    .max(100)
    .default(100)
    .meta({ description: 'Percent of the dials among lists of one priority.' }),
  active: z.boolean().default(true),
  filter: text(2_000)
    .nullable()
    .default(null)
    .meta({ description: 'CEL; only leads of which it is true are dialled.' }),
  quotas: z.array(quota).max(20).readonly().default([]),
  order: z.enum(LIST_ORDERS).default('file'),
  seed: z.int().min(0).max(2_147_483_647).default(0),
});

export const listView = z.object({
  id: z.string(),
  name: z.string(),
  priority: z.int(),
  share: z.int(),
  active: z.boolean(),
  filter: z.string().nullable(),
  quotas: list(z.object({ outcome: z.string(), field: z.string().nullable(), most: z.int() })),
  order: z.enum(LIST_ORDERS),
  seed: z.int(),
});

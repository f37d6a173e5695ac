import { type RawBuilder, type Selectable, sql, type SqlBool } from 'kysely';
import { z } from 'zod';
import type { Lead } from '../../engine/ports/history.ts';
import { leadFields } from './documents.ts';
import { SCHEMA, type Tables } from './tables.ts';

const leadNumbers = z
  .array(
    z.object({
      number: z.string(),
      kind: z.string(),
      attempts: z.number(),
      status: z.enum(['open', 'dead']),
    }),
  )
  .nullable();

const leadAddress = z.object({
  country: z.string().exactOptional(),
  region: z.string().exactOptional(),
  postalCode: z.string().exactOptional(),
});

export type LeadRow = Selectable<Tables['leads']> & { readonly numbers: unknown };

export const LEADS = sql.id(SCHEMA, 'leads');
export const NUMBERS = sql.id(SCHEMA, 'lead_numbers');

/** No attempt of the lead, which the statement calls `leads`, is open: it may be given back, and nobody is talking with him. */
export const NOT_DIALLED = sql<SqlBool>`not exists (
  select 1 from ${sql.id(SCHEMA, 'attempts')} as a where a.lead_id = leads.id and a.ended_at is null)`;

/** All numbers of a lead in their order; null for a lead of one number. */
export const numbersOf = (lead: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select jsonb_agg(jsonb_build_object('number', n.number, 'kind', n.kind, 'attempts', n.attempts, 'status', n.status)
    order by n.position)
  from ${NUMBERS} n where n.lead_id = ${lead})`;

/** What its list did not say is left out. */
export function toLead(row: LeadRow): Lead {
  const numbers = leadNumbers.parse(row.numbers);
  const { id, campaignId, name, status, attempts, notBefore, outcome, numberIndex, priority } = row;
  const number = numbers?.[numberIndex]?.number ?? row.number;
  const plain = { id, campaignId, number, name, fields: leadFields.parse(row.fields), status, attempts };
  return {
    ...plain,
    notBefore,
    outcome,
    ...(numbers === null ? {} : { numbers, numberIndex }),
    ...(row.kind === '' ? {} : { kind: row.kind }),
    ...(row.listId === '' ? {} : { listId: row.listId }),
    ...(priority === 0 ? {} : { priority }),
    ...(row.address === null ? {} : { address: leadAddress.parse(row.address) }),
    ...said(row),
  };
}

const SAYINGS = [
  'externalId',
  'language',
  'zones',
  'consent',
  'digest',
  'hold',
  'callbackAt',
  'callbackAgent',
  'callbackWaitMs',
  'refused',
  'refusedBy',
  'trail',
  'chainedTo',
  'chainedBy',
] as const satisfies readonly (keyof LeadRow & keyof Lead)[];

const said = (row: LeadRow): Partial<Lead> =>
  Object.fromEntries(SAYINGS.flatMap((key) => ((row[key] ?? null) === null ? [] : [[key, row[key]]])));

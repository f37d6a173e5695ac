import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { LeadBook, LeadHold, LeadList, Quota, QuotaCount } from '../../engine/ports/leads.ts';
import { LEADS } from './lead-row.ts';
import { rankOf, sortKeyOf } from './leads-add.ts';
import { SCHEMA, type Tables } from './tables.ts';

const LISTS = sql.id(SCHEMA, 'lead_lists');
const ATTEMPTS = sql.id(SCHEMA, 'attempts');

/** Leads given a new place in one statement; the store serves calls between two of them. */
const AT_ONCE = 2_000;

const quotas: z.ZodType<Quota[]> = z.array(
  z.object({ outcome: z.string(), field: z.string().nullable(), most: z.number() }),
);

export function listQueries(db: Kysely<Tables>): Omit<LeadBook, 'leadByExternalId' | 'openLeads'> {
  return {
    ...holdQueries(db),
    setCallback: async (id, callback) => {
      const { numAffectedRows = 0n } = await sql`
        update ${LEADS} set callback_at = ${callback?.at ?? null}::bigint, callback_agent = ${callback?.agentId ?? null}::text,
          callback_wait_ms = ${callback?.waitMs ?? null}::bigint,
          status = case when ${callback !== null} and status = 'done' then 'pending' else status end,
          not_before = case when ${callback !== null} then 0 else not_before end
        where id = ${id} and hold is distinct from 'stopped' and (${callback !== null} or callback_at is not null)`.execute(
        db,
      );
      return numAffectedRows > 0n;
    },
    saveLeadList: saveList(db),
    leadLists: async (campaignId) => {
      const rows = await db
        .selectFrom('leadLists')
        .selectAll()
        .where('campaignId', '=', campaignId)
        .orderBy('priority', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toList);
    },
    quotaCounts: async (campaignId, list) => {
      const counts = await Promise.all(list.quotas.map((quota) => countOf(db, campaignId, list.id, quota)));
      return counts.flat();
    },
  };
}

function holdQueries(db: Kysely<Tables>): Pick<LeadBook, 'holdLeads' | 'releaseHeld' | 'heldLeads'> {
  return {
    // A lease without an open attempt is a lead that nobody dials yet.
    holdLeads: async (ids, hold) => {
      if (ids.length === 0) return 0;
      const undialled = sql`(t.status = 'leased' and not exists (
        select 1 from ${ATTEMPTS} a where a.lead_id = t.id and a.ended_at is null))`;
      const { numAffectedRows = 0n } = await sql`
        update ${LEADS} as t set hold = ${hold}::text,
          attempts = case when ${undialled} then greatest(t.attempts - 1, 0) else t.attempts end,
          lease_owner = case when ${undialled} then null else t.lease_owner end,
          lease_until = case when ${undialled} then null else t.lease_until end,
          status = case when ${undialled} then 'pending' else t.status end
        where t.id = any(${[...ids]}::text[]) and t.hold is distinct from ${hold}::text`.execute(db);
      return Number(numAffectedRows);
    },
    releaseHeld: async (campaignId, listId, hold, most) => {
      const { numAffectedRows = 0n } = await sql`
        update ${LEADS} set hold = null where id in (
          select id from ${LEADS} where campaign_id = ${campaignId} and list_id = ${listId} and hold = ${hold}
          order by id limit ${most})`.execute(db);
      return Number(numAffectedRows);
    },
    heldLeads: async (campaignId) => {
      const { rows } = await sql<{ hold: LeadHold; count: number }>`
        select hold, sum(count)::bigint as count from ${sql.id(SCHEMA, 'lead_counts')}
        where campaign_id = ${campaignId} and hold <> '' group by hold having sum(count) <> 0`.execute(db);
      return Object.fromEntries(rows.map(({ hold, count }) => [hold, count]));
    },
  };
}

const saveList =
  (db: Kysely<Tables>): LeadBook['saveLeadList'] =>
  async (campaignId, { quotas: most, order, ...list }) => {
    const row = { ...list, quotas: JSON.stringify(most), leadOrder: order };
    const before = await db
      .selectFrom('leadLists')
      .select(['leadOrder', 'seed'])
      .where('campaignId', '=', campaignId)
      .where('id', '=', list.id)
      .executeTakeFirst();
    await db
      .insertInto('leadLists')
      .values({ ...row, campaignId })
      .onConflict((conflict) => conflict.columns(['campaignId', 'id']).doUpdateSet(row))
      .execute();
    if ((before?.leadOrder ?? 'file') === order && (before?.seed ?? list.seed) === list.seed) return;
    let after: string | null = '';
    while (after !== null) after = await reorder(db, campaignId, list.id, after);
  };

/** Gives some leads after that id their place in the list's new order; answers the last one's id, null at the end. */
async function reorder(db: Kysely<Tables>, campaignId: string, listId: string, after: string): Promise<string | null> {
  const { rows } = await sql<{ last: string | null }>`
    with batch as materialized (
      select id, list_id, status from ${LEADS} where campaign_id = ${campaignId} and id > ${after}
      order by id limit ${AT_ONCE}
    ), placed as (
      update ${LEADS} as t set rank = ${rankOf(sql`t.priority`, sql`t.attempts`)}, sort_key = ${sortKeyOf(sql`t.id`)}
      from (select id from batch where list_id = ${listId} and status <> 'done' order by id) s
      cross join (select lead_order, seed from ${LISTS} where campaign_id = ${campaignId} and id = ${listId}) l
      where t.id = s.id returning t.id
    )
    select max(id) as last from batch`.execute(db);
  return rows[0]?.last ?? null;
}

async function countOf(db: Kysely<Tables>, campaignId: string, listId: string, quota: Quota): Promise<QuotaCount[]> {
  const { outcome, field } = quota;
  const value = field === null ? sql`''` : sql`coalesce(fields->>${field}, '')`;
  const { rows } = await sql<{ value: string; count: number }>`
    select ${value} as value, count(*) as count from ${LEADS}
    where campaign_id = ${campaignId} and list_id = ${listId}
      and (outcome = ${outcome} or (counted is not null and ${outcome} = any(counted))) group by 1`.execute(db);
  return rows.map((row) => ({ outcome, field, value: row.value, count: row.count }));
}

const toList = ({
  campaignId: _campaign,
  quotas: found,
  leadOrder,
  ...list
}: Selectable<Tables['leadLists']>): LeadList => ({
  ...list,
  quotas: quotas.parse(found),
  order: leadOrder,
});

import { type Kysely, sql } from 'kysely';
import type { Lead } from '../../engine/ports/history.ts';
import { type LookBook, MOST_AHEAD } from '../../engine/ports/looks.ts';
import { listCounts } from './list-counts.ts';
import { LEADS, type LeadRow, NUMBERS, numbersOf, toLead } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const LISTS = sql.id(SCHEMA, 'lead_lists');
const MOST_LEADS = 10;

/** What a manager asks of leads and lists. */
export function lookQueries(db: Kysely<Tables>): LookBook {
  return {
    leadsOfNumber: async (id, number) => {
      const { rows } = await sql<LeadRow>`
        select t.*, ${numbersOf(sql`t.id`)} as numbers from ${LEADS} t
        where t.campaign_id = ${id} and t.id in (
          select id from ${LEADS} where campaign_id = ${id} and number = ${number}
          union select n.lead_id from ${NUMBERS} n where n.number = ${number})
        order by (t.status = 'done'), t.id limit ${MOST_LEADS}`.execute(db);
      return rows.map(toLead);
    },
    leadLook: async (lead, now) => {
      const [last, ahead] = await Promise.all([lastDial(db, lead), aheadOf(db, lead, now)]);
      return { last, ahead };
    },
    waitingLeads: waitingLeads(db),
    listCounts: listCounts(db),
  };
}

async function lastDial(db: Kysely<Tables>, { id }: Lead) {
  const row = await db
    .selectFrom('attempts')
    .select(['startedAt', 'endedAt', 'outcome', 'disposition'])
    .where('leadId', '=', id)
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** By the order of `leads_due` and of `leads_callbacks`, which is that of claiming; no more rows are read than are told. */
async function aheadOf(db: Kysely<Tables>, { id, campaignId, listId = '', callbackAt }: Lead, now: number) {
  const due = sql`o.campaign_id = ${campaignId} and o.status = 'pending' and o.not_before <= ${now}`;
  const fresh = sql`${due} and o.hold is null and o.callback_at is null`;
  const called = sql`${due} and o.callback_at <= ${now} and o.hold is distinct from 'stopped'`;
  const before =
    callbackAt === undefined
      ? sql`
        (select 1 from ${LEADS} o where ${called} limit ${MOST_AHEAD})
        union all (select 1 from ${LISTS} h join ${LEADS} o on o.list_id = h.id where ${fresh}
          and h.campaign_id = ${campaignId} and h.active and h.priority > coalesce(
            (select priority from ${LISTS} where campaign_id = ${campaignId} and id = ${listId}), 0) limit ${MOST_AHEAD})
        union all (select 1 from ${LEADS} t join ${LEADS} o
          on (o.rank, o.not_before, o.sort_key, o.id) < (t.rank, t.not_before, t.sort_key, t.id)
          where t.id = ${id} and ${fresh} and o.list_id = ${listId} limit ${MOST_AHEAD})`
      : sql`(select 1 from ${LEADS} o where ${called} and (o.callback_at, o.id) < (${callbackAt}::bigint, ${id}::text collate "C"))`;
  const { rows } = await sql<{ ahead: number }>`
    select count(*)::integer as ahead from (select 1 from (${before}) as b limit ${MOST_AHEAD}) as counted`.execute(db);
  return rows[0]?.ahead ?? 0;
}

/** Of each rank so many of those that are due first are asked how often they were dialled: fresh ones come first. */
const FIRST = 100;

/** Reads some rows of each rank of each list by the index `leads_due`, and the callbacks: no more for a million leads. */
const waitingLeads =
  (db: Kysely<Tables>): LookBook['waitingLeads'] =>
  async (id) => {
    const due = sql`campaign_id = ${id} and status = 'pending' and hold is null and callback_at is null`;
    const { rows } = await sql<{ last: number | null; least: number | null }>`
      with recursive ranks as (
        (select list_id, rank from ${LEADS} where ${due} order by list_id, rank limit 1)
        union all
        select n.list_id, n.rank from ranks r cross join lateral (
          select list_id, rank from ${LEADS} where ${due} and (list_id, rank) > (r.list_id, r.rank)
          order by list_id, rank limit 1) as n
      ), seen as (
        select (select not_before from ${LEADS} where ${due} and list_id = r.list_id and rank = r.rank
            order by not_before desc limit 1) as last,
          (select min(attempts) from (select attempts from ${LEADS} where ${due} and list_id = r.list_id and rank = r.rank
            order by not_before limit ${FIRST}) as f) as least
        from ranks r
        union all
        select max(greatest(not_before, callback_at)), min(attempts) from ${LEADS}
        where campaign_id = ${id} and status = 'pending' and hold is null and callback_at is not null
      )
      select max(last)::bigint as last, min(least)::integer as least from seen`.execute(db);
    const [{ last, least } = { last: null, least: null }] = rows;
    return { lastDueAt: last || null, leastAttempts: least ?? 0 };
  };

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { History } from '../../engine/ports/history.ts';
import type { ClaimRequest } from '../../engine/ports/leads.ts';
import { LEADS, type LeadRow, numbersOf, toLead } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const LISTS = sql.id(SCHEMA, 'lead_lists');

/** What the index `leads_due` holds. */
const DUE = sql`status = 'pending' and hold is null and callback_at is null`;

/**
 * Callbacks that are due; then list by list and rank by rank the fresh leads in their order, and those to be dialled again by
 * when that is due. Reads about as many rows as it claims, since ranks are found one after the other by the index.
 */
export const claimLeads =
  (db: Kysely<Tables>): History['claimLeads'] =>
  async (request) => {
    const { rows } = await claim(request).execute(db);
    return rows.toSorted((a, b) => a.nth - b.nth).map(toLead);
  };

function claim(request: ClaimRequest): RawBuilder<LeadRow & { readonly nth: number }> {
  const { campaignId, count, owner, leaseUntil, from } = request;
  const parts = [
    ...(typeof from === 'object' ? [] : [callbacks(request)]),
    ...(from === 'callbacks' ? [] : [listed(request)]),
  ];
  // Materialised: inlined, the planner may run it again for each row and claim more than was asked.
  return sql`
    with recursive ${sql.join([
      ...lists(campaignId, from),
      sql`due as materialized (
      select id, row_number() over () as nth from (
        ${sql.join(parts, sql` union all `)} limit ${count}
      ) as chosen)`,
    ])}
    update ${LEADS} as t
    set status = 'leased', refused = null, refused_by = null, attempts = t.attempts + 1, lease_owner = ${owner}, lease_until = ${leaseUntil}
    from due where t.id = due.id
    returning t.*, due.nth, ${numbersOf(sql`t.id`)} as numbers`;
}

function callbacks({ campaignId, count, now, callbackAgents, callbackToTeamAfterMs }: ClaimRequest) {
  const overdue = sql`callback_at + coalesce(callback_wait_ms, ${callbackToTeamAfterMs ?? null}::bigint) <= ${now}`;
  const whose =
    callbackAgents === undefined
      ? sql`true`
      : sql`(callback_agent is null or callback_agent = any(${[...callbackAgents]}::text[]) or ${overdue})`;
  return sql`(select id from (
    select id from ${LEADS}
    where campaign_id = ${campaignId} and status = 'pending' and callback_at is not null
      and hold is distinct from 'stopped'
      and callback_at <= ${now} and not_before <= ${now} and ${whose}
    order by callback_at, id limit ${count} for update skip locked) as called_back)`;
}

/** The ranks of each list that have pending leads: a loose index scan, as PostgreSQL has none of its own. */
function lists(campaignId: string, from: ClaimRequest['from']): RawBuilder<unknown>[] {
  if (from === 'callbacks') return [];
  const of = (list: RawBuilder<unknown>, above: RawBuilder<unknown>) =>
    sql`(select min(rank) from ${LEADS} where campaign_id = ${campaignId} and list_id = ${list} and ${DUE} ${above})`;
  const active = from
    ? sql`select ${from.list}::text collate "C" as list_id, 0 as low`
    : sql`select id as list_id, -priority::integer as low from ${LISTS} where campaign_id = ${campaignId} and active
        union all select '' collate "C", 0
        where not exists (select 1 from ${LISTS} where campaign_id = ${campaignId} and id = '')`;
  return [
    sql`lists as materialized (${active})`,
    sql`ranks as (
      select list_id, low, ${of(sql`lists.list_id`, sql``)} as rank from lists
      union all
      select list_id, low, ${of(sql`ranks.list_id`, sql`and rank > ranks.rank`)} from ranks where ranks.rank is not null)`,
  ];
}

const listed = ({ campaignId, count, now }: ClaimRequest) => sql`(
  select found.id from (select list_id, rank from ranks where rank is not null order by low, list_id, rank) as r
  cross join lateral (
    select id from ${LEADS}
    where campaign_id = ${campaignId} and list_id = r.list_id and rank = r.rank and ${DUE} and not_before <= ${now}
    order by not_before, sort_key, id limit ${count} for update skip locked) as found)`;

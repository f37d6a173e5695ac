import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { History } from '../../engine/ports/history.ts';
import { type AddTerms, PLAIN_TERMS } from '../../engine/ports/leads.ts';
import { LEADS, NUMBERS } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const LISTS = sql.id(SCHEMA, 'lead_lists');

/**
 * Ten ranks of priority, a hundred of attempts within each where the list asks for the fewest first. Lower is dialled first.
 * `l` is the list's row, of an unnamed list all null.
 */
export const rankOf = (priority: RawBuilder<unknown>, attempts: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`((9 - ${priority}) * 100 + case when l.lead_order = 'fewest-attempts' then least(${attempts}, 99) else 0 end)`;

/** Where a lead stands among fresh ones of its rank; the same for a lead of the same id and seed. */
export const sortKeyOf = (id: RawBuilder<unknown>): RawBuilder<unknown> => sql`case l.lead_order
  when 'newest' then -nextval('callwright.lead_order') when 'random' then hashtextextended(${id}, l.seed) else 0 end`;

/**
 * One statement and one parameter for the whole batch. A unique index over campaign, number and `dedupe` keeps two imports
 * from adding one number twice: `dedupe` is empty where a number is there once a campaign, the list where once a list, and
 * the hash of what was said where only the very same is a duplicate. Sorted by number, so that two imports never wait for
 * each other in a ring.
 */
export const addLeads =
  (db: Kysely<Tables>): History['addLeads'] =>
  async (campaignId, leads, terms = PLAIN_TERMS) => {
    if (leads.length === 0) return { added: 0, updated: 0, duplicates: 0 };
    const { rows } = await sql<{ added: number; updated: number }>`
      with given as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(leads)}::jsonb) as g (
          id text, number text, name text, fields jsonb, kind text, numbers jsonb, "externalId" text, priority smallint,
          language text, zones text[], address jsonb, consent text, digest text, hold text)
      ), known as materialized (${known(campaignId, terms)}),
      changed as (${update()}),
      added as (${insert(campaignId, terms)}),
      stored as (
        select g.id as given_id, c.id from given g join changed c on c.given_id = g.id where g.numbers is not null
        union all select g.id, g.id from given g join added a on a.id = g.id where g.numbers is not null
      ), numbered as (${numbered()}),
      trimmed as (
        delete from ${NUMBERS} where ctid = any(array(
          select n.ctid from changed c cross join lateral (
            select ctid from ${NUMBERS} where lead_id = c.id and position >= c.numbers offset 0) as n))
      )
      select (select count(*) from added) as added, (select count(*) from changed) as updated`.execute(db);
    const { added = 0, updated = 0 } = rows[0] ?? {};
    return { added, updated, duplicates: leads.length - added - updated };
  };

/**
 * Leads that rows speak of: by their external id, and under `update` by their number, unless two ids say they are two. Each is
 * looked for by itself (`limit` keeps the planner from a join), since the embedded store keeps no statistics and would read
 * the whole campaign for every batch.
 */
function known(campaignId: string, { duplicates, within, listId }: AddTerms): RawBuilder<unknown> {
  const ofId = sql`(select id, digest from ${LEADS} where campaign_id = ${campaignId} and external_id = g."externalId" limit 1)`;
  const byId = sql`
    select g.id as given_id, l.id, l.digest is distinct from g.digest as differs from given g cross join lateral ${ofId} as l where g."externalId" is not null`;
  if (duplicates !== 'update') return byId;
  const ofNumber = sql`(
    select id, digest from ${LEADS} where campaign_id = ${campaignId} and number = g.number
      and (g."externalId" is null or external_id is null) and ${within === 'list' ? sql`list_id = ${listId}` : sql`true`}
    order by id limit 1)`;
  return sql`${byId} union all
    select g.id as given_id, l.id, l.digest is distinct from g.digest as differs from given g cross join lateral ${ofNumber} as l
    where g."externalId" is null or (select id from ${ofId} as o) is null`;
}

/**
 * A number that changes takes the lead's own id into its key, lest it meet another lead of that number; it is its external id
 * that tells it from others. A filter is asked again; what a person stopped stays stopped.
 */
const update = () => sql`
  update ${LEADS} as t set
    number = g.number, name = g.name, fields = g.fields, kind = coalesce(g.kind, ''),
    external_id = coalesce(g."externalId", t.external_id), priority = coalesce(g.priority, 0), language = g.language,
    zones = g.zones, address = g.address, consent = g.consent, digest = g.digest,
    hold = case when t.hold = 'stopped' then t.hold else g.hold end,
    dedupe = case when t.number = g.number then t.dedupe else t.id end,
    number_index = case when t.number = g.number then least(t.number_index, coalesce(jsonb_array_length(g.numbers), 1) - 1)
      else 0 end,
    rank = t.rank + (t.priority - coalesce(g.priority, 0)) * 100
  from given g join known k on k.given_id = g.id
  where k.differs and t.id = k.id and t.id = any(array(select id from known where differs))
  returning t.id, k.given_id, coalesce(jsonb_array_length(g.numbers), 0) as numbers`;

function insert(campaignId: string, { duplicates, within, listId }: AddTerms): RawBuilder<unknown> {
  const dedupe =
    duplicates === 'allow'
      ? sql`coalesce(g.digest, g.id)`
      : within === 'list'
        ? sql`${`list:${listId}`}::text`
        : sql`''`;
  // Another lead of the number may be there under another key.
  const scope = within === 'list' ? sql`and o.list_id = ${listId}` : sql``;
  const fresh =
    duplicates === 'allow'
      ? sql`true`
      : sql`(
          select o.id from ${LEADS} o where o.campaign_id = ${campaignId} and o.number = g.number ${scope} limit 1) is null`;
  return sql`
    insert into ${LEADS} (id, campaign_id, list_id, number, name, fields, kind, external_id, priority, language, zones,
      address, consent, digest, hold, dedupe, rank, sort_key)
    select g.id, (select id from ${sql.id(SCHEMA, 'campaigns')} where id = ${campaignId}), ${listId}, g.number, g.name, g.fields, coalesce(g.kind, ''), g."externalId",
      coalesce(g.priority, 0), g.language, g.zones, g.address, g.consent, g.digest, g.hold, ${dedupe},
      ${rankOf(sql`coalesce(g.priority, 0)`, sql`0`)}, ${sortKeyOf(sql`g.id`)}
    from given g left join ${LISTS} l on l.campaign_id = ${campaignId} and l.id = ${listId}
    where not exists (select 1 from known k where k.given_id = g.id) and ${fresh}
    order by g.number, g.id
    on conflict do nothing
    returning id`;
}

/** A number that stays where it was keeps what became of it. */
const numbered = () => sql`
  insert into ${NUMBERS} as n (lead_id, position, number, kind)
  select s.id, (e.nth - 1)::smallint, e.one->>'number', coalesce(e.one->>'kind', '')
  from stored s join given g on g.id = s.given_id
  cross join lateral jsonb_array_elements(g.numbers) with ordinality as e (one, nth)
  on conflict (lead_id, position) do update set number = excluded.number, kind = excluded.kind,
    attempts = case when n.number = excluded.number then n.attempts else 0 end,
    status = case when n.number = excluded.number then n.status else 'open' end
  returning n.lead_id`;

import { type Kysely, sql } from 'kysely';
import type { AttemptOutcome, Lead } from '../../engine/ports/history.ts';
import { type LookBook, MOST_AHEAD } from '../../engine/ports/looks.ts';
import { LEADS, type LeadRow, NUMBERS, numbersOf, toLead } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const ATTEMPTS = sql.id(SCHEMA, 'attempts');
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
    waitingLeads: async (id) => {
      const { rows } = await sql<{ last: number | null; least: number | null }>`
        select max(greatest(not_before, coalesce(callback_at, 0)))::bigint as last, min(attempts)::integer as least
        from ${LEADS} where campaign_id = ${id} and status = 'pending' and hold is null`.execute(db);
      const [{ last, least } = { last: null, least: null }] = rows;
      return { lastDueAt: last || null, leastAttempts: least ?? 0 };
    },
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

interface OutcomeRow {
  readonly listId: string;
  readonly outcome: AttemptOutcome;
  readonly dials: number;
  readonly refusals: number;
}

const listCounts =
  (db: Kysely<Tables>): LookBook['listCounts'] =>
  async (id) => {
    // One row a lead first: what is asked of leads is then counted without a second look at their dials.
    const leads = sql<{ listId: string; leads: number; done: number; dialled: number; reached: number }>`
      select l.list_id, count(*)::integer as leads, count(*) filter (where l.status = 'done')::integer as done,
        count(d.lead_id)::integer as dialled, count(*) filter (where d.reached)::integer as reached
      from ${LEADS} l left join (
        select lead_id, bool_or(outcome in ('connected', 'abandoned')) as reached from ${ATTEMPTS}
        where campaign_id = ${id} and ended_at is not null group by lead_id) d on d.lead_id = l.id
      where l.campaign_id = ${id} group by l.list_id order by l.list_id`.execute(db);
    const dials = sql<OutcomeRow>`
      select l.list_id, a.outcome, count(*)::integer as dials,
        count(*) filter (where a.disposed->>'kind' in ('refusal', 'dnc'))::integer as refusals
      from ${ATTEMPTS} a join ${LEADS} l on l.id = a.lead_id
      where a.campaign_id = ${id} and a.ended_at is not null group by l.list_id, a.outcome`.execute(db);
    const [{ rows }, { rows: outcomes }] = await Promise.all([leads, dials]);
    const ofList = Map.groupBy(outcomes, ({ listId }) => listId);
    return rows.map((row) => {
      const own = ofList.get(row.listId) ?? [];
      const refusals = own.reduce((sum, each) => sum + each.refusals, 0);
      return { ...row, outcomes: Object.fromEntries(own.map((each) => [each.outcome, each.dials])), refusals };
    });
  };

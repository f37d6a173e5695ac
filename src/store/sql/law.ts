import { type Kysely, sql } from 'kysely';
import type { AttemptOutcome } from '../../engine/ports/history.ts';
import { type Answered, ASKED_ANEW, type LawBook, type PastDial } from '../../engine/ports/law.ts';
import { erasedName } from './erased-name.ts';
import { LEADS } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

/** What the law asks of the books before each dial, and what it writes when it forbids one. */
export function lawQueries(db: Kysely<Tables>): LawBook {
  return {
    pastDials: pastDials(db),
    refuseLeads: refuseLeads(db),
    askAnew: askAnew(db),
    refusedLeads: async (id) => {
      const rows = await db
        .selectFrom('leadCounts')
        .select(['refused', sql<number>`sum(count)::bigint`.as('count')])
        .where('campaignId', '=', id)
        .where('refused', '<>', '')
        .groupBy('refused')
        .having(sql`sum(count)`, '<>', 0)
        .execute();
      return Object.fromEntries(rows.map(({ refused, count }) => [refused, count]));
    },
    answered: answered(db),
  };
}

/** Each number is looked for by itself, since the embedded store keeps no statistics. Dials of a number that was erased from the books count for it as before. */
const pastDials =
  (db: Kysely<Tables>): LawBook['pastDials'] =>
  async (numbers, since) => {
    if (numbers.length === 0) return [];
    const { rows } = await sql<PastDial>`
      with asked as (
        select n.number, n.number as stored from unnest(${[...numbers]}::text[]) as n (number)
        union all select n.number, ${erasedName(sql`n.number`)} from unnest(${[...numbers]}::text[]) as n (number)
      )
      select asked.number, a.started_at, a.ended_at, a.outcome from asked cross join lateral (
        select * from ${sql.id(SCHEMA, 'attempts')} as t
        where t.number = asked.stored and (t.started_at >= ${since} or t.ended_at is null) offset 0) as a
      order by a.started_at`.execute(db);
    return rows;
  };

const refuseLeads =
  (db: Kysely<Tables>): LawBook['refuseLeads'] =>
  async (refusals, owner) => {
    if (refusals.length === 0) return 0;
    const rows = refusals.map(({ leadId, rule, until, numberIndex, profile }) => ({
      id: leadId,
      rule,
      until,
      nth: numberIndex ?? null,
      by: profile ?? null,
    }));
    const { numAffectedRows = 0n } = await sql`
      update ${LEADS} as t
      set status = case when r.until is null then 'done' else 'pending' end, refused = r.rule, refused_by = r.by,
        not_before = coalesce(r.until, t.not_before), number_index = coalesce(r.nth, t.number_index),
        attempts = greatest(t.attempts - 1, 0), lease_owner = null, lease_until = null
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id text, rule text, until bigint, nth smallint, by text)
      where t.id = r.id collate "C" and t.status = 'leased' and t.lease_owner = ${owner}`.execute(db);
    return Number(numAffectedRows);
  };

/** Found by the index `leads_refused`. Two processes that ask at a time take different leads. */
const askAnew =
  (db: Kysely<Tables>): LawBook['askAnew'] =>
  async ({ campaignId, profile, now, limit }) => {
    const { numAffectedRows = 0n } = await sql`
      update ${LEADS} as t set refused = null, refused_by = null, not_before = ${now}
      from (
        select id from ${LEADS}
        where campaign_id = ${campaignId} and refused in (${sql.join(ASKED_ANEW.map((rule) => sql.lit(rule)))})
          and status = 'pending' and refused_by is distinct from ${profile} and not_before > ${now}
        limit ${limit} for update skip locked) as f
      where t.id = f.id`.execute(db);
    return Number(numAffectedRows);
  };

/** In all of these somebody or something picked up. */
const ANSWERED = ['connected', 'abandoned', 'machine', 'message-left', 'fax', 'silent'] satisfies AttemptOutcome[];

/** The index `attempts_answered` holds these alone. A call whose record is missing counts from when it was dialled. */
const answered =
  (db: Kysely<Tables>): LawBook['answered'] =>
  async ({ campaignIds, since, zone, singleFrom }) => {
    if (campaignIds.length === 0) return { days: [], single: [] };
    const from = sql`
      ${sql.id(SCHEMA, 'attempts')} a left join ${sql.id(SCHEMA, 'calls')} c on c.id = a.call_id
      where a.campaign_id = any(${[...campaignIds]}::text[]) and a.started_at >= ${since}
        and a.outcome in (${sql.join(ANSWERED.map((outcome) => sql.lit(outcome)))})`;
    const at = sql`coalesce(c.answered_at, a.started_at)`;
    const [days, single] = await Promise.all([
      sql<Answered['days'][number]>`
        select a.campaign_id, a.outcome, count(*)::bigint as count,
          to_char(to_timestamp(${at} / 1000.0) at time zone ${zone}, 'YYYY-MM-DD') as day
        from ${from} and a.ended_at < ${singleFrom}
        group by 1, 2, 4`.execute(db),
      sql<Answered['single'][number]>`
        select a.id as attempt_id, a.campaign_id, a.outcome, ${at} as at
        from ${from} and a.ended_at >= ${singleFrom}`.execute(db),
    ]);
    return { days: days.rows, single: single.rows };
  };

import { type Kysely, sql } from 'kysely';
import type { Attempt, AttemptOutcome, History } from '../../engine/ports/history.ts';
import { LEADS, NUMBERS } from './lead-row.ts';
import { rankOf } from './leads-add.ts';
import { pageSize } from './page.ts';
import { SCHEMA, type Tables } from './tables.ts';

type AttemptQueries = Pick<History, 'startAttempt' | 'endAttempt' | 'attempts' | 'openAttempts' | 'attemptCounts'>;

export function attemptQueries(db: Kysely<Tables>): AttemptQueries {
  return {
    startAttempt: startAttempt(db),
    endAttempt: endAttempt(db),
    attempts: (id, page) =>
      db
        .selectFrom('attempts')
        .selectAll()
        .where('campaignId', '=', id)
        .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
        .orderBy('id', 'desc')
        .limit(pageSize(page))
        .execute(),
    openAttempts: () => db.selectFrom('attempts').selectAll().where('endedAt', 'is', null).orderBy('id').execute(),
    attemptCounts: async (id) => {
      const rows = await db
        .selectFrom('attempts')
        .select(['outcome', (count) => count.fn.countAll<number>().as('count')])
        .where('campaignId', '=', id)
        .groupBy('outcome')
        .execute();
      const counts: Partial<Record<AttemptOutcome | 'open', number>> = {};
      for (const { outcome, count } of rows) counts[outcome ?? 'open'] = count;
      return counts;
    },
  };
}

/** The campaign is read in the statement that writes, so that no dial slips through between a look and a write. */
const startAttempt =
  (db: Kysely<Tables>): History['startAttempt'] =>
  async (attempt) => {
    const { numAffectedRows = 0n } = await sql`
      insert into ${sql.id(SCHEMA, 'attempts')}
        (id, campaign_id, lead_id, call_id, number, started_at, ended_at, outcome, q850, sip, agent_id)
      select id, campaign_id, lead_id, call_id, number, started_at, ended_at, outcome, q850, sip, agent_id
      from jsonb_populate_record(null::${sql.id(SCHEMA, 'attempts')}, ${JSON.stringify(rowOf(attempt))}::jsonb)
      where exists (
        select 1 from ${sql.id(SCHEMA, 'campaigns')} as c where c.id = campaign_id and c.status = 'running'
      )`.execute(db);
    return numAffectedRows > 0n;
  };

const rowOf = ({ campaignId, leadId, callId, startedAt, endedAt, agentId, ...plain }: Attempt) => ({
  ...plain,
  campaign_id: campaignId,
  lead_id: leadId,
  call_id: callId,
  started_at: startedAt,
  ended_at: endedAt,
  agent_id: agentId,
});

/**
 * One statement: the attempt is closed, its number's tries are counted and its lead is moved on, or nothing of it. A callback
 * that was promised while the attempt lasted stands, whatever the attempt came to; the one that it was dialled for is kept.
 */
const endAttempt =
  (db: Kysely<Tables>): History['endAttempt'] =>
  async ({ attemptId, endedAt, outcome, q850, sip, agentId, lead, numberDead = false }) => {
    const next = { notBefore: 0, numberIndex: null, callback: null, ...lead };
    const { at = null, agentId: by = null } = next.callback ?? {};
    const promised = sql`(${at}::bigint is null and t.callback_at > c.started_at)`;
    const { numAffectedRows = 0n } = await sql`
      with closed as (
        update ${sql.id(SCHEMA, 'attempts')}
        set ended_at = ${endedAt}, outcome = ${outcome}, q850 = ${q850}, sip = ${sip}, agent_id = ${agentId}
        where id = ${attemptId} and ended_at is null
        returning lead_id, number, started_at
      ), tried as (
        update ${NUMBERS} n set attempts = n.attempts + 1,
          status = case when ${numberDead} then 'dead' else n.status end
        from closed c where n.lead_id = c.lead_id and n.number = c.number returning n.lead_id
      )
      update ${LEADS} as t set
        status = case when ${promised} then 'pending' else ${next.status} end,
        not_before = case when ${promised} or ${next.status} = 'done' then t.not_before else ${next.notBefore} end,
        outcome = ${outcome}, lease_owner = null, lease_until = null,
        number_index = coalesce(${next.numberIndex}::integer, t.number_index),
        callback_at = case when ${promised} then t.callback_at else ${at}::bigint end,
        callback_agent = case when ${promised} then t.callback_agent else ${by}::text end,
        rank = ${rankOf(sql`t.priority`, sql`t.attempts`)}
      from closed c join ${LEADS} k on k.id = c.lead_id
      left join ${sql.id(SCHEMA, 'lead_lists')} l on l.campaign_id = k.campaign_id and l.id = k.list_id
      where t.id = c.lead_id`.execute(db);
    return numAffectedRows > 0n;
  };

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Attempt, AttemptOutcome, History } from '../../engine/ports/history.ts';
import { withChain } from './chains.ts';
import { startAttempt } from './attempt-start.ts';
import { LEADS, NUMBERS } from './lead-row.ts';
import { rankOf } from './leads-add.ts';
import { pageSize } from './page.ts';
import { SCHEMA, type Tables } from './tables.ts';

/** Without what was said of it. */
export const ATTEMPT = [
  'id',
  'campaignId',
  'leadId',
  'callId',
  'number',
  'startedAt',
  'endedAt',
  'outcome',
  'q850',
  'sip',
  'agentId',
  'trunk',
  'callerId',
] as const satisfies readonly (keyof Attempt)[];

type AttemptQueries = Pick<History, 'startAttempt' | 'endAttempt' | 'attempts' | 'openAttempts' | 'attemptCounts'>;

export function attemptQueries(db: Kysely<Tables>): AttemptQueries {
  return {
    startAttempt: startAttempt(db),
    endAttempt: (end) => withChain(db, end.attemptId, end.chain, (tx) => endAttempt(tx)(end)),
    attempts: (id, page) =>
      db
        .selectFrom('attempts')
        .select(ATTEMPT)
        .where('campaignId', '=', id)
        .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
        .orderBy('id', 'desc')
        .limit(pageSize(page))
        .execute(),
    openAttempts: () => db.selectFrom('attempts').select(ATTEMPT).where('endedAt', 'is', null).orderBy('id').execute(),
    attemptCounts: async (id) => {
      const rows = await db
        .selectFrom('attemptCounts')
        .select(['outcome', sql<number>`sum(count)::bigint`.as('count')])
        .where('campaignId', '=', id)
        .groupBy('outcome')
        .having(sql`sum(count)`, '<>', 0)
        .execute();
      const counts: Partial<Record<AttemptOutcome | 'open', number>> = {};
      for (const { outcome, count } of rows) counts[outcome === '' ? 'open' : outcome] = count;
      return counts;
    },
  };
}

/**
 * One statement: the attempt is closed, its number's tries are counted and its lead is moved on, or nothing of it. A callback
 * that was promised while the attempt lasted stands, whatever the attempt came to. What the agent said meanwhile decides over
 * both; it is read from the row that is locked, so that a word at this very moment is either here or moves the lead itself.
 */
const endAttempt =
  (db: Kysely<Tables>): History['endAttempt'] =>
  async ({ attemptId, endedAt, outcome, q850, sip, agentId, lead, ...more }) => {
    const { numberDead = false, screened = null, trunk = null } = more;
    const next = { notBefore: 0, numberIndex: null, callback: null, ...lead };
    const { at = null, agentId: by = null, waitMs = null } = next.callback ?? {};
    const promised = sql`(${at}::bigint is null and t.callback_at > c.started_at)`;
    const { numAffectedRows = 0n } = await sql`
      with closed as (
        update ${sql.id(SCHEMA, 'attempts')}
        set ended_at = ${endedAt}, outcome = ${outcome}, q850 = ${q850}, sip = ${sip}, agent_id = ${agentId},
          screened = ${screened}, trunk = coalesce(${trunk}, trunk)
        where id = ${attemptId} and ended_at is null
        returning lead_id, number, started_at, disposition, disposed
      ), tried as (
        update ${NUMBERS} n set attempts = n.attempts + 1,
          status = case when ${numberDead} then 'dead' else n.status end
        from closed c where n.lead_id = c.lead_id and n.number = c.number returning n.lead_id
      )
      update ${LEADS} as t set
        status = case when c.disposition is not null then c.disposed->'lead'->>'status'
          when ${promised} then 'pending' else ${next.status} end,
        not_before = case when ${stands(promised)} then t.not_before
          when c.disposition is not null then coalesce((c.disposed->'lead'->>'notBefore')::bigint, t.not_before)
          when ${next.status} = 'done' then t.not_before else ${next.notBefore} end,
        outcome = ${outcome}, lease_owner = null, lease_until = null,
        number_index = coalesce((c.disposed->'lead'->>'numberIndex')::integer, ${next.numberIndex}::integer, t.number_index),
        ${callbackOf(promised, { at, by, waitMs })}, counted = ${countedBy},
        rank = ${rankOf(sql`t.priority`, sql`t.attempts`)}
      from closed c join ${LEADS} k on k.id = c.lead_id
      left join ${sql.id(SCHEMA, 'lead_lists')} l on l.campaign_id = k.campaign_id and l.id = k.list_id
      where t.id = c.lead_id`.execute(db);
    return numAffectedRows > 0n;
  };

interface Owed {
  readonly at: number | null;
  readonly by: string | null;
  readonly waitMs: number | null;
}

const NOTHING_OWED: Owed = { at: null, by: null, waitMs: null };

const PROMISE = sql`c.disposed->'lead'->'callback'`;
/** The word says what becomes of a callback: there is another, or none since the lead is done. */
const IS_SAID = sql`(c.disposition is not null and (${PROMISE} is not null or c.disposed->'lead'->>'status' = 'done'))`;

/** A callback that was promised since the attempt `c` began is left as it is, and its time too. */
export const stands = (promised = sql`false`): RawBuilder<unknown> =>
  sql`(not ${IS_SAID} and (${promised} or (c.disposition is not null and t.callback_at > c.started_at)))`;

/** The callback of a lead whose attempt `c` ends, or of which something is said after that. */
export function callbackOf(promised = sql`false`, { at, by, waitMs } = NOTHING_OWED): RawBuilder<unknown> {
  const kept = stands(promised);
  return sql`
    callback_at = case when ${IS_SAID} then (${PROMISE}->>'at')::bigint
      when ${kept} then t.callback_at when c.disposition is null then ${at}::bigint end,
    callback_agent = case when ${IS_SAID} then ${PROMISE}->>'agentId'
      when ${kept} then t.callback_agent when c.disposition is null then ${by}::text end,
    callback_wait_ms = case when ${IS_SAID} then (${PROMISE}->>'waitMs')::bigint
      when ${kept} then t.callback_wait_ms when c.disposition is null then ${waitMs}::bigint end`;
}

/** A lead is counted once under each name, however often it is talked with. */
export const countedBy = sql`case when c.disposition is null then t.counted else array(
  select distinct unnest(coalesce(t.counted, '{}') || c.disposition
    || array(select jsonb_array_elements_text(c.disposed->'counts'))) order by 1) end`;

import { type Kysely, sql } from 'kysely';
import type { Attempt, AttemptOutcome, History } from '../../engine/ports/history.ts';
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

/** One statement: the attempt is closed and its lead moved on, or neither. */
const endAttempt =
  (db: Kysely<Tables>): History['endAttempt'] =>
  async ({ attemptId, endedAt, outcome, q850, sip, agentId, lead }) => {
    const { numUpdatedRows } = await db
      .with('closed', (with_) =>
        with_
          .updateTable('attempts')
          .set({ endedAt, outcome, q850, sip, agentId })
          .where('id', '=', attemptId)
          .where('endedAt', 'is', null)
          .returning('leadId'),
      )
      .updateTable('leads')
      .from('closed')
      .set({ ...lead, outcome, leaseOwner: null, leaseUntil: null })
      .whereRef('leads.id', '=', 'closed.leadId')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };

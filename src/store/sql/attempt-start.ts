import { type Kysely, sql } from 'kysely';
import type { Attempt, History } from '../../engine/ports/history.ts';
import { erasedName } from './erased-name.ts';
import { LEADS } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const ATTEMPTS = sql.id(SCHEMA, 'attempts');

/**
 * The campaign, the lead and the number's other dials are read in the statement that writes. Two of them at once read the same, and so
 * give their dials the same place in the number's row (`nth`), of which the index takes one: the other waits for it and writes
 * nothing. Thus no dial slips through between a look and a write, however many processes there are.
 */
export const startAttempt =
  (db: Kysely<Tables>): History['startAttempt'] =>
  async (attempt, { since, dials }) => {
    const row = JSON.stringify(rowOf(attempt));
    const { numAffectedRows = 0n } = await sql`
      with past as (
        select coalesce(max(nth), 0) as nth, count(*) filter (where ended_at is null) as open,
          count(*) filter (where started_at >= ${since}) as dials
        from ${ATTEMPTS} where number = any(array[${attempt.number}::text, ${erasedName(sql`${attempt.number}::text`)}])
      )
      insert into ${ATTEMPTS} (id, campaign_id, lead_id, call_id, number, started_at, ended_at, outcome, q850, sip, agent_id,
        trunk, caller_id, nth)
      select a.id, a.campaign_id, a.lead_id, a.call_id, a.number, a.started_at, a.ended_at, a.outcome, a.q850, a.sip,
        a.agent_id, a.trunk, a.caller_id, past.nth + 1
      from jsonb_populate_record(null::${ATTEMPTS}, ${row}::jsonb) as a cross join past
      where past.open = 0 and past.dials = ${dials} and exists (
        select 1 from ${sql.id(SCHEMA, 'campaigns')} as c where c.id = a.campaign_id and c.status = 'running'
      ) and not exists (select 1 from ${LEADS} as l where l.id = a.lead_id and l.hold = 'stopped')
      on conflict (number, nth) do nothing`.execute(db);
    return numAffectedRows > 0n;
  };

const rowOf = ({ campaignId, leadId, callId, startedAt, endedAt, agentId, callerId, ...plain }: Attempt) => ({
  ...plain,
  campaign_id: campaignId,
  lead_id: leadId,
  call_id: callId,
  started_at: startedAt,
  ended_at: endedAt,
  agent_id: agentId,
  caller_id: callerId,
});

import { type Kysely, sql } from 'kysely';
import type { History, LeadStatus } from '../../engine/ports/history.ts';
import { LEADS, type LeadRow, NOT_DIALLED, numbersOf, toLead } from './lead-row.ts';
import { addLeads } from './leads-add.ts';
import { claimLeads } from './leads-claim.ts';
import { pageSize } from './page.ts';
import type { Tables } from './tables.ts';

type LeadQueries = Pick<
  History,
  'addLeads' | 'lead' | 'leadByExternalId' | 'leads' | 'openLeads' | 'claimLeads' | 'leadCounts' | 'expireLeases'
>;

const MOST_OPEN = 5_000;
/** All that `toLead` wants but what a list says for people. */
const OPEN_COLUMNS = sql.raw(`t.id, t.campaign_id, t.number, null as name, '{}'::jsonb as fields, t.status, t.attempts,
  t.not_before, t.outcome, t.kind, t.list_id, t.number_index, t.priority, t.address, t.zones, t.consent, t.hold,
  t.callback_at, t.callback_agent, t.refused`);

export function leadQueries(db: Kysely<Tables>): LeadQueries {
  const one = async (where: ReturnType<typeof sql>) => {
    const { rows } = await sql<LeadRow>`
      select t.*, ${numbersOf(sql`t.id`)} as numbers from ${LEADS} t where ${where} limit 1`.execute(db);
    return rows[0] ? toLead(rows[0]) : null;
  };
  return {
    addLeads: addLeads(db),
    claimLeads: claimLeads(db),
    lead: (id) => one(sql`id = ${id}`),
    leadByExternalId: (id, externalId) => one(sql`campaign_id = ${id} and external_id = ${externalId}`),
    leads: async (id, page) => {
      const { rows } = await sql<LeadRow>`
        select t.*, ${numbersOf(sql`t.id`)} as numbers from ${LEADS} t
        where campaign_id = ${id} and ${page.before === null ? sql`true` : sql`id < ${page.before}`}
        order by id desc limit ${pageSize(page)}`.execute(db);
      return rows.map(toLead);
    },
    openLeads: async (id, after, limit) => {
      const { rows } = await sql<LeadRow>`
        select ${OPEN_COLUMNS}, ${numbersOf(sql`t.id`)} as numbers from ${LEADS} t
        where campaign_id = ${id} and ${after === null ? sql`true` : sql`id > ${after}`} and status <> 'done'
        order by id limit ${Math.max(1, Math.min(MOST_OPEN, limit))}`.execute(db);
      return rows.map(toLead);
    },
    leadCounts: async (id) => {
      const rows = await db
        .selectFrom('leadCounts')
        .select(['status', sql<number>`sum(count)::bigint`.as('count')])
        .where('campaignId', '=', id)
        .where((is) =>
          is.or([
            is('hold', '=', ''),
            is('status', '<>', 'pending'),
            is.and([is('called', '=', true), is('hold', '<>', 'stopped')]),
          ]),
        )
        .groupBy('status')
        .execute();
      const counts: Record<LeadStatus, number> = { pending: 0, leased: 0, done: 0 };
      for (const { status, count } of rows) counts[status] = count;
      return counts;
    },
    // A lead whose attempt is open may be talking at this moment: it is for reconciliation to close, not for another dial.
    expireLeases: async (now) => {
      const { numUpdatedRows } = await db
        .updateTable('leads')
        .set({ status: 'pending', attempts: sql`greatest(attempts - 1, 0)`, leaseOwner: null, leaseUntil: null })
        .where('status', '=', 'leased')
        .where('leaseUntil', '<=', now)
        .where(NOT_DIALLED)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
  };
}

import { type Kysely, type Selectable, sql } from 'kysely';
import type { History, Lead, LeadStatus } from '../../engine/ports/history.ts';
import { leadFields } from './documents.ts';
import { pageSize } from './page.ts';
import { SCHEMA, type Tables } from './tables.ts';

type LeadQueries = Pick<History, 'addLeads' | 'lead' | 'leads' | 'claimLeads' | 'leadCounts' | 'expireLeases'>;

const LEADS = sql.id(SCHEMA, 'leads');

export function leadQueries(db: Kysely<Tables>): LeadQueries {
  return {
    addLeads: addLeads(db),
    claimLeads: claimLeads(db),
    lead: async (id) => {
      const row = await db.selectFrom('leads').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toLead(row) : null;
    },
    leads: async (id, page) => {
      const rows = await db
        .selectFrom('leads')
        .selectAll()
        .where('campaignId', '=', id)
        .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
        .orderBy('id', 'desc')
        .limit(pageSize(page))
        .execute();
      return rows.map(toLead);
    },
    leadCounts: async (id) => {
      const rows = await db
        .selectFrom('leads')
        .select(['status', (count) => count.fn.countAll<number>().as('count')])
        .where('campaignId', '=', id)
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
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom('attempts')
                .select('attempts.id')
                .whereRef('attempts.leadId', '=', 'leads.id')
                .where('attempts.endedAt', 'is', null),
            ),
          ),
        )
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
  };
}

/** One statement and one parameter for the whole batch. Sorted by number, so that two imports never wait for each other in a ring. */
const addLeads =
  (db: Kysely<Tables>): History['addLeads'] =>
  async (campaignId, leads) => {
    const { numAffectedRows = 0n } = await sql`
      insert into ${LEADS} (id, campaign_id, number, name, fields)
      select id, ${campaignId}, number, name, fields
      from jsonb_to_recordset(${JSON.stringify(leads)}::jsonb) as given (id text, number text, name text, fields jsonb)
      order by number, id
      on conflict (campaign_id, number) do nothing`.execute(db);
    const added = Number(numAffectedRows);
    return { added, duplicates: leads.length - added };
  };

/** Fresh leads first, in the order in which they were added; then those to be dialled again, by when that is due. */
const claimLeads =
  (db: Kysely<Tables>): History['claimLeads'] =>
  async ({ campaignId, count, owner, now, leaseUntil }) => {
    const rows = await db
      // Materialised: inlined, the planner may run it again for each row and claim more than was asked.
      .with(
        (name) => name('due').materialized(),
        (with_) =>
          with_
            .selectFrom('leads')
            .select('leads.id')
            .where('leads.campaignId', '=', campaignId)
            .where('leads.status', '=', 'pending')
            .where('leads.notBefore', '<=', now)
            .orderBy('leads.notBefore')
            .orderBy('leads.id')
            .limit(count)
            .forUpdate()
            .skipLocked(),
      )
      .updateTable('leads')
      .from('due')
      .set({ status: 'leased', attempts: sql`leads.attempts + 1`, leaseOwner: owner, leaseUntil })
      .whereRef('leads.id', '=', 'due.id')
      .returningAll('leads')
      .execute();
    return rows.map(toLead).sort(byDialOrder);
  };

const byDialOrder = (a: Lead, b: Lead) => a.notBefore - b.notBefore || (a.id < b.id ? -1 : 1);

const toLead = ({ leaseOwner: _owner, leaseUntil: _until, fields, ...lead }: Selectable<Tables['leads']>): Lead => ({
  ...lead,
  fields: leadFields.parse(fields),
});

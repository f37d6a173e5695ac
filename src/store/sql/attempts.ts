import type { Kysely } from 'kysely';
import type { AttemptOutcome, History } from '../../engine/ports/history.ts';
import { pageSize } from './page.ts';
import type { Tables } from './tables.ts';

type AttemptQueries = Pick<History, 'startAttempt' | 'endAttempt' | 'attempts' | 'openAttempts' | 'attemptCounts'>;

export function attemptQueries(db: Kysely<Tables>): AttemptQueries {
  return {
    startAttempt: async (attempt) => {
      await db.insertInto('attempts').values(attempt).execute();
    },
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

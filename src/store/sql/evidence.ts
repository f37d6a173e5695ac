import { type Kysely, sql } from 'kysely';
import type { JournalEvent } from '../../call/journal.ts';
import type { EvidenceBook } from '../../engine/ports/evidence.ts';
import type { AttemptOutcome } from '../../engine/ports/history.ts';
import { answeredQueries } from './answered.ts';
import { storable } from './flow-text.ts';
import { SCHEMA, type Tables } from './tables.ts';

/** A statement holds so many rows: seven values each, and the protocol allows 65,535. */
const ROWS = 5_000;

/** Facts about campaigns, kept for good. */
export function evidenceQueries(db: Kysely<Tables>): EvidenceBook {
  return {
    ...answeredQueries(db),
    keepEvidence: async (facts) => {
      const rows = facts.map(({ campaignId, startedAt, event: { subject, seq, at, type, data } }) =>
        storable({ campaignId, startedAt, subject, seq, at, type, data: JSON.stringify(data) }),
      );
      for (let from = 0; from < rows.length; from += ROWS) {
        await db
          .insertInto('evidence')
          .values(rows.slice(from, from + ROWS))
          .onConflict((conflict) => conflict.columns(['subject', 'seq']).doNothing())
          .execute();
      }
    },
    evidence: async ({ campaignId, of, from, until, after, limit }) => {
      const rows = await db
        .selectFrom('evidence')
        .selectAll()
        .where('campaignId', '=', campaignId)
        .where('startedAt', '>=', from)
        .where('startedAt', '<', until)
        .$if(of === 'calls', (query) => query.where('subject', '>=', 'call/').where('subject', '<', 'call0'))
        .$if(of === 'campaign', (query) =>
          query.where((where) => where.or([where('subject', '<', 'call/'), where('subject', '>=', 'call0')])),
        )
        .$if(after !== null, (query) =>
          query.where(sql<boolean>`(subject, seq) > (${after?.subject}, ${after?.seq}::bigint)`),
        )
        .orderBy('subject')
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ campaignId: id, startedAt, data, ...event }) => ({
        campaignId: id,
        startedAt,
        // As the journal's schema had it when it was written down.
        event: { ...event, data: JSON.parse(data) } as JournalEvent,
      }));
    },
    lastEvidenceAt: async () => {
      const row = await db.selectFrom('evidence').select('at').orderBy('at', 'desc').limit(1).executeTakeFirst();
      return row?.at ?? null;
    },
    firstDials: async (ids) => {
      // Ids of attempts rise with time: one step into the index `attempts_page` for each campaign.
      const { rows } = await sql<{ id: string; at: number }>`
        select asked.id, first.started_at as at from unnest(${[...ids]}::text[]) as asked (id) cross join lateral (
          select started_at from ${sql.id(SCHEMA, 'attempts')} where campaign_id = asked.id order by id limit 1) as first`.execute(
        db,
      );
      return new Map(rows.map(({ id, at }) => [id, at]));
    },
    attemptTotals: async (id, from, until) => {
      const rows = await db
        .selectFrom('attempts')
        .select(['outcome', (count) => count.fn.countAll<number>().as('count')])
        .where('campaignId', '=', id)
        .where('startedAt', '>=', from)
        .where('startedAt', '<', until)
        .groupBy('outcome')
        .execute();
      const totals: Partial<Record<AttemptOutcome | 'open', number>> = {};
      for (const { outcome, count } of rows) totals[outcome ?? 'open'] = count;
      return totals;
    },
  };
}

import { type Kysely, type Selectable, sql } from 'kysely';
import type { Campaign, History } from '../../engine/ports/history.ts';
import { campaignSettings } from './documents.ts';
import { NOT_DIALLED } from './lead-row.ts';
import type { Tables } from './tables.ts';

type CampaignQueries = Pick<
  History,
  'createCampaign' | 'updateCampaign' | 'campaign' | 'campaigns' | 'giveBackLeads' | 'renewLeases' | 'attemptStory'
>;

export function campaignQueries(db: Kysely<Tables>): CampaignQueries {
  return {
    createCampaign: async ({ id, status, createdAt, ...settings }) => {
      const row = { id, status, createdAt, settings: JSON.stringify(settings) };
      await db.insertInto('campaigns').values(row).execute();
    },
    updateCampaign: async (id, { status, ...settings }) => {
      const row = await db
        .updateTable('campaigns')
        .set({ settings: sql`settings || ${JSON.stringify(settings)}::jsonb`, ...(status ? { status } : {}) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row ? toCampaign(row) : null;
    },
    campaign: async (id) => {
      const row = await db.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toCampaign(row) : null;
    },
    campaigns: async () => {
      const rows = await db.selectFrom('campaigns').selectAll().orderBy('createdAt').orderBy('id').execute();
      return rows.map(toCampaign);
    },
    giveBackLeads: async (ids, owner) => {
      if (ids.length === 0) return 0;
      const { numUpdatedRows } = await db
        .updateTable('leads')
        .set({ status: 'pending', attempts: sql`greatest(attempts - 1, 0)`, leaseOwner: null, leaseUntil: null })
        .where('id', 'in', [...ids])
        .where('status', '=', 'leased')
        .where('leaseOwner', '=', owner)
        .where(NOT_DIALLED)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    renewLeases: async (ids, owner, until) => {
      if (ids.length === 0) return [];
      const rows = await db
        .updateTable('leads')
        .set({ leaseUntil: until })
        .where('id', 'in', [...ids])
        .where('status', '=', 'leased')
        .where('leaseOwner', '=', owner)
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
    attemptStory: attemptStory(db),
  };
}

/** By `started_at` and not by the end: an index has it, and what began before the time is too old to learn from. */
const attemptStory =
  (db: Kysely<Tables>): History['attemptStory'] =>
  async (id, since, limit) => {
    const rows = await db
      .selectFrom('attempts')
      .leftJoin('calls', 'calls.id', 'attempts.callId')
      .select(['attempts.id', 'attempts.startedAt', 'attempts.endedAt', 'attempts.outcome', 'attempts.agentId'])
      .select(['calls.answeredAt', 'calls.waitedMs', 'calls.talkedMs'])
      .where('attempts.campaignId', '=', id)
      .where('attempts.startedAt', '>=', since)
      .where('attempts.endedAt', 'is not', null)
      .orderBy('attempts.id', 'desc')
      .limit(limit)
      .execute();
    return rows.toReversed().flatMap(({ endedAt, outcome, waitedMs, talkedMs, ...row }) => {
      if (endedAt === null || outcome === null) return [];
      return [{ ...row, endedAt, outcome, waitedMs: waitedMs ?? 0, talkedMs: talkedMs ?? 0 }];
    });
  };

const toCampaign = ({ id, status, createdAt, settings }: Selectable<Tables['campaigns']>): Campaign => ({
  ...campaignSettings.parse(settings),
  id,
  status,
  createdAt,
});

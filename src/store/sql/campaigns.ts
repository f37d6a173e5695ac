import { type Kysely, type Selectable, sql } from 'kysely';
import type { Campaign, History } from '../../engine/ports/history.ts';
import { campaignSettings } from './documents.ts';
import type { Tables } from './tables.ts';

type CampaignQueries = Pick<History, 'createCampaign' | 'updateCampaign' | 'campaign' | 'campaigns'>;

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
      const rows = await db.selectFrom('campaigns').selectAll().orderBy('id').execute();
      return rows.map(toCampaign);
    },
  };
}

const toCampaign = ({ id, status, createdAt, settings }: Selectable<Tables['campaigns']>): Campaign => ({
  ...campaignSettings.parse(settings),
  id,
  status,
  createdAt,
});

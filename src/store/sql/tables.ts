import type { ColumnType } from 'kysely';
import type { ApiToken, Attempt, CallRecord, CampaignStatus, Lead } from '../../engine/ports/history.ts';

/** Name of the schema that holds everything of ours, so that Callwright can share a database with others. */
export const SCHEMA = 'callwright';

/** The tables as they stand after the last migration. Columns are snake_case in the database; times are bigint ms since 1970. */
export interface Tables {
  calls: CallRecord;
  agents: { id: string; profile: Json };
  campaigns: { id: string; status: CampaignStatus; settings: Json; createdAt: number };
  leads: Omit<Lead, 'fields'> & { fields: Json; leaseOwner: string | null; leaseUntil: number | null };
  attempts: Attempt;
  tokens: ApiToken;
}

/** Written as JSON text, since the driver takes an array for one of Postgres; read parsed, through the schemas of documents.ts. */
type Json = ColumnType<unknown, string, string>;

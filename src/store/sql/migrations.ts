import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { SCHEMA } from './tables.ts';

/**
 * Every change of the tables, by name, in order. A step that was released is never edited: another one is added.
 * Ids collate "C", so that the database orders them as Callwright does, by time, whatever its locale.
 */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  '0001-history': [
    `create table callwright.calls (
      id text collate "C" primary key,
      direction text not null, ani text, dnis text not null, source text not null, language text not null,
      flow text, queue text, agent_id text, campaign_id text,
      started_at bigint not null, answered_at bigint, ended_at bigint not null,
      waited_ms bigint not null, talked_ms bigint not null,
      outcome text not null, verdict text not null, q850 integer not null, detected text not null
    )`,
    `create table callwright.agents (id text collate "C" primary key, profile jsonb not null)`,
    `create table callwright.campaigns (
      id text collate "C" primary key, status text not null, settings jsonb not null, created_at bigint not null
    )`,
    `create table callwright.leads (
      id text collate "C" primary key,
      campaign_id text collate "C" not null references callwright.campaigns (id),
      number text not null, name text, fields jsonb not null,
      status text not null default 'pending', attempts integer not null default 0,
      not_before bigint not null default 0, outcome text,
      lease_owner text, lease_until bigint,
      unique (campaign_id, number)
    )`,
    `create index leads_page on callwright.leads (campaign_id, id)`,
    `create index leads_due on callwright.leads (campaign_id, not_before, id) where status = 'pending'`,
    `create index leads_leased on callwright.leads (lease_until) where status = 'leased'`,
    `create table callwright.attempts (
      id text collate "C" primary key,
      campaign_id text collate "C" not null references callwright.campaigns (id),
      lead_id text collate "C" not null references callwright.leads (id),
      call_id text not null, number text not null,
      started_at bigint not null, ended_at bigint,
      outcome text, q850 integer, sip integer, agent_id text
    )`,
    `create index attempts_page on callwright.attempts (campaign_id, id)`,
    // Nobody is dialled twice at once, whatever happens to the processes that dial.
    `create unique index attempts_one_open on callwright.attempts (lead_id) where ended_at is null`,
    `create table callwright.tokens (
      id text collate "C" primary key,
      name text not null, role text not null, agent_id text, hash text not null, created_at bigint not null
    )`,
  ],
};

/**
 * Brings the tables up to date, one process at a time (an advisory lock), each step wholly or not at all.
 * @throws what the failing step threw; also when the database knows a step that this Callwright does not.
 */
export async function migrate(db: Kysely<unknown>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(Object.entries(STEPS).map(toMigration)) },
    migrationTableSchema: SCHEMA,
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

function toMigration([name, statements]: [string, readonly string[]]): [string, Migration] {
  const up = async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  };
  return [name, { up }];
}

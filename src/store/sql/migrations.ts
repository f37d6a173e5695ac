import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { COUNTS_STEP } from './counts-step.ts';
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
  '0002-flows': [
    `create table callwright.releases (
      id text collate "C" primary key,
      files text not null, flows text not null, made_by text not null, made_at bigint not null, note text not null
    )`,
    `create index releases_page on callwright.releases (made_at, id)`,
    `create table callwright.activations (
      seq bigint generated always as identity primary key,
      at bigint not null, by text not null, action text not null,
      release text collate "C" not null references callwright.releases (id),
      canary_release text collate "C" references callwright.releases (id), canary_percent double precision
    )`,
    `create table callwright.caller_memory (
      caller text collate "C", what text collate "C", value text not null, until bigint not null,
      primary key (caller, what)
    )`,
    `create index caller_memory_until on callwright.caller_memory (until)`,
    `create table callwright.pins (
      account text collate "C" primary key, hash text,
      tries jsonb not null, locks integer not null, locked_until bigint not null, forget_at bigint not null
    )`,
    `create index pins_forget on callwright.pins (forget_at) where hash is null`,
    `create table callwright.voicemails (
      id text collate "C" primary key, box text collate "C" not null,
      call_id text not null, ani text, language text not null,
      recorded_at bigint not null, duration_ms bigint not null, file text not null, reply_by bigint,
      state text not null default 'new', by text, moved_at bigint, alerted boolean not null default false
    )`,
    `create index voicemails_page on callwright.voicemails (recorded_at, id)`,
    `create index voicemails_box on callwright.voicemails (box, recorded_at, id)`,
    `create index voicemails_open on callwright.voicemails (box) where state <> 'done'`,
    `create index voicemails_overdue on callwright.voicemails (reply_by) where state <> 'done' and not alerted`,
    `create index voicemails_moved on callwright.voicemails (state, moved_at)`,
    `create table callwright.callbacks (
      id text collate "C" primary key, queue text collate "C" not null,
      call_id text not null, number text not null, language text not null,
      requested_at bigint not null, due_by bigint not null, keep_place_from bigint,
      state text not null default 'waiting', closed_at bigint
    )`,
    `create index callbacks_due on callwright.callbacks (state, due_by, id)`,
    `create index callbacks_queue on callwright.callbacks (queue, due_by, id)`,
    `create index callbacks_old on callwright.callbacks ((coalesce(closed_at, due_by)))`,
  ],
  '0003-recordings': [
    `create table callwright.recordings (
      id text collate "C" primary key, call_id text not null, recorded_at bigint not null, file text not null
    )`,
    `create index recordings_call on callwright.recordings (call_id)`,
  ],
  '0004-outside-legs': [
    `create table callwright.outside_legs (
      id text collate "C" primary key, begun_at bigint not null, talked_ms bigint not null
    )`,
    `create index outside_legs_begun on callwright.outside_legs (begun_at)`,
  ],
  '0005-errands': [
    `alter table callwright.callbacks
      add column terms text not null default '{}', add column closed_by text,
      add column tries integer not null default 0, add column not_before bigint not null default 0,
      add column held_by text, add column held_until bigint not null default 0`,
    `alter table callwright.voicemails
      add column tries integer not null default 0, add column not_before bigint not null default 0,
      add column held_by text, add column held_until bigint not null default 0`,
    `create index callbacks_number on callwright.callbacks (queue, number) where state = 'waiting'`,
    `create index callbacks_withdrawn on callwright.callbacks (closed_by) where state = 'withdrawn'`,
    `create index voicemails_promised on callwright.voicemails (box, reply_by)
      where state <> 'done' and reply_by is not null`,
    // Who talked with this caller last. What a caller sends as a number may be longer than an index holds.
    `create index calls_caller on callwright.calls (left(ani, 32), ended_at)
      where agent_id is not null and direction = 'inbound'`,
    `create index calls_called on callwright.calls (left(dnis, 32), ended_at)
      where agent_id is not null and direction = 'outbound'`,
  ],
  '0006-decisions': [
    `create table callwright.decisions (
      call_id text collate "C" not null, agent_id text collate "C" not null, at bigint not null,
      queue text not null, why text not null,
      primary key (call_id, at, agent_id)
    )`,
    `create index decisions_agent on callwright.decisions (agent_id, at)`,
    `create index decisions_at on callwright.decisions (at)`,
  ],
  '0007-talk-recordings': [
    `alter table callwright.recordings
      add column kind text not null default 'flow', add column queue text, add column agent_id text,
      add column making_on text, add column duration_ms bigint, add column keep_until bigint`,
    // What flows recorded before was to stay until somebody erased it: it has 90 days from now.
    `update callwright.recordings set keep_until = (extract(epoch from now()) * 1000)::bigint + 90 * 86400000::bigint`,
    `alter table callwright.recordings alter column keep_until set not null`,
    `create index recordings_due on callwright.recordings (keep_until, id)`,
    `create index recordings_making on callwright.recordings (making_on, recorded_at) where making_on is not null`,
  ],
  '0010-talks': [
    `alter table callwright.outside_legs add column asked_by text not null default ''`,
    `alter table callwright.calls add column held_ms bigint not null default 0`,
  ],
  '0011-leads': [
    // Without the foreign key, which is a good part of what a row costs: who adds leads reads the campaign in the same statement.
    `alter table callwright.leads
      add column kind text not null default '', add column list_id text collate "C" not null default '',
      add column external_id text collate "C", add column priority smallint not null default 0,
      add column language text, add column zones text[], add column address jsonb, add column consent text,
      add column digest text, add column hold text, add column number_index smallint not null default 0,
      add column callback_at bigint, add column callback_agent text,
      add column dedupe text collate "C" not null default '',
      add column rank smallint not null default 900, add column sort_key bigint not null default 0,
      drop constraint leads_campaign_id_number_key,
      drop constraint leads_campaign_id_fkey`,
    `create unique index leads_number on callwright.leads (campaign_id, number, dedupe)`,
    `create unique index leads_external on callwright.leads (campaign_id, external_id) where external_id is not null`,
    `drop index callwright.leads_due`,
    // In the order in which they are claimed, so that claiming reads as many rows as it takes.
    `create index leads_due on callwright.leads (campaign_id, list_id, rank, not_before, sort_key, id)
      where status = 'pending' and hold is null and callback_at is null`,
    `create index leads_callbacks on callwright.leads (campaign_id, callback_at, id)
      where status = 'pending' and callback_at is not null`,
    `create index leads_held on callwright.leads (campaign_id, list_id, hold, id) where hold is not null`,
    `create index leads_outcomes on callwright.leads (campaign_id, list_id, outcome) where outcome is not null`,
    `create sequence callwright.lead_order`,
    `create table callwright.lead_numbers (
      lead_id text collate "C" not null references callwright.leads (id) on delete cascade,
      position smallint not null, number text not null, kind text not null,
      attempts integer not null default 0, status text not null default 'open',
      primary key (lead_id, position)
    )`,
    `create index lead_numbers_number on callwright.lead_numbers (number)`,
    `create table callwright.lead_lists (
      campaign_id text collate "C" not null references callwright.campaigns (id),
      id text collate "C" not null, name text not null,
      priority smallint not null, share smallint not null, active boolean not null,
      filter text, quotas jsonb not null, lead_order text not null, seed integer not null,
      primary key (campaign_id, id)
    )`,
  ],
  '0012-dnc': [
    `create table callwright.dnc_entries (
      id text collate "C" primary key,
      kind text not null, key text collate "C" not null, list_id text collate "C", campaign_id text collate "C",
      reason text not null, source text not null, by text not null, added_at bigint not null,
      removed_at bigint, removed_by text, removed_reason text
    )`,
    // Of entries in force that say the same there is one.
    `create unique index dnc_entries_one
      on callwright.dnc_entries (kind, key, (coalesce(list_id, '')), (coalesce(campaign_id, ''))) where removed_at is null`,
    `create index dnc_entries_key on callwright.dnc_entries (key, id)`,
    `create index dnc_entries_in_force on callwright.dnc_entries (id) where removed_at is null`,
    `create index dnc_entries_added on callwright.dnc_entries (added_at)`,
    `create index dnc_entries_removed on callwright.dnc_entries (removed_at) where removed_at is not null`,
    `create table callwright.dnc_lists (
      id text collate "C" primary key, name text not null unique, campaign_id text collate "C",
      created_at bigint not null, created_by text not null, version_id text collate "C"
    )`,
    `create table callwright.dnc_versions (
      id text collate "C" primary key, list_id text collate "C" not null references callwright.dnc_lists (id),
      mode text not null, file_name text not null, file_hash text not null, imported_at bigint not null, by text not null,
      rows bigint not null, rejected bigint not null, numbers bigint not null, bytes bigint not null, hash text not null
    )`,
    `create index dnc_versions_list on callwright.dnc_versions (list_id, id)`,
    `create table callwright.dnc_parts (
      version_id text collate "C" not null, part integer not null, bytes bytea not null, at bigint not null,
      primary key (version_id, part)
    )`,
    // It is packed already.
    `alter table callwright.dnc_parts alter column bytes set storage external`,
    `create table callwright.dnc_salt (one boolean primary key default true check (one), salt text not null)`,
  ],
  '0013-law': [
    // Every dial of a number by whatever campaign is asked for before the next.
    `create index attempts_number on callwright.attempts (number, started_at)`,
    `create index attempts_answered on callwright.attempts (campaign_id, started_at)
      where outcome in ('connected', 'abandoned', 'machine', 'message-left', 'fax', 'silent')`,
    `alter table callwright.leads add column refused text`,
    `create index leads_refused on callwright.leads (campaign_id, refused) where refused is not null`,
  ],
  '0014-dispositions': [
    `alter table callwright.attempts add column disposition text, add column disposed jsonb`,
    // How earlier dials of a lead ended is asked after each; what was said of a call is found by the call.
    `create index attempts_lead on callwright.attempts (lead_id, started_at)`,
    `create index attempts_call on callwright.attempts (call_id)`,
    `alter table callwright.leads add column callback_wait_ms bigint, add column counted text[]`,
    `create index leads_counted on callwright.leads (campaign_id, list_id) where counted is not null`,
  ],
  '0014-evidence': [
    // What happened to a campaign's calls, for good: the journal forgets. `data` is JSON in text, as elsewhere.
    `create table callwright.evidence (
      campaign_id text collate "C" not null, started_at bigint not null,
      subject text collate "C" not null, seq bigint not null, at bigint not null, type text not null, data text not null,
      primary key (subject, seq)
    )`,
    `create index evidence_page on callwright.evidence (campaign_id, subject, seq)`,
    `create index evidence_at on callwright.evidence (at)`,
  ],
  '0016-screened': [
    `alter table callwright.attempts add column screened text`,
    // How often the detection was wrong is asked again and again, and most campaigns have none.
    `create index attempts_screened on callwright.attempts (campaign_id, screened) where screened is not null`,
  ],
  '0016-answered': [
    // What the rate of abandonment is counted from, however long ago: one row a dial that was picked up.
    `create table callwright.answered (
      campaign_id text collate "C" not null, call_id text collate "C" primary key, seq bigint not null,
      picked_at bigint not null, greeted_at bigint, connected_at bigint, gave_up_at bigint, left_at bigint,
      screened boolean not null, kept_out boolean not null, by_flow boolean not null,
      met_machine boolean not null default false, met_at bigint
    )`,
    `create index answered_campaign on callwright.answered (campaign_id, picked_at)`,
  ],
  '0017-dials': [
    `alter table callwright.attempts add column trunk text, add column caller_id text, add column nth integer`,
    // Of two processes that dial a number at once one writes its dial down, and the other finds the place taken.
    `create unique index attempts_nth on callwright.attempts (number, nth)`,
  ],
  '0018-chains': [
    `alter table callwright.leads add column trail text[], add column chained_to text, add column chained_by text`,
    `alter table callwright.attempts add column word_missing_at bigint`,
    `create index attempts_unsaid on callwright.attempts (campaign_id, ended_at)
      where agent_id is not null and disposition is null and word_missing_at is null`,
    `create index attempts_word_missing on callwright.attempts (campaign_id)
      where word_missing_at is not null and disposition is null`,
  ],
  '0019-journal': [
    // Made of text and compared as such, so in plain byte order.
    `create table callwright.journal_blocks (
      follows text collate "C" not null unique, last text collate "C" primary key,
      events integer not null, body bytea not null
    )`,
  ],
  '0020-webhooks': [
    `create table callwright.webhooks (id text collate "C" primary key, cursor text collate "C", settings text not null)`,
    `create table callwright.webhook_parked (
      webhook_id text collate "C" not null, cursor text collate "C" not null, subject text collate "C" not null,
      text text not null, tries integer not null, first_at bigint not null, next_at bigint, why text not null,
      primary key (webhook_id, cursor)
    )`,
    `create index webhook_parked_subject on callwright.webhook_parked (webhook_id, subject, cursor)`,
  ],
  '0021-idempotency': [
    `create table callwright.idempotency (
      id text collate "C" primary key, token_id text collate "C" not null, print text not null, holder text not null,
      at bigint not null, until bigint not null, status integer, type text, body text not null
    )`,
    `create index idempotency_until on callwright.idempotency (until)`,
    `create index idempotency_token on callwright.idempotency (token_id, at)`,
  ],
  '0022-follow-ups': [
    `create table callwright.follow_ups (
      id text collate "C" primary key, owner_kind text not null, owner_id text collate "C" not null,
      state text not null, kind text not null, due_at bigint not null, created_at bigint not null, closed_at bigint,
      call_id text collate "C", ani text collate "C", customer_id text collate "C",
      seq integer not null, wake_at bigint, rules text not null, document text not null
    )`,
    `create index follow_ups_owner on callwright.follow_ups (owner_kind, owner_id, due_at, id) where state = 'open'`,
    `create index follow_ups_wake on callwright.follow_ups (wake_at, id) where state = 'open'`,
    `create index follow_ups_closed on callwright.follow_ups (closed_at) where state = 'closed'`,
    `create index follow_ups_call on callwright.follow_ups (call_id)`,
    `create table callwright.follow_up_facts (
      follow_up_id text collate "C" not null, seq integer not null, at bigint not null, type text not null, data text not null,
      told boolean not null, primary key (follow_up_id, seq)
    )`,
    `create index follow_up_facts_untold on callwright.follow_up_facts (at) where not told`,
  ],
  '0023-webhook-failing': [`alter table callwright.webhooks add column failing_since bigint`],
  '0024-erasures': [
    // A row is written anew when a person is erased from it; readers who hold it in memory see by this that it was.
    `alter table callwright.journal_blocks add column written integer not null default 0`,
    `create table callwright.erasures (
      id text collate "C" primary key, state text not null, dry_run boolean not null, compact boolean not null,
      person text not null, found text not null, by text not null, asked_at bigint not null, done_at bigint, problem text
    )`,
    `create index erasures_running on callwright.erasures (id) where state = 'running'`,
  ],
  '0025-imported-figures': [
    `create table callwright.imported_figures (
      figure text collate "C" not null, from_at bigint not null, to_at bigint not null, dimension text collate "C" not null,
      key text collate "C" not null, value double precision not null, source text not null, at bigint not null,
      imported_by text not null, primary key (figure, from_at, to_at, dimension, key)
    )`,
    `create index imported_figures_span on callwright.imported_figures (to_at, from_at)`,
  ],
  '0026-attempts-by-trunk': [
    // What the latest calls of a trunk came to is read at each start.
    `create index attempts_trunk on callwright.attempts (trunk, id) where trunk is not null and ended_at is not null`,
  ],
  '0027-counts': COUNTS_STEP,
  // How a trunk fares is kept with the live state, whatever calls told it.
  '0028-attempts-by-trunk-no-more': [`drop index callwright.attempts_trunk`],
  '0029-refused-by': [`alter table callwright.leads add column refused_by text`],
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

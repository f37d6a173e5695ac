/**
 * Where tables may hold something of a person:
 *
 * - `house`: nowhere; ids that Callwright makes, words of the site, names of those who work there, hashes.
 * - `swept`: a number or an id in text; replaced wherever it stands. `swept-json`: the same inside JSON.
 * - `cleared`: of a row that is the person's, emptied or made anew; see `erase.ts`.
 * - `row`: the row goes.
 * - `event`: an event, which is edited as those in the journal are.
 * - `files`: releases, which only people who change the site's files can change.
 *
 * A test compares this with the database and fails when a column is not here; docs/erase.md names each that is not the house's.
 */
export type ColumnRule = 'house' | 'swept' | 'swept-json' | 'cleared' | 'row' | 'event' | 'files';

const house = (...names: readonly string[]): Record<string, ColumnRule> =>
  Object.fromEntries(names.map((name) => [name, 'house']));

export const COLUMNS: Readonly<Record<string, Readonly<Record<string, ColumnRule>>>> = {
  activations: house('by', 'action', 'release', 'canary_release'),
  agents: house('id', 'profile'),
  answered: house('campaign_id', 'call_id'),
  attempt_counts: house('campaign_id', 'outcome'),
  attempts: {
    ...house('id', 'campaign_id', 'lead_id', 'call_id', 'outcome', 'agent_id', 'disposition', 'screened', 'trunk'),
    ...house('caller_id'),
    number: 'swept',
    disposed: 'cleared',
  },
  callbacks: {
    ...house('id', 'queue', 'call_id', 'language', 'state', 'closed_by', 'held_by'),
    number: 'swept',
    terms: 'swept-json',
  },
  caller_memory: { caller: 'row', what: 'row', value: 'row' },
  calls: {
    ...house(
      'id',
      'direction',
      'language',
      'flow',
      'queue',
      'agent_id',
      'campaign_id',
      'outcome',
      'verdict',
      'detected',
    ),
    ani: 'swept',
    dnis: 'swept',
    source: 'swept',
  },
  campaigns: house('id', 'status', 'settings'),
  decisions: { ...house('call_id', 'agent_id', 'queue'), why: 'swept-json' },
  dnc_entries: {
    ...house('id', 'kind', 'list_id', 'campaign_id', 'source', 'by', 'removed_by'),
    key: 'row',
    reason: 'row',
    removed_reason: 'row',
  },
  dnc_lists: house('id', 'name', 'campaign_id', 'created_by', 'version_id'),
  dnc_parts: house('version_id', 'bytes'),
  dnc_salt: house('salt'),
  dnc_versions: house('id', 'list_id', 'mode', 'file_name', 'file_hash', 'by', 'hash'),
  erasures: { ...house('id', 'state', 'found', 'by', 'problem'), person: 'cleared' },
  evidence: { ...house('campaign_id', 'subject', 'type'), data: 'event' },
  follow_up_facts: { ...house('follow_up_id', 'type'), data: 'row' },
  follow_ups: {
    ...house('id', 'owner_kind', 'owner_id', 'state', 'kind', 'call_id', 'rules'),
    ani: 'row',
    customer_id: 'row',
    document: 'row',
  },
  idempotency: { ...house('id', 'token_id', 'print', 'holder', 'type'), body: 'row' },
  imported_figures: house('figure', 'dimension', 'key', 'source', 'imported_by'),
  journal_blocks: { ...house('follows', 'last'), body: 'event' },
  lead_counts: house('campaign_id', 'status', 'hold', 'refused'),
  lead_lists: house('campaign_id', 'id', 'name', 'filter', 'quotas', 'lead_order'),
  lead_numbers: { ...house('lead_id', 'kind', 'status'), number: 'swept' },
  leads: {
    ...house(
      'id',
      'campaign_id',
      'status',
      'outcome',
      'lease_owner',
      'kind',
      'list_id',
      'language',
      'zones',
      'consent',
    ),
    ...house('hold', 'callback_agent', 'refused', 'refused_by', 'trail', 'chained_to', 'chained_by', 'counted'),
    number: 'swept',
    name: 'cleared',
    fields: 'cleared',
    external_id: 'cleared',
    address: 'cleared',
    digest: 'cleared',
    dedupe: 'cleared',
  },
  outside_legs: house('id', 'asked_by'),
  pins: { account: 'row', hash: 'row', tries: 'row' },
  recordings: { ...house('id', 'call_id', 'kind', 'queue', 'agent_id', 'making_on'), file: 'row' },
  releases: { ...house('id', 'flows', 'made_by', 'note'), files: 'files' },
  tokens: house('id', 'name', 'role', 'agent_id', 'hash'),
  voicemails: { ...house('id', 'box', 'call_id', 'language', 'state', 'by', 'held_by'), ani: 'row', file: 'row' },
  webhook_parked: { ...house('webhook_id', 'cursor', 'subject', 'why'), text: 'event' },
  webhooks: house('id', 'cursor', 'settings'),
};

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Belongings, PersonBook, Spelling } from '../../engine/ports/erasures.ts';
import { COLUMNS } from './erase-columns.ts';
import { editRows } from './erase-events.ts';
import { clearedTables, mentioned, sweep } from './erase-sweep.ts';
import { SCHEMA, type Tables } from './tables.ts';

type Db = Kysely<Tables>;
type EraseOrder = Parameters<PersonBook['erase']>[0];

const table = (name: string) => sql.id(SCHEMA, name);
const any = (values: readonly string[]) => sql`any(${[...values]}::text[])`;
/** As they were written, and as they are called since an earlier erasure. */
const bothOf = (spellings: readonly Spelling[]) => spellings.flatMap(({ text, alias }) => [text, alias]);

/** A person in the tables, found and forgotten. */
export const sqlPersonBook = (db: Db): PersonBook => ({
  numbersOf: async (customerIds) => {
    const rows = await sql<{ number: string }>`
      select l.number from ${table('leads')} l where l.external_id = ${any(customerIds)}
      union select n.number from ${table('lead_numbers')} n join ${table('leads')} l on l.id = n.lead_id
      where l.external_id = ${any(customerIds)}`.execute(db);
    return rows.rows.map(({ number }) => number);
  },
  belongings: (spellings, customerIds, calls) => belongings(db, bothOf(spellings), customerIds, calls),
  underWay: (spellings, now) => underWay(db, bothOf(spellings), now),
  mentions: (spellings) => mentioned(db, spellings),
  erase: (order) => erase(db, order),
  compact: async () => {
    for (const name of [...clearedTables(), 'erasures']) await sql`vacuum (full) ${table(name)}`.execute(db);
    await sql`checkpoint`.execute(db);
  },
});

async function idsOf(db: Db, query: RawBuilder<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`${query}`.execute(db);
  return rows.map(({ id }) => id);
}

async function belongings(
  db: Db,
  words: readonly string[],
  customerIds: readonly string[],
  known: readonly string[],
): Promise<Belongings> {
  const [numbers, customers] = [any(words), any(customerIds)];
  const leads = await idsOf(
    db,
    sql`select id from ${table('leads')} where number = ${numbers} or external_id = ${customers}
      or id in (select lead_id from ${table('lead_numbers')} where number = ${numbers})`,
  );
  const attempts = await idsOf(
    db,
    sql`select id from ${table('attempts')} where number = ${numbers} or lead_id = ${any(leads)}`,
  );
  const dialled = sql`select call_id as id from ${table('attempts')} where id = ${any(attempts)}`;
  const called = await idsOf(
    db,
    sql`select id from ${table('calls')} where (direction = 'inbound' and ani = ${numbers})
      or (direction = 'outbound' and dnis = ${numbers}) union ${dialled}`,
  );
  const calls = [...new Set([...called, ...known])];
  const own = sql`call_id = ${any(calls)}`;
  const callbacks = await idsOf(db, sql`select id from ${table('callbacks')} where number = ${numbers} or ${own}`);
  const voicemails = await idsOf(db, sql`select id from ${table('voicemails')} where ani = ${numbers} or ${own}`);
  const recordings = await idsOf(db, sql`select id from ${table('recordings')} where ${own}`);
  const followUps = await idsOf(
    db,
    sql`select id from ${table('follow_ups')} where ani = ${numbers} or customer_id = ${customers} or ${own}`,
  );
  return { calls, leads, attempts, callbacks, voicemails, recordings, followUps };
}

async function underWay(db: Db, words: readonly string[], now: number): Promise<readonly string[]> {
  const numbers = any(words);
  const held = sql`held_until > ${now}`;
  const { rows } = await sql<{ what: string }>`
    select 'a campaign dials the number' as what from ${table('attempts')} where number = ${numbers} and ended_at is null
    union select 'a campaign is about to dial the number' from ${table('leads')} as l
      where status = 'leased' and lease_until > ${now} and (number = ${numbers}
        or exists (select 1 from ${table('lead_numbers')} as n where n.lead_id = l.id and n.number = ${numbers}))
    union select 'the number is being rung back' from ${table('callbacks')} where number = ${numbers} and ${held}
    union select 'a message of the person is being answered' from ${table('voicemails')} where ani = ${numbers} and ${held}
  `.execute(db);
  return rows.map(({ what }) => what);
}

/** What is the person's is emptied or goes, then the number goes out of whatever is left. */
async function erase(db: Db, order: EraseOrder): Promise<number> {
  let changed = 0;
  for (const statement of statements(order)) {
    const { numAffectedRows = 0n } = await statement.execute(db);
    changed += Number(numAffectedRows);
  }
  changed += await editRows(db, order);
  for (const [name, columns] of Object.entries(COLUMNS)) changed += await sweep(db, name, columns, order.spellings);
  return changed;
}

function statements({ spellings, customerIds, own, now }: EraseOrder): readonly RawBuilder<unknown>[] {
  const words = any(bothOf(spellings));
  const pattern = spellings.map((each) => each.pattern).join('|') || '(?!)';
  return [
    // Its key is its own id: the name that stands for the number may be there already. What is known of it for its law stays.
    sql`update ${table('leads')} set status = 'done', name = null, fields = '{}', external_id = null, address = null,
        digest = null, dedupe = id, callback_at = null, callback_agent = null, lease_owner = null, lease_until = null
      where id = ${any(own.leads)} and (status <> 'done' or name is not null or fields <> '{}' or external_id is not null
        or address is not null or digest is not null or dedupe <> id or callback_at is not null)`,
    // A place in the number's row of dials is free again: another person may be erased who had the same one.
    sql`update ${table('attempts')} set nth = null, disposed = case when disposed is null then null else
        jsonb_set(disposed, '{values}', (select coalesce(jsonb_object_agg(key,
          case when jsonb_typeof(value) = 'string' then to_jsonb('(erased)'::text) else value end), '{}')
          from jsonb_each(disposed->'values'))) end
      where id = ${any(own.attempts)} and ended_at is not null and nth is not null`,
    sql`update ${table('callbacks')} set state = 'cancelled', closed_at = ${now}, closed_by = 'erasure'
      where id = ${any(own.callbacks)} and state = 'waiting'`,
    sql`delete from ${table('follow_up_facts')} where follow_up_id = ${any(own.followUps)}`,
    sql`delete from ${table('follow_ups')} where id = ${any(own.followUps)}`,
    sql`delete from ${table('caller_memory')} where caller = ${words} or value ~ ${pattern}`,
    sql`delete from ${table('pins')} where account = ${any(customerIds)} or account = ${words}`,
    // Whoever asks again by the same key after this is answered anew, about nobody.
    sql`delete from ${table('idempotency')} where body ~ ${pattern}`,
  ];
}

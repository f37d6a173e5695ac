/** How a table is counted: by what, in columns of `<table>_counts`, and what its kept counts are called there. */
interface Counted {
  readonly table: 'leads' | 'attempts';
  readonly counts: 'lead_counts' | 'attempt_counts';
  readonly columns: readonly string[];
  /** The same of a row of the table. */
  readonly of: readonly string[];
}

const LEADS: Counted = {
  table: 'leads',
  counts: 'lead_counts',
  columns: ['campaign_id', 'status', 'hold', 'refused', 'called'],
  of: ['campaign_id', 'status', `coalesce(hold, '')`, `coalesce(refused, '')`, 'callback_at is not null'],
};

const ATTEMPTS: Counted = {
  table: 'attempts',
  counts: 'attempt_counts',
  columns: ['campaign_id', 'outcome'],
  of: ['campaign_id', `coalesce(outcome, '')`],
};

/** A number of ours, so that nobody else's locks are met. */
const LOCKS = 1_668_247_156;

/**
 * Counts that are kept as rows change, in the transaction that changes them, whatever the statement: a look at a million rows
 * takes a second of the embedded store, in which no call is served. Each is the sum over `slot`. A transaction has a slot to
 * itself, the first that is free, so that none waits for another because of a count, and two can never wait for each other. Rows
 * are changed in place, without an index being touched: so they need no vacuum, which the embedded store never does.
 */
export const COUNTS_STEP: readonly string[] = [
  `create table callwright.lead_counts (
    campaign_id text collate "C" not null, slot integer not null, status text not null, hold text not null,
    refused text not null, called boolean not null, count bigint not null,
    primary key (campaign_id, slot, status, hold, refused, called)
  ) with (fillfactor = 50)`,
  `create table callwright.attempt_counts (
    campaign_id text collate "C" not null, slot integer not null, outcome text not null, count bigint not null,
    primary key (campaign_id, slot, outcome)
  ) with (fillfactor = 50)`,
  `create function callwright.count_slot() returns integer language plpgsql as $$
    declare slot integer := 0;
    begin
      while not pg_try_advisory_xact_lock(${LOCKS}, slot) loop slot := slot + 1; end loop;
      return slot;
    end $$`,
  ...keptOf(LEADS),
  ...keptOf(ATTEMPTS),
];

/** Nobody writes from when the triggers are made until the rows that are there have been counted. */
function keptOf({ table, counts, columns, of }: Counted): readonly string[] {
  const rows = (from: string, by: 1 | -1) => `select ${of.join(', ')}, ${by} from ${from}`;
  const keep = (from: string) => `insert into callwright.${counts} as t (${columns.join(', ')}, slot, count)
    select ${columns.join(', ')}, mine, sum(each) from (${from}) as r (${columns.join(', ')}, each)
    group by ${columns.join(', ')} having sum(each) <> 0
    on conflict (${['campaign_id', 'slot', ...columns.slice(1)].join(', ')}) do update set count = t.count + excluded.count`;
  const on = (event: string, seen: string) => `create trigger count_${event} after ${event} on callwright.${table}
    ${seen} for each statement execute function callwright.count_${table}()`;
  return [
    `create function callwright.count_${table}() returns trigger language plpgsql as $$
      declare mine integer := callwright.count_slot();
      begin
        if tg_op = 'INSERT' then ${keep(rows('come', 1))};
        elsif tg_op = 'UPDATE' then ${keep(`${rows('gone', -1)} union all ${rows('come', 1)}`)};
        elsif tg_op = 'DELETE' then ${keep(rows('gone', -1))};
        else delete from callwright.${counts};
        end if;
        return null;
      end $$`,
    on('insert', 'referencing new table as come'),
    on('update', 'referencing old table as gone new table as come'),
    on('delete', 'referencing old table as gone'),
    on('truncate', ''),
    `insert into callwright.${counts} (${columns.join(', ')}, slot, count)
      select ${of.join(', ')}, 0, count(*) from callwright.${table} group by ${columns.map((_, n) => n + 1).join(', ')}`,
  ];
}

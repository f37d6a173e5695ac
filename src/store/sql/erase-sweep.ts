import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Spelling } from '../../engine/ports/erasures.ts';
import { COLUMNS, type ColumnRule } from './erase-columns.ts';
import { SCHEMA, type Tables } from './tables.ts';

type Columns = Readonly<Record<string, ColumnRule>>;

/** A statement goes through so many pages of 8 KiB, so that it ends long before statements are given up, and others get between. */
const PAGES = 2_000;

const isSwept = (rule: ColumnRule) => rule === 'swept' || rule === 'swept-json';

/** Tables in which something is erased. */
export const clearedTables = (): readonly string[] =>
  Object.entries(COLUMNS)
    .filter(([, columns]) => Object.values(columns).some((rule) => rule !== 'house' && rule !== 'files'))
    .map(([name]) => name);

/** Puts their names in the place of all spellings, in a table's columns that are swept; says how many rows are others now. */
export async function sweep(db: Kysely<Tables>, name: string, columns: Columns, spellings: readonly Spelling[]) {
  const swept = Object.entries(columns).filter(([, rule]) => isSwept(rule));
  if (swept.length === 0 || spellings.length === 0) return 0;
  const [target, pattern] = [sql.id(SCHEMA, name), spellings.map((each) => each.pattern).join('|')];
  const sets = swept.map(([column, rule]) => sql`${sql.id(column)} = ${replaced(column, rule, spellings)}`);
  const found = swept.map(([column]) => sql`${sql.id(column)}::text ~ ${pattern}`);
  const { rows } = await sql<{ pages: number }>`
    select (pg_relation_size(${`${SCHEMA}.${name}`}::regclass) / 8192)::integer as pages`.execute(db);
  let changed = 0;
  for (let page = 0; page <= (rows[0]?.pages ?? 0); page += PAGES) {
    const { numAffectedRows = 0n } = await sql`
      update ${target} set ${sql.join(sets)} where ctid >= ${`(${page},0)`}::tid and ctid < ${`(${page + PAGES},0)`}::tid
        and (${sql.join(found, sql` or `)})`.execute(db);
    changed += Number(numAffectedRows);
  }
  return changed;
}

function replaced(column: string, rule: ColumnRule, spellings: readonly Spelling[]): RawBuilder<unknown> {
  const isJson = rule === 'swept-json';
  let value = sql`${sql.id(column)}`;
  for (const { text, pattern, alias } of spellings) {
    // In JSON a number may stand without quotation marks, and a name may not.
    if (isJson && /^\d+$/u.test(text))
      value = sql`regexp_replace(${value}, ${`([:,\\[]\\s*)${text}(?=\\s*[,\\}\\]])`}, ${String.raw`\10`}, 'g')`;
    value = sql`regexp_replace(${value}, ${pattern}, ${alias}, 'g')`;
  }
  return value;
}

/** Rows that mention the person, by table, but for the jobs that look for the person; nothing is changed. */
export async function mentioned(db: Kysely<Tables>, spellings: readonly Spelling[]) {
  const pattern = spellings.map((each) => each.pattern).join('|') || '(?!)';
  const counts: Record<string, number> = {};
  for (const [name, columns] of Object.entries(COLUMNS)) {
    if (name === 'erasures') continue;
    const looked = Object.entries(columns).filter(([, rule]) => rule !== 'house');
    const texts = looked.filter(([column]) => `${name}.${column}` !== 'journal_blocks.body');
    if (texts.length === 0) continue;
    const found = texts.map(([column]) => sql`${sql.id(column)}::text ~ ${pattern}`);
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.id(SCHEMA, name)} where ${sql.join(found, sql` or `)}`.execute(db);
    if (rows[0] && rows[0].count > 0) counts[name] = rows[0].count;
  }
  return counts;
}

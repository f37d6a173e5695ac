import { type Kysely, sql } from 'kysely';
import type { ImportedBook, ImportedPlace, ImportedValue } from '../../engine/ports/imported.ts';
import { storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

/** A statement holds so many rows. */
const ROWS = 2_000;

/** Key figures from elsewhere. An empty `dimension` is the house. */
export function importedQueries(db: Kysely<Tables>): ImportedBook {
  return {
    keepImported: (values, gone) =>
      db.transaction().execute(async (within) => {
        for (let from = 0; from < values.length; from += ROWS) await keep(within, values.slice(from, from + ROWS));
        let count = 0;
        for (const place of gone) count += await forget(within, place);
        return count;
      }),
    imported: async ({ from, to, by, limit }) => {
      const rows = await db
        .selectFrom('importedFigures')
        .selectAll()
        .where('toAt', '>', from)
        .$if(to !== null, (query) => query.where('fromAt', '<', to ?? 0))
        .where('dimension', 'in', ['', ...by])
        .orderBy('fromAt', 'desc')
        .orderBy('figure')
        .orderBy('dimension')
        .orderBy('key')
        .orderBy('toAt')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(({ fromAt, toAt, dimension, key, ...row }) => ({
        ...row,
        from: fromAt,
        to: toAt,
        by: dimension === '' ? null : dimension,
        key: dimension === '' ? null : key,
      }));
    },
  };
}

const placeOf = ({ figure, from, to, by, key }: ImportedPlace) => ({
  figure,
  fromAt: from,
  toAt: to,
  dimension: by ?? ('' as const),
  key: key ?? '',
});

async function keep(db: Kysely<Tables>, values: readonly ImportedValue[]): Promise<void> {
  const rows = values.map((each) => {
    const { value, source, at, importedBy } = each;
    return storable({ ...placeOf(each), value, source, at, importedBy });
  });
  await db
    .insertInto('importedFigures')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['figure', 'fromAt', 'toAt', 'dimension', 'key']).doUpdateSet({
        value: sql`excluded.value`,
        source: sql`excluded.source`,
        at: sql`excluded.at`,
        importedBy: sql`excluded.imported_by`,
      }),
    )
    .execute();
}

async function forget(db: Kysely<Tables>, place: ImportedPlace): Promise<number> {
  const { figure, fromAt, toAt, dimension, key } = storable(placeOf(place));
  const { numDeletedRows } = await db
    .deleteFrom('importedFigures')
    .where('figure', '=', figure)
    .where('fromAt', '=', fromAt)
    .where('toAt', '=', toAt)
    .where('dimension', '=', dimension)
    .where('key', '=', key)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

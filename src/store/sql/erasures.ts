import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import type { ErasureBook, StoredErasure } from '../../engine/ports/erasures.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

const keys = z.object({ numbers: z.array(z.string()), customerIds: z.array(z.string()) });
const counts = z.record(z.string(), z.number());

/** Erasures, those that run and what became of the others. */
export function sqlErasures(db: Kysely<Tables>): ErasureBook {
  const all = () => db.selectFrom('erasures').selectAll();
  return {
    save: async ({ person, found, ...rest }) => {
      const row = { ...rest, person: person === null ? '' : JSON.stringify(person), found: JSON.stringify(found) };
      const { id: _id, ...changes } = row;
      await db
        .insertInto('erasures')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
        .execute();
    },
    one: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row ? erasureOf(row) : null;
    },
    list: async (limit) => (await all().orderBy('id', 'desc').limit(rowsOf(limit)).execute()).map(erasureOf),
    running: async () => (await all().where('state', '=', 'running').orderBy('id').execute()).map(erasureOf),
  };
}

const erasureOf = ({ person, found, ...row }: Selectable<Tables['erasures']>): StoredErasure => ({
  ...row,
  person: person === '' ? null : keys.parse(JSON.parse(person)),
  found: counts.parse(JSON.parse(found)),
});

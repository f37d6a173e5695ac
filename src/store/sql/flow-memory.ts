import type { Kysely } from 'kysely';
import type { EpochMs } from '../../call/ids.ts';
import type { FlowStore } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import type { Tables } from './tables.ts';

/** What is remembered of callers. */
export function memoryQueries(db: Kysely<Tables>): Pick<FlowStore, 'recall' | 'remember' | 'forget'> {
  return {
    recall: async (caller, what, now) => {
      const row = await db
        .selectFrom('callerMemory')
        .select('value')
        .where('caller', '=', keyOf(caller))
        .where('what', '=', keyOf(what))
        .where('until', '>', now)
        .executeTakeFirst();
      return row?.value ?? null;
    },
    remember: async (caller, what, value, until) => {
      const kept = storable({ value, until });
      await db
        .insertInto('callerMemory')
        .values({ caller: keyOf(caller), what: keyOf(what), ...kept })
        .onConflict((conflict) => conflict.columns(['caller', 'what']).doUpdateSet(kept))
        .execute();
    },
    forget: async (caller, what) => {
      const { numDeletedRows } = await db
        .deleteFrom('callerMemory')
        .where('caller', '=', keyOf(caller))
        .$if(what !== null, (query) => query.where('what', '=', keyOf(what ?? '')))
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

export async function trimMemory(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db.deleteFrom('callerMemory').where('until', '<=', now).execute();
}

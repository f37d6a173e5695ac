import type { Kysely } from 'kysely';
import type { EpochMs } from '../../call/ids.ts';
import { type FlowStore, KEPT } from '../../engine/ports/flow-store.ts';
import { keyOf } from './flow-text.ts';
import type { Tables } from './tables.ts';

/** What flows have dialled outside, for its caps. */
export function outsideQueries(db: Kysely<Tables>): Pick<FlowStore, 'saveOutsideLeg' | 'outsideLegs'> {
  return {
    saveOutsideLeg: async ({ id, begunAt, talkedMs, askedBy }) => {
      await db
        .insertInto('outsideLegs')
        .values({ id: keyOf(id), begunAt, talkedMs, askedBy: keyOf(askedBy) })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ begunAt, talkedMs }))
        .execute();
    },
    outsideLegs: (after) => db.selectFrom('outsideLegs').selectAll().where('begunAt', '>', after).execute(),
  };
}

export async function trimOutside(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db
    .deleteFrom('outsideLegs')
    .where('begunAt', '<=', now - KEPT.outsideLegMs)
    .execute();
}

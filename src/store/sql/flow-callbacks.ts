import { type Kysely, type Selectable, sql } from 'kysely';
import type { EpochMs } from '../../call/ids.ts';
import { type CallbackRequest, type FlowStore, KEPT } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

/** Calls that were promised back. */
export function callbackQueries(
  db: Kysely<Tables>,
): Pick<FlowStore, 'requestCallback' | 'callbacks' | 'closeCallback'> {
  return {
    requestCallback: async (callback) => {
      const names = { id: keyOf(callback.id), queue: keyOf(callback.queue) };
      await db
        .insertInto('callbacks')
        .values({ ...storable(callback), ...names, state: 'waiting', closedAt: null })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      return 'taken';
    },
    callbacks: async ({ queue, state, limit }) => {
      const rows = await db
        .selectFrom('callbacks')
        .selectAll()
        .$if(queue !== undefined, (query) => query.where('queue', '=', keyOf(queue ?? '')))
        .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'waiting'))
        .orderBy('dueBy')
        .orderBy('id')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(toCallback);
    },
    closeCallback: async (id, state, at) => {
      const { numUpdatedRows } = await db
        .updateTable('callbacks')
        .set({ state, closedAt: at })
        .where('id', '=', keyOf(id))
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

const toCallback = ({ closedAt: _closed, ...callback }: Selectable<Tables['callbacks']>): CallbackRequest => callback;

export async function trimCallbacks(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db
    .deleteFrom('callbacks')
    .where(sql<number>`coalesce(closed_at, due_by)`, '<=', now - KEPT.callbackMs)
    .execute();
}

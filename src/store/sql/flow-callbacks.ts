import { type Kysely, type Selectable, sql } from 'kysely';
import type { EpochMs } from '../../call/ids.ts';
import { type CallbackRequest, type FlowStore, KEPT, type NewCallback } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

/** Calls that were promised back. */
export function callbackQueries(
  db: Kysely<Tables>,
): Pick<FlowStore, 'requestCallback' | 'callbacks' | 'closeCallback'> {
  return {
    requestCallback: (callback, most) => db.transaction().execute((within) => request(within, callback, most)),
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

async function request(within: Kysely<Tables>, callback: NewCallback, most: number): Promise<'taken' | 'full'> {
  const row = { ...storable(callback), id: keyOf(callback.id), queue: keyOf(callback.queue) };
  // Until the commit nobody else asks for this queue: two callers at once would both find the last place free.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`callwright callback ${row.queue}`}, 0))`.execute(within);
  const waiting = within.selectFrom('callbacks').where('queue', '=', row.queue).where('state', '=', 'waiting');
  const known = await within.selectFrom('callbacks').select('id').where('id', '=', row.id).executeTakeFirst();
  const same = known ?? (await waiting.select('id').where('number', '=', row.number).executeTakeFirst());
  if (same) return 'taken';
  const { calls } = await waiting.select((count) => count.fn.countAll<number>().as('calls')).executeTakeFirstOrThrow();
  if (calls >= most) return 'full';
  await within
    .insertInto('callbacks')
    .values({ ...row, state: 'waiting', closedAt: null })
    .execute();
  return 'taken';
}

const toCallback = ({ closedAt: _closed, ...callback }: Selectable<Tables['callbacks']>): CallbackRequest => callback;

export async function trimCallbacks(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db
    .deleteFrom('callbacks')
    .where(sql<number>`coalesce(closed_at, due_by)`, '<=', now - KEPT.callbackMs)
    .execute();
}

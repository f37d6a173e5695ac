import { type Kysely, type Selectable, sql } from 'kysely';
import type { CallId, EpochMs, QueueName } from '../../call/ids.ts';
import {
  type CallbackQuery,
  type CallbackRequest,
  type FlowStore,
  KEPT,
  type NewCallback,
} from '../../engine/ports/flow-store.ts';
import { callbackTerms } from './documents.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

type CallbackQueries = Pick<
  FlowStore,
  'requestCallback' | 'callback' | 'callbacks' | 'changeCallback' | 'closeCallback' | 'withdrawCallback'
>;

/** Calls that were promised back. */
export function callbackQueries(db: Kysely<Tables>): CallbackQueries {
  return {
    requestCallback: (callback, most) => db.transaction().execute((within) => request(within, callback, most)),
    callback: async (id) => {
      const row = await db.selectFrom('callbacks').selectAll().where('id', '=', keyOf(id)).executeTakeFirst();
      return row ? toCallback(row) : null;
    },
    callbacks: (query) => list(db, query),
    changeCallback: async (id, { dueBy, notBefore }) => {
      const row = await db
        .updateTable('callbacks')
        .set((old) => ({
          dueBy: dueBy ?? old.ref('dueBy'),
          notBefore: notBefore ?? old.ref('notBefore'),
        }))
        .where('id', '=', keyOf(id))
        .where('state', '=', 'waiting')
        .returningAll()
        .executeTakeFirst();
      return row ? toCallback(row) : null;
    },
    closeCallback: async (id, state, at, by) => {
      const { numUpdatedRows } = await db
        .updateTable('callbacks')
        .set({ state, closedAt: at, ...storable({ closedBy: by }) })
        .where('id', '=', keyOf(id))
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    withdrawCallback: (queue, number, callId, at) => withdraw(db, { queue, number, callId, at }),
  };
}

async function list(db: Kysely<Tables>, { queue, state, limit, after }: CallbackQuery) {
  const seen = sql`(select due_by, id from callwright.callbacks where id = ${keyOf(after ?? '')})`;
  const rows = await db
    .selectFrom('callbacks')
    .selectAll()
    .$if(queue !== undefined, (query) => query.where('queue', '=', keyOf(queue ?? '')))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'waiting'))
    .$if(after !== undefined, (query) => query.where(sql<boolean>`(due_by, id) > ${seen}`))
    .orderBy('dueBy')
    .orderBy('id')
    .limit(rowsOf(limit))
    .execute();
  return rows.map(toCallback);
}

async function request(within: Kysely<Tables>, callback: NewCallback, most: number): Promise<string | null> {
  const { require, relax, priority, line, prefer, ...plain } = callback;
  const terms = JSON.stringify({ require, relax, priority, line, prefer });
  const row = { ...storable(plain), terms, id: keyOf(callback.id), queue: keyOf(callback.queue) };
  // Until the commit nobody else asks for this queue: two callers at once would both find the last place free.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`callwright callback ${row.queue}`}, 0))`.execute(within);
  const waiting = within.selectFrom('callbacks').where('queue', '=', row.queue).where('state', '=', 'waiting');
  const known = await within.selectFrom('callbacks').select('id').where('id', '=', row.id).executeTakeFirst();
  const same = known ?? (await waiting.select('id').where('number', '=', row.number).executeTakeFirst());
  if (same) return same.id;
  const { calls } = await waiting.select((count) => count.fn.countAll<number>().as('calls')).executeTakeFirstOrThrow();
  if (calls >= most) return null;
  const fresh = { state: 'waiting', closedAt: null, closedBy: null, heldBy: null } as const;
  await within
    .insertInto('callbacks')
    .values({ ...row, ...fresh })
    .execute();
  return row.id;
}

interface Back {
  readonly queue: QueueName;
  readonly number: string;
  readonly callId: CallId;
  readonly at: EpochMs;
}

async function withdraw(db: Kysely<Tables>, { queue, number, callId, at }: Back): Promise<CallbackRequest | null> {
  const asked = storable({ queue: keyOf(queue), number });
  const closed = storable({ closedAt: at, closedBy: callId });
  const row =
    (await db
      .updateTable('callbacks')
      .set({ state: 'withdrawn', ...closed })
      .where('queue', '=', asked.queue)
      .where('number', '=', asked.number)
      .where('state', '=', 'waiting')
      .returningAll()
      .executeTakeFirst()) ??
    (await db
      .selectFrom('callbacks')
      .selectAll()
      .where('state', '=', 'withdrawn')
      .where('closedBy', '=', closed.closedBy)
      .where('queue', '=', asked.queue)
      .where('number', '=', asked.number)
      .executeTakeFirst());
  return row ? toCallback(row) : null;
}

export function toCallback(row: Selectable<Tables['callbacks']>): CallbackRequest {
  const { heldBy: _by, heldUntil: _until, terms, ...callback } = row;
  return { ...callback, ...callbackTerms.parse(JSON.parse(terms)) };
}

export async function trimCallbacks(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db
    .deleteFrom('callbacks')
    .where(sql<number>`coalesce(closed_at, due_by)`, '<=', now - KEPT.callbackMs)
    .execute();
}

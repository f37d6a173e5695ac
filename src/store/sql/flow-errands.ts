import { type Kysely, sql } from 'kysely';
import type { CallId } from '../../call/ids.ts';
import type { ErrandKind, FlowStore } from '../../engine/ports/flow-store.ts';
import { toCallback } from './flow-callbacks.ts';
import { keyOf, storable } from './flow-text.ts';
import { toVoicemail } from './flow-voicemails.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

type ErrandQueries = Pick<
  FlowStore,
  'dueCallbacks' | 'dueVoicemails' | 'holdErrand' | 'errandHolder' | 'tryErrand' | 'putOffErrand'
>;

/** Callbacks and messages in the hands of calls, at most one call each. */
export function errandQueries(db: Kysely<Tables>): ErrandQueries {
  return {
    dueCallbacks: async (now, limit) => {
      const rows = await db
        .selectFrom('callbacks')
        .selectAll()
        .where('state', '=', 'waiting')
        .where('notBefore', '<=', now)
        .where('heldUntil', '<=', now)
        .orderBy(sql`coalesce(keep_place_from, requested_at)`)
        .orderBy('id')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(toCallback);
    },
    dueVoicemails: async (boxes, now, limit) => {
      if (boxes.length === 0) return [];
      const rows = await db
        .selectFrom('voicemails')
        .selectAll()
        .where('box', 'in', boxes.map(keyOf))
        .where('state', '<>', 'done')
        .where('replyBy', 'is not', null)
        .where('notBefore', '<=', now)
        .where('heldUntil', '<=', now)
        .orderBy('replyBy')
        .orderBy('id')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(toVoicemail);
    },
    holdErrand: (kind, id, callId, now, until) =>
      changed(
        db,
        sql`update ${tableOf(kind)} set held_by = ${nameOf(callId)}, held_until = ${until}
          where id = ${keyOf(id)} and ${isOpen(kind)} and (held_by = ${nameOf(callId)} or held_until <= ${now})`,
      ),
    errandHolder: async (kind, id, now) => {
      const row = await db
        .selectFrom(kind === 'callback' ? 'callbacks' : 'voicemails')
        .select('heldBy')
        .where('id', '=', keyOf(id))
        .where('heldUntil', '>', now)
        .executeTakeFirst();
      return row?.heldBy ?? null;
    },
    tryErrand: (kind, id, callId, tries) =>
      changed(db, sql`update ${tableOf(kind)} set tries = ${tries} where ${isHeld(id, callId)} and ${isOpen(kind)}`),
    putOffErrand: async (kind, id, callId, notBefore) => {
      const free = sql`held_by = null, held_until = 0, not_before = greatest(not_before, ${notBefore})`;
      await changed(db, sql`update ${tableOf(kind)} set ${free} where ${isHeld(id, callId)}`);
    },
  };
}

const TABLES = { callback: 'callwright.callbacks', voicemail: 'callwright.voicemails' } as const;
const OPEN = { callback: sql`state = 'waiting'`, voicemail: sql`state <> 'done'` } as const;

const tableOf = (kind: ErrandKind) => sql.table(TABLES[kind]);
const isOpen = (kind: ErrandKind) => OPEN[kind];
const isHeld = (id: string, callId: CallId) => sql`id = ${keyOf(id)} and held_by = ${nameOf(callId)}`;
const nameOf = (callId: CallId): string => storable({ callId }).callId;

async function changed(db: Kysely<Tables>, update: ReturnType<typeof sql>): Promise<boolean> {
  const { numAffectedRows } = await update.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

import { type Kysely, type Selectable, sql } from 'kysely';
import type { FlowStore, NewVoicemail, Voicemail, VoicemailQuery } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

type VoicemailQueries = Pick<
  FlowStore,
  | 'depositVoicemail'
  | 'openVoicemails'
  | 'voicemails'
  | 'voicemail'
  | 'moveVoicemail'
  | 'removeVoicemail'
  | 'overdueVoicemails'
  | 'markAlerted'
>;

/** Messages that callers left. */
export function voicemailQueries(db: Kysely<Tables>): VoicemailQueries {
  const one = (id: string) => db.selectFrom('voicemails').selectAll().where('id', '=', keyOf(id)).executeTakeFirst();
  return {
    depositVoicemail: (voicemail, maxMessages) =>
      db.transaction().execute((within) => deposit(within, voicemail, maxMessages)),
    openVoicemails: (box) => openIn(db, keyOf(box)),
    voicemails: (query) => voicemails(db, query),
    voicemail: async (id) => {
      const row = await one(id);
      return row ? toVoicemail(row) : null;
    },
    moveVoicemail: async (id, state, by, at) => {
      const row = await db
        .updateTable('voicemails')
        .set({ state, ...storable({ by }), movedAt: at })
        .where('id', '=', keyOf(id))
        .returningAll()
        .executeTakeFirst();
      return row ? toVoicemail(row) : null;
    },
    removeVoicemail: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('voicemails').where('id', '=', keyOf(id)).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    ...alertQueries(db),
  };
}

async function deposit(
  within: Kysely<Tables>,
  voicemail: NewVoicemail,
  maxMessages: number,
): Promise<'stored' | 'full'> {
  const [id, box] = [keyOf(voicemail.id), keyOf(voicemail.box)];
  // Until the commit nobody else deposits in this box: two callers at once would both find the last place free.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`callwright voicemail ${box}`}, 0))`.execute(within);
  const known = await within.selectFrom('voicemails').select('id').where('id', '=', id).executeTakeFirst();
  if (known) return 'stored';
  if ((await openIn(within, box)) >= maxMessages) return 'full';
  const fresh = { state: 'new', by: null, movedAt: null, alerted: false, heldBy: null } as const;
  await within
    .insertInto('voicemails')
    .values({ ...storable(voicemail), id, box, ...fresh })
    .execute();
  return 'stored';
}

async function openIn(db: Kysely<Tables>, box: string): Promise<number> {
  const { messages } = await db
    .selectFrom('voicemails')
    .select((count) => count.fn.countAll<number>().as('messages'))
    .where('box', '=', box)
    .where('state', '<>', 'done')
    .executeTakeFirstOrThrow();
  return messages;
}

async function voicemails(
  db: Kysely<Tables>,
  { box, state, movedBefore, limit, before }: VoicemailQuery,
): Promise<readonly Voicemail[]> {
  const rows = await db
    .selectFrom('voicemails')
    .selectAll()
    .$if(box !== undefined, (query) => query.where('box', '=', keyOf(box ?? '')))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'new'))
    .$if(movedBefore !== undefined, (query) => query.where('movedAt', '<', movedBefore ?? 0))
    .$if(before !== undefined, (query) =>
      query.where((where) =>
        where(
          where.refTuple('recordedAt', 'id'),
          '<',
          where
            .selectFrom('voicemails as seen')
            .select(['seen.recordedAt', 'seen.id'])
            .where('seen.id', '=', keyOf(before ?? ''))
            .$asTuple('recordedAt', 'id'),
        ),
      ),
    )
    .orderBy('recordedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(rowsOf(limit))
    .execute();
  return rows.map(toVoicemail);
}

/** An answer that was promised and is late. */
function alertQueries(db: Kysely<Tables>): Pick<FlowStore, 'overdueVoicemails' | 'markAlerted'> {
  return {
    overdueVoicemails: async (now, limit) => {
      const rows = await db
        .selectFrom('voicemails')
        .selectAll()
        .where('replyBy', '<', now)
        .where('state', '<>', 'done')
        .where((where) => where.not('alerted'))
        .orderBy('replyBy')
        .orderBy('id')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(toVoicemail);
    },
    markAlerted: async (id) => {
      const { numUpdatedRows } = await db
        .updateTable('voicemails')
        .set({ alerted: true })
        .where('id', '=', keyOf(id))
        .where((where) => where.not('alerted'))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

export function toVoicemail(row: Selectable<Tables['voicemails']>): Voicemail {
  const { alerted: _alerted, heldBy: _by, heldUntil: _until, ...voicemail } = row;
  return voicemail;
}

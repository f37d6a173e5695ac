import type { Kysely } from 'kysely';
import type { FlowStore } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

const MOST_ROWS = 200;

/** Which recordings there are, beside voicemail. */
export function recordingQueries(
  db: Kysely<Tables>,
): Pick<
  FlowStore,
  | 'saveRecording'
  | 'recording'
  | 'recordingsOf'
  | 'keptRecording'
  | 'recordingsMadeOn'
  | 'dueRecordings'
  | 'removeRecording'
> {
  const all = () => db.selectFrom('recordings').selectAll();
  return {
    saveRecording: async (recording) => {
      await db
        .insertInto('recordings')
        .values({ ...storable(recording), id: keyOf(recording.id), callId: keyOf(recording.callId) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    recording: async (id) =>
      (await db.selectFrom('recordings').selectAll().where('id', '=', keyOf(id)).executeTakeFirst()) ?? null,
    recordingsOf: (callId) =>
      all().where('callId', '=', keyOf(callId)).orderBy('recordedAt').orderBy('id').limit(MOST_ROWS).execute(),
    keptRecording: async (id, durationMs) => {
      await db.updateTable('recordings').set({ makingOn: null, durationMs }).where('id', '=', keyOf(id)).execute();
    },
    recordingsMadeOn: (node, limit) =>
      all().where('makingOn', '=', node).orderBy('recordedAt').orderBy('id').limit(rowsOf(limit)).execute(),
    dueRecordings: (now, limit) =>
      all().where('keepUntil', '<', now).orderBy('keepUntil').orderBy('id').limit(rowsOf(limit)).execute(),
    removeRecording: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('recordings').where('id', '=', keyOf(id)).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

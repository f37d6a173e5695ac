import type { Kysely } from 'kysely';
import type { FlowStore } from '../../engine/ports/flow-store.ts';
import { keyOf, storable } from './flow-text.ts';
import type { Tables } from './tables.ts';

/** Which recordings there are, beside voicemail. */
export function recordingQueries(
  db: Kysely<Tables>,
): Pick<FlowStore, 'saveRecording' | 'recording' | 'removeRecording'> {
  return {
    saveRecording: async (recording) => {
      await db
        .insertInto('recordings')
        .values({ ...storable(recording), id: keyOf(recording.id) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    recording: async (id) =>
      (await db.selectFrom('recordings').selectAll().where('id', '=', keyOf(id)).executeTakeFirst()) ?? null,
    removeRecording: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('recordings').where('id', '=', keyOf(id)).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

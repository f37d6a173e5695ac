import type { Kysely } from 'kysely';
import type { FlowStore } from '../../engine/ports/flow-store.ts';
import { callbackQueries, trimCallbacks } from './flow-callbacks.ts';
import { errandQueries } from './flow-errands.ts';
import { memoryQueries, trimMemory } from './flow-memory.ts';
import { outsideQueries, trimOutside } from './flow-outside.ts';
import { pinQueries, trimPins } from './flow-pins.ts';
import { recordingQueries } from './flow-recordings.ts';
import { releaseQueries, trimReleases } from './flow-releases.ts';
import { voicemailQueries } from './flow-voicemails.ts';
import type { Tables } from './tables.ts';

/** What flows need to be kept, on a connected database. */
export const sqlFlowStore = (db: Kysely<Tables>): FlowStore => ({
  ...releaseQueries(db),
  ...memoryQueries(db),
  ...pinQueries(db),
  ...voicemailQueries(db),
  ...recordingQueries(db),
  ...callbackQueries(db),
  ...errandQueries(db),
  ...outsideQueries(db),
  trim: async (now) => {
    await trimMemory(db, now);
    await trimPins(db, now);
    await trimCallbacks(db, now);
    await trimOutside(db, now);
    await trimReleases(db);
  },
});

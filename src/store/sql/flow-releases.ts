import type { Kysely, Selectable } from 'kysely';
import { type Activation, type FlowStore, KEPT, type ReleaseSummary } from '../../engine/ports/flow-store.ts';
import { releaseFiles, releaseFlows } from './documents.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

type ReleaseQueries = Pick<FlowStore, 'saveRelease' | 'release' | 'releases' | 'activate' | 'activations'>;

/** Releases of the flows, and which of them ran when. */
export function releaseQueries(db: Kysely<Tables>): ReleaseQueries {
  return {
    saveRelease: async ({ files, flows, ...release }) => {
      const documents = { files: JSON.stringify(files), flows: JSON.stringify(flows) };
      await db
        .insertInto('releases')
        .values({ ...storable(release), id: keyOf(release.id), ...documents })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    release: async (id) => {
      const row = await db.selectFrom('releases').selectAll().where('id', '=', keyOf(id)).executeTakeFirst();
      return row ? { ...toSummary(row), files: releaseFiles.parse(JSON.parse(row.files)) } : null;
    },
    releases: async (limit) => {
      const rows = await db
        .selectFrom('releases')
        .select(['id', 'flows', 'madeBy', 'madeAt', 'note'])
        .orderBy('madeAt', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(toSummary);
    },
    ...activationQueries(db),
  };
}

function activationQueries(db: Kysely<Tables>): Pick<FlowStore, 'activate' | 'activations'> {
  return {
    activate: async ({ canary, ...activation }) => {
      await db
        .insertInto('activations')
        .values({
          ...storable(activation),
          release: keyOf(activation.release),
          canaryRelease: canary ? keyOf(canary.release) : null,
          canaryPercent: canary?.percent ?? null,
        })
        .execute();
    },
    activations: async (limit) => {
      const rows = await db.selectFrom('activations').selectAll().orderBy('seq', 'desc').limit(rowsOf(limit)).execute();
      return rows.map(toActivation);
    },
  };
}

const toSummary = ({
  id,
  flows,
  madeBy,
  madeAt,
  note,
}: Omit<Selectable<Tables['releases']>, 'files'>): ReleaseSummary => ({
  id,
  flows: releaseFlows.parse(JSON.parse(flows)),
  madeBy,
  madeAt,
  note,
});

const toActivation = ({
  seq: _seq,
  canaryRelease: release,
  canaryPercent: percent,
  ...activation
}: Selectable<Tables['activations']>): Activation => ({
  ...activation,
  canary: release === null || percent === null ? null : { release, percent },
});

export async function trimReleases(db: Kysely<Tables>): Promise<void> {
  const old = db
    .selectFrom('activations as late')
    .select('late.seq')
    .orderBy('late.seq', 'desc')
    .offset(KEPT.activations);
  await db.deleteFrom('activations').where('seq', 'in', old).execute();
  const newest = db
    .selectFrom('releases as late')
    .select('late.id')
    .orderBy('late.madeAt', 'desc')
    .orderBy('late.id', 'desc');
  const canaries = db.selectFrom('activations').select('canaryRelease').where('canaryRelease', 'is not', null);
  await db
    .deleteFrom('releases')
    .where('id', 'not in', newest.limit(KEPT.activations))
    .where('id', 'not in', db.selectFrom('activations').select('release'))
    .where('id', 'not in', canaries.$castTo<{ canaryRelease: string }>())
    .execute();
}

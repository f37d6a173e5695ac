import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { DncEntry, DncList, DncStore, DncVersion } from '../../engine/ports/dnc.ts';
import { keyOf, storable } from './flow-text.ts';
import { rowsOf } from './page.ts';
import { SCHEMA, type Tables } from './tables.ts';

/** Who is not to be called, on a connected database. */
export const sqlDncStore = (db: Kysely<Tables>): DncStore => ({
  ...entryQueries(db),
  ...listQueries(db),
  ...partQueries(db),
});

type Entries =
  | 'dncSalt'
  | 'addDncEntry'
  | 'endDncEntry'
  | 'dncEntry'
  | 'dncEntries'
  | 'dncInForce'
  | 'dncChangedSince'
  | 'eraseDncNumber';
type Parts = 'saveDncPart' | 'dncPart' | 'tidyDncParts';

function entryQueries(db: Kysely<Tables>): Pick<DncStore, Entries> {
  const all = () => db.selectFrom('dncEntries').selectAll();
  return {
    dncSalt: async (fresh) => {
      await db
        .insertInto('dncSalt')
        .values({ one: true, salt: fresh })
        .onConflict((conflict) => conflict.column('one').doNothing())
        .execute();
      return (await db.selectFrom('dncSalt').select('salt').executeTakeFirstOrThrow()).salt;
    },
    addDncEntry: (entry) => db.transaction().execute((step) => addEntry(step, entry)),
    endDncEntry: async (id, { at, by, reason }) =>
      (await db
        .updateTable('dncEntries')
        .set(storable({ removedAt: at, removedBy: by, removedReason: reason }))
        .where('id', '=', keyOf(id))
        .where('removedAt', 'is', null)
        .returningAll()
        .executeTakeFirst()) ?? null,
    dncEntry: async (id) => (await all().where('id', '=', keyOf(id)).executeTakeFirst()) ?? null,
    dncEntries: ({ key, before, limit }) =>
      all()
        .$if(key !== null, (query) => query.where('key', '=', keyOf(key ?? '')))
        .$if(before !== null, (query) => query.where('id', '<', keyOf(before ?? '')))
        .orderBy('id', 'desc')
        .limit(rowsOf(limit))
        .execute(),
    dncInForce: (after, limit) =>
      all()
        .where('removedAt', 'is', null)
        .$if(after !== null, (query) => query.where('id', '>', keyOf(after ?? '')))
        .orderBy('id')
        .limit(limit)
        .execute(),
    dncChangedSince: (at) =>
      all()
        .where((where) => where.or([where('addedAt', '>=', at), where('removedAt', '>=', at)]))
        .orderBy('id')
        .execute(),
    eraseDncNumber: (digits, hash) => db.transaction().execute((step) => erase(step, keyOf(digits), hash)),
  };
}

/** Two that say the same at once meet in the index: one goes in, the other finds it. */
async function addEntry(step: Transaction<Tables>, entry: DncEntry): Promise<DncEntry> {
  const row = storable({ ...entry, key: keyOf(entry.key) });
  await step
    .insertInto('dncEntries')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await step
    .selectFrom('dncEntries')
    .selectAll()
    .where('kind', '=', row.kind)
    .where('key', '=', row.key)
    .where(sql<boolean>`list_id is not distinct from ${row.listId}`)
    .where(sql<boolean>`campaign_id is not distinct from ${row.campaignId}`)
    .where('removedAt', 'is', null)
    .executeTakeFirstOrThrow();
}

async function erase(step: Transaction<Tables>, key: string, hash: string) {
  const rows = await step
    .deleteFrom('dncEntries')
    .where('kind', 'in', ['number', 'except'])
    .where('key', '=', key)
    .returningAll()
    .execute();
  const kept: DncEntry[] = [];
  for (const row of rows) {
    if (row.kind !== 'number' || row.removedAt !== null) continue;
    kept.push(await addEntry(step, { ...row, id: `${row.id}.h`, kind: 'hash', key: hash, reason: '', by: '' }));
  }
  return { gone: rows.map(({ id }) => id), kept };
}

function listQueries(db: Kysely<Tables>): Omit<DncStore, Entries | Parts> {
  return {
    createDncList: async ({ version: _version, ...list }) => {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto('dncLists')
        .values({ ...storable(list), versionId: null })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    dncList: async (id) => (await listsOf(db, keyOf(id)))[0] ?? null,
    dncLists: () => listsOf(db, null),
    removeDncList: (id) => db.transaction().execute((step) => removeList(step, keyOf(id))),
    dncVersions: (listId, limit) =>
      db
        .selectFrom('dncVersions')
        .selectAll()
        .where('listId', '=', keyOf(listId))
        .orderBy('id', 'desc')
        .limit(rowsOf(limit))
        .execute(),
    publishDncVersion: (version, instead) => db.transaction().execute((step) => publish(step, version, instead)),
  };
}

async function listsOf(db: Kysely<Tables>, id: string | null): Promise<readonly DncList[]> {
  const rows = await db
    .selectFrom('dncLists')
    .selectAll()
    .$if(id !== null, (query) => query.where('id', '=', id ?? ''))
    .orderBy('id')
    .execute();
  const ids = rows.flatMap(({ versionId }) => versionId ?? []);
  if (ids.length === 0) return rows.map((row) => toList(row, new Map()));
  const versions = await db.selectFrom('dncVersions').selectAll().where('id', 'in', ids).execute();
  return rows.map((row) => toList(row, new Map(versions.map((version) => [version.id, version]))));
}

const toList = (
  { versionId, ...list }: Selectable<Tables['dncLists']>,
  versions: ReadonlyMap<string, DncVersion>,
): DncList => ({ ...list, version: versions.get(versionId ?? '') ?? null });

async function removeList(step: Transaction<Tables>, id: string): Promise<boolean> {
  await step
    .deleteFrom('dncParts')
    .where('versionId', 'in', step.selectFrom('dncVersions').select('id').where('listId', '=', id))
    .execute();
  await step.deleteFrom('dncVersions').where('listId', '=', id).execute();
  await step.deleteFrom('dncEntries').where('listId', '=', id).execute();
  const { numDeletedRows } = await step.deleteFrom('dncLists').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

async function publish(step: Transaction<Tables>, version: DncVersion, instead: string | null): Promise<boolean> {
  const { numUpdatedRows } = await step
    .updateTable('dncLists')
    .set({ versionId: version.id })
    .where('id', '=', version.listId)
    .where(sql<boolean>`version_id is not distinct from ${instead}`)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await step.insertInto('dncVersions').values(storable(version)).execute();
  if (instead !== null) await step.deleteFrom('dncParts').where('versionId', '=', instead).execute();
  // A new file says anew who is on the list.
  if (version.mode === 'replace') {
    await step
      .updateTable('dncEntries')
      .set({ removedAt: version.importedAt, removedBy: version.by, removedReason: 'the list was replaced' })
      .where('listId', '=', version.listId)
      .where('removedAt', 'is', null)
      .execute();
  }
  return true;
}

function partQueries(db: Kysely<Tables>): Pick<DncStore, Parts> {
  return {
    saveDncPart: async (versionId, part, bytes, at) => {
      await db
        .insertInto('dncParts')
        .values({ versionId, part, bytes: Buffer.from(bytes), at })
        .execute();
    },
    dncPart: async (versionId, part) => {
      const row = await db
        .selectFrom('dncParts')
        .select('bytes')
        .where('versionId', '=', keyOf(versionId))
        .where('part', '=', part)
        .executeTakeFirst();
      return row?.bytes ?? null;
    },
    tidyDncParts: async (before) => {
      await db
        .deleteFrom('dncParts')
        .where('at', '<', before)
        .where('versionId', 'not in', (where) =>
          where
            .selectFrom('dncLists')
            .select('versionId')
            .where('versionId', 'is not', null)
            .$castTo<{ versionId: string }>(),
        )
        .execute();
      // The embedded store has nobody who would make the room of old versions free by himself.
      await sql`vacuum ${sql.id(SCHEMA, 'dnc_parts')}`.execute(db);
    },
  };
}

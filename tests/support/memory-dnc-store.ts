import type { DncEntry, DncList, DncStore, DncVersion } from '../../src/engine/ports/dnc.ts';

/** The do-not-call store in memory, for walks; held to the same contract as the SQL store. */
export function createMemoryDncStore(): DncStore {
  const kept = new Map<string, DncEntry>();
  return { ...entries(kept), ...lists(kept) };
}

type Of<Method extends keyof DncStore> = Pick<DncStore, Method>;

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
const same = (a: DncEntry, b: DncEntry) =>
  a.kind === b.kind && a.key === b.key && a.listId === b.listId && a.campaignId === b.campaignId;

type Entries = Map<string, DncEntry>;

function entries(kept: Entries): Omit<DncStore, keyof ReturnType<typeof lists>> {
  let salt: string | null = null;
  const all = () => [...kept.values()].sort(byId);
  const inForce = () => all().filter(({ removedAt }) => removedAt === null);
  const add = (entry: DncEntry) => {
    const before = inForce().find((other) => same(other, entry));
    if (before) return before;
    kept.set(entry.id, entry);
    return entry;
  };
  return {
    dncSalt: async (fresh) => (salt ??= fresh),
    addDncEntry: async (entry) => add(entry),
    endDncEntry: async (id, { at, by, reason }) => {
      const entry = kept.get(id);
      if (!entry || entry.removedAt !== null) return null;
      const ended = { ...entry, removedAt: at, removedBy: by, removedReason: reason };
      kept.set(id, ended);
      return ended;
    },
    dncEntry: async (id) => kept.get(id) ?? null,
    dncEntries: async ({ key, before, limit }) =>
      all()
        .toReversed()
        .filter((entry) => (key === null || entry.key === key) && (before === null || entry.id < before))
        .slice(0, limit),
    dncInForce: async (after, limit) =>
      inForce()
        .filter(({ id }) => after === null || id > after)
        .slice(0, limit),
    dncChangedSince: async (at) => all().filter(({ addedAt, removedAt }) => addedAt >= at || (removedAt ?? -1) >= at),
    eraseDncNumber: async (digits, hash) => {
      const gone = all().filter(({ kind, key }) => (kind === 'number' || kind === 'except') && key === digits);
      for (const { id } of gone) kept.delete(id);
      const held = gone.filter(({ kind, removedAt }) => kind === 'number' && removedAt === null);
      const hashes = held.map((entry) =>
        add({ ...entry, id: `${entry.id}.h`, kind: 'hash', key: hash, reason: '', by: '' }),
      );
      return { gone: gone.map(({ id }) => id), kept: hashes };
    },
  };
}

/** A list takes along the entries that are about it. */
const forget = (kept: Entries, listId: string) => {
  for (const entry of kept.values()) if (entry.listId === listId) kept.delete(entry.id);
};

const end = (kept: Entries, { listId, importedAt, by }: DncVersion) => {
  const ended = { removedAt: importedAt, removedBy: by, removedReason: 'the list was replaced' };
  for (const entry of kept.values()) {
    if (entry.listId === listId && entry.removedAt === null) kept.set(entry.id, { ...entry, ...ended });
  }
};

function lists(
  about: Entries,
): Of<
  | 'createDncList'
  | 'dncList'
  | 'dncLists'
  | 'removeDncList'
  | 'dncVersions'
  | 'saveDncPart'
  | 'dncPart'
  | 'publishDncVersion'
  | 'tidyDncParts'
> {
  const kept = new Map<string, DncList>();
  const versions = new Map<string, DncVersion>();
  const parts = new Map<string, { readonly at: number; readonly bytes: ReadonlyMap<number, Uint8Array> }>();
  return {
    createDncList: async (list) => {
      if ([...kept.values()].some(({ name }) => name === list.name)) return false;
      kept.set(list.id, { ...list, version: null });
      return true;
    },
    dncList: async (id) => kept.get(id) ?? null,
    dncLists: async () => [...kept.values()].sort(byId),
    removeDncList: async (id) => {
      for (const version of versions.values()) if (version.listId === id) parts.delete(version.id);
      for (const version of versions.values()) if (version.listId === id) versions.delete(version.id);
      forget(about, id);
      return kept.delete(id);
    },
    dncVersions: async (listId, limit) =>
      [...versions.values()]
        .filter((version) => version.listId === listId)
        .sort(byId)
        .toReversed()
        .slice(0, limit),
    saveDncPart: async (versionId, part, bytes, at) => {
      const before = parts.get(versionId)?.bytes ?? new Map<number, Uint8Array>();
      parts.set(versionId, { at, bytes: new Map([...before, [part, bytes.slice()]]) });
    },
    dncPart: async (versionId, part) => parts.get(versionId)?.bytes.get(part) ?? null,
    publishDncVersion: async (version, instead) => {
      const list = kept.get(version.listId);
      if (!list || (list.version?.id ?? null) !== instead) return false;
      versions.set(version.id, version);
      kept.set(list.id, { ...list, version });
      if (instead !== null) parts.delete(instead);
      if (version.mode === 'replace') end(about, version);
      return true;
    },
    tidyDncParts: async (before) => {
      const inForce = new Set([...kept.values()].map(({ version }) => version?.id));
      for (const [id, { at }] of parts) if (at < before && !inForce.has(id)) parts.delete(id);
    },
  };
}

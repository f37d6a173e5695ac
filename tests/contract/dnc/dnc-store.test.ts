import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DncEntry, DncList, DncStore, DncVersion } from '../../../src/engine/ports/dnc.ts';
import { STORES, type Store } from './stores.ts';

const DIGITS = '358401234567';

const entryOf = (n: number, change: Partial<DncEntry> = {}): DncEntry => ({
  id: `dnc-${n}`,
  kind: 'number',
  key: DIGITS,
  listId: null,
  campaignId: null,
  reason: 'asked \u0000 twice',
  source: 'agent',
  by: 'alice',
  addedAt: 1_000 + n,
  removedAt: null,
  removedBy: null,
  removedReason: null,
  ...change,
});

const listOf = (n: number, change: Partial<DncList> = {}): DncList => ({
  id: `list-${n}`,
  name: `List ${n}`,
  campaignId: null,
  createdAt: n,
  createdBy: 'mia',
  version: null,
  ...change,
});

const versionOf = (n: number, change: Partial<DncVersion> = {}): DncVersion => ({
  id: `version-${n}`,
  listId: 'list-1',
  mode: 'replace',
  fileName: 'registry.txt',
  fileHash: 'f'.repeat(64),
  importedAt: n,
  by: 'mia',
  rows: 10_000_000,
  rejected: 3,
  numbers: 9_999_000,
  bytes: 20_000_000,
  hash: 'a'.repeat(64),
  ...change,
});

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe.each(STORES)('the do-not-call store in %s', (_, start) => {
  let store: Store;
  let dnc: DncStore;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    dnc = await store.fresh();
  });
  afterAll(() => store.stop());

  it('keeps one entry in force of those that say the same, however many come at once', async () => {
    const many = await Promise.all([1, 2, 3, 4].map((n) => dnc.addDncEntry(entryOf(n))));
    expect(new Set(idsOf(many)).size).toBe(1);
    const others = [
      { campaignId: 'c1' },
      { kind: 'except', listId: 'list-1' },
      { kind: 'except', listId: 'list-2' },
      { kind: 'prefix', key: '358' },
      { key: '358401234568' },
    ] as const;
    for (const [n, change] of others.entries()) {
      expect(await dnc.addDncEntry(entryOf(10 + n, change))).toMatchObject({ id: `dnc-${10 + n}`, ...change });
    }
    expect(await dnc.dncInForce(null, 100)).toHaveLength(6);
  });

  it('ends an entry once, keeps what is known of it, and takes the number on anew', async () => {
    await dnc.addDncEntry(entryOf(1));
    const end = { at: 5_000, by: 'bob', reason: 'by mistake' };
    expect(await dnc.endDncEntry('dnc-1', end)).toMatchObject({ removedAt: 5_000, removedBy: 'bob', key: DIGITS });
    expect(await dnc.endDncEntry('dnc-1', end)).toBeNull();
    expect(await dnc.endDncEntry('dnc-9', end)).toBeNull();
    expect(await dnc.dncInForce(null, 9)).toEqual([]);
    expect(await dnc.addDncEntry(entryOf(2))).toMatchObject({ id: 'dnc-2', addedAt: 1_002 });
    expect(idsOf(await dnc.dncEntries({ key: DIGITS, before: null, limit: 9 }))).toEqual(['dnc-2', 'dnc-1']);
    expect(await dnc.dncEntry('dnc-1')).toMatchObject({ removedReason: 'by mistake' });
    expect(await dnc.dncEntry('dnc-7')).toBeNull();
  });

  it('gives entries in pages, and those that changed since', async () => {
    for (const n of [1, 2, 3, 4]) await dnc.addDncEntry(entryOf(n, { key: `35840000000${n}` }));
    await dnc.endDncEntry('dnc-1', { at: 9_000, by: 'bob', reason: '' });
    expect(idsOf(await dnc.dncInForce(null, 2))).toEqual(['dnc-2', 'dnc-3']);
    expect(idsOf(await dnc.dncInForce('dnc-3', 2))).toEqual(['dnc-4']);
    expect(idsOf(await dnc.dncEntries({ key: null, before: 'dnc-3', limit: 9 }))).toEqual(['dnc-2', 'dnc-1']);
    expect(idsOf(await dnc.dncEntries({ key: null, before: null, limit: 1 }))).toEqual(['dnc-4']);
    expect(idsOf(await dnc.dncChangedSince(1_004))).toEqual(['dnc-1', 'dnc-4']);
  });

  it('leaves nothing of an erased number but its hash', async () => {
    await dnc.addDncEntry(entryOf(1));
    await dnc.endDncEntry('dnc-1', { at: 2, by: 'bob', reason: '' });
    await dnc.addDncEntry(entryOf(2, { reason: `call from +${DIGITS}`, by: DIGITS }));
    await dnc.addDncEntry(entryOf(3, { campaignId: 'c1' }));
    await dnc.addDncEntry(entryOf(4, { kind: 'except', listId: 'list-1' }));
    await dnc.addDncEntry(entryOf(5, { kind: 'prefix', key: '35840' }));
    const { gone, kept } = await dnc.eraseDncNumber(DIGITS, 'abc');
    expect([...gone].sort()).toEqual(['dnc-1', 'dnc-2', 'dnc-3', 'dnc-4']);
    expect(kept.map(({ kind, key, campaignId }) => ({ kind, key, campaignId }))).toEqual(
      expect.arrayContaining([
        { kind: 'hash', key: 'abc', campaignId: null },
        { kind: 'hash', key: 'abc', campaignId: 'c1' },
      ]),
    );
    expect(JSON.stringify(await dnc.dncEntries({ key: null, before: null, limit: 99 }))).not.toContain(DIGITS);
    // Once more, when he asked again: the hash that is there stays the one.
    await dnc.addDncEntry(entryOf(6));
    expect((await dnc.eraseDncNumber(DIGITS, 'abc')).kept).toHaveLength(1);
    expect(await dnc.dncInForce(null, 9)).toHaveLength(3);
  });

  it('has one secret, of who came first', async () => {
    expect(await dnc.dncSalt('one')).toBe('one');
    expect(await dnc.dncSalt('two')).toBe('one');
  });

  it('has lists by name, and takes a removed one away with all that was imported', async () => {
    expect(await dnc.createDncList(listOf(1))).toBe(true);
    expect(await dnc.createDncList(listOf(2, { name: 'List 1' }))).toBe(false);
    expect(await dnc.createDncList(listOf(3, { campaignId: 'c1' }))).toBe(true);
    expect(await dnc.dncLists()).toEqual([listOf(1), listOf(3, { campaignId: 'c1' })]);
    await dnc.saveDncPart('version-1', 0, Uint8Array.of(1), 1);
    await dnc.publishDncVersion(versionOf(1), null);
    await dnc.addDncEntry(entryOf(1, { kind: 'except', listId: 'list-1' }));
    expect(await dnc.removeDncList('list-1')).toBe(true);
    expect(await dnc.removeDncList('list-1')).toBe(false);
    expect([await dnc.dncList('list-1'), await dnc.dncPart('version-1', 0)]).toEqual([null, null]);
    expect([await dnc.dncVersions('list-1', 9), await dnc.dncInForce(null, 9)]).toEqual([[], []]);
  });

  it('puts one version in the place of another, but not of one that nobody had seen', async () => {
    await dnc.createDncList(listOf(1));
    const bytes = Uint8Array.from({ length: 70_000 }, (_byte, index) => index % 251);
    await dnc.saveDncPart('version-1', 0, bytes, 1);
    await dnc.saveDncPart('version-1', 1, Uint8Array.of(0, 255), 1);
    expect(await dnc.publishDncVersion(versionOf(1), null)).toBe(true);
    expect(await dnc.dncList('list-1')).toEqual(listOf(1, { version: versionOf(1) }));
    expect(Uint8Array.from((await dnc.dncPart('version-1', 0)) ?? [])).toEqual(bytes);
    expect(await dnc.publishDncVersion(versionOf(2), null)).toBe(false);
    await dnc.addDncEntry(entryOf(1, { kind: 'except', listId: 'list-1' }));
    expect(await dnc.publishDncVersion(versionOf(3, { mode: 'merge' }), 'version-1')).toBe(true);
    expect(await dnc.dncInForce(null, 9)).toHaveLength(1);
    expect(await dnc.dncPart('version-1', 0)).toBeNull();
    await dnc.addDncEntry(entryOf(2, { kind: 'except', key: '358401234569', listId: 'list-1' }));
    await dnc.endDncEntry('dnc-2', { at: 3, by: 'bob', reason: 'by mistake' });
    expect(await dnc.publishDncVersion(versionOf(4), 'version-3')).toBe(true);
    expect(await dnc.dncEntry('dnc-2')).toMatchObject({ removedAt: 3, removedBy: 'bob', removedReason: 'by mistake' });
    // A new file says anew who is on the list.
    expect(await dnc.dncInForce(null, 9)).toEqual([]);
    expect(await dnc.dncEntry('dnc-1')).toMatchObject({ removedAt: 4, removedReason: 'the list was replaced' });
    expect(idsOf(await dnc.dncVersions('list-1', 9))).toEqual(['version-4', 'version-3', 'version-1']);
    expect(idsOf(await dnc.dncVersions('list-1', 1))).toEqual(['version-4']);
  });

  it('forgets what imports left that came to no end, and nothing else', async () => {
    await dnc.createDncList(listOf(1));
    for (const [n, at] of [1, 2, 3].entries()) await dnc.saveDncPart(`version-${n + 1}`, 0, Uint8Array.of(n), at);
    await dnc.publishDncVersion(versionOf(1), null);
    await dnc.tidyDncParts(3);
    const left = await Promise.all([1, 2, 3].map((n) => dnc.dncPart(`version-${n}`, 0)));
    expect(left.map((part) => part !== null)).toEqual([true, false, true]);
  });
});

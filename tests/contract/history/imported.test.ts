import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { History } from '../../../src/engine/ports/history.ts';
import type { ImportedValue } from '../../../src/engine/ports/imported.ts';
import { STORES, type Store } from './stores.ts';

const DAY = 86_400_000;
const turnover = (day: number, change: Partial<ImportedValue> = {}): ImportedValue => ({
  figure: 'turnover',
  from: day * DAY,
  to: (day + 30) * DAY,
  by: null,
  key: null,
  value: 0.03,
  source: 'Staff office',
  at: 5,
  importedBy: 'Maria',
  ...change,
});
const ofTeam = (day: number, key: string, change: Partial<ImportedValue> = {}) =>
  turnover(day, { by: 'team', key, ...change });

describe.each(STORES)('figures from elsewhere in %s', (_, start) => {
  let store: Store;
  let history: History;
  beforeAll(async () => {
    store = await start();
  });
  afterAll(() => store.stop());
  beforeEach(async () => {
    history = await store.fresh();
  });
  const seen = (change: Partial<Parameters<History['imported']>[0]> = {}) =>
    history.imported({ from: 0, to: null, by: ['team'], limit: 100, ...change });

  it('come back as they were given, the latest spans first', async () => {
    const given = [turnover(0), turnover(30), ofTeam(30, 'north', { value: 1.2 }), ofTeam(30, 'ünder')];
    await history.keepImported(given, []);
    const retention = turnover(0, { figure: 'retention', value: 0 });
    await history.keepImported([retention], []);
    expect(await seen()).toEqual([turnover(30), given[2], given[3], retention, turnover(0)]);
    expect(await seen({ limit: 2 })).toEqual([turnover(30), given[2]]);
  });

  it('are those whose span touches the one that is asked for, of the house and of what it is told apart by', async () => {
    await history.keepImported([turnover(0), turnover(30), ofTeam(30, 'north'), ofTeam(60, 'north')], []);
    expect(await seen({ from: 30 * DAY, to: 60 * DAY })).toEqual([turnover(30), ofTeam(30, 'north')]);
    expect(await seen({ from: 30 * DAY - 1, to: 60 * DAY + 1 })).toHaveLength(4);
    expect(await seen({ by: ['queue'] })).toEqual([turnover(30), turnover(0)]);
    expect(await seen({ by: [] })).toHaveLength(2);
  });

  it('take the place of what was given before for the same, and go when they are taken away', async () => {
    await history.keepImported([turnover(0), ofTeam(0, 'north'), ofTeam(0, 'south')], []);
    const better = turnover(0, { value: 0.05, source: 'Staff office, mended', at: 9, importedBy: 'Ville' });
    expect(await history.keepImported([better], [ofTeam(0, 'north'), ofTeam(0, 'nowhere')])).toBe(1);
    expect(await seen()).toEqual([better, ofTeam(0, 'south')]);
  });

  it('are kept in thousands at once', async () => {
    const many = Array.from({ length: 4_500 }, (_, n) => ofTeam(n, 'north'));
    await history.keepImported(many, []);
    expect(await seen({ from: 4_499 * DAY })).toHaveLength(30);
  });
});

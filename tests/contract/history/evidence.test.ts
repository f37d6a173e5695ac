import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeptFact } from '../../../src/engine/ports/evidence.ts';
import type { History } from '../../../src/engine/ports/history.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-22T10:00:00Z');

const fact = (subject: string, seq: number, at: number, startedAt = at): KeptFact => ({
  campaignId: 'campaign-1',
  startedAt,
  event: { type: 'call.answered', data: { legId: `${subject}-leg` }, subject, seq, at },
});

describe.each(STORES)('what is kept as evidence: %s', (_name, make) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
  });
  afterAll(() => store.stop());

  const ask = { campaignId: 'campaign-1', of: 'calls', from: 0, until: T + 10, after: null, limit: 100 } as const;

  it('gives the facts of a call together, and nothing of what lies outside', async () => {
    const kept = [
      fact('call/b', 1, T),
      fact('call/a', 2, T + 50, T + 1),
      fact('call/a', 1, T + 1),
      fact('campaign/campaign-1', 7, T),
    ];
    await history.keepEvidence([
      ...kept,
      fact('call/late', 1, T + 10),
      { ...fact('call/other', 1, T), campaignId: 'x' },
    ]);
    const seen = await history.evidence(ask);
    expect(seen).toEqual([kept[2], kept[1], kept[0]]);
    expect(await history.evidence({ ...ask, of: 'campaign' })).toEqual([kept[3]]);
    expect(await history.evidence({ ...ask, from: T + 1 })).toEqual([kept[2], kept[1]]);
  });

  it('pages by the last fact seen', async () => {
    await history.keepEvidence([1, 2, 3].map((seq) => fact('call/a', seq, T)));
    const first = await history.evidence({ ...ask, limit: 2 });
    const after = first.at(-1)?.event ?? null;
    expect((await history.evidence({ ...ask, after })).map(({ event }) => event.seq)).toEqual([3]);
  });

  it('keeps a fact that comes twice once, as it came first', async () => {
    await history.keepEvidence([fact('call/a', 1, T)]);
    await history.keepEvidence([fact('call/a', 1, T + 5), fact('call/a', 2, T + 6, T)]);
    expect((await history.evidence(ask)).map(({ event }) => event.at)).toEqual([T, T + 6]);
    expect(await history.lastEvidenceAt()).toBe(T + 6);
  });

  it('knows of nothing while it is empty', async () => {
    expect(await history.lastEvidenceAt()).toBeNull();
    await history.keepEvidence([]);
    expect(await history.attemptTotals('campaign-1', 0, T)).toEqual({});
  });
});

import type { KeptAnswer, KeyBook, KeyClaim } from '../../src/engine/ports/idempotency.ts';

/** Answers by keys, in memory; held to the same contract as those in SQL. */
export function createMemoryKeyBook(): KeyBook {
  const rows = new Map<string, KeyClaim & { readonly answer: KeptAnswer | null }>();
  const held = (id: string, holder: string) => {
    const row = rows.get(id);
    return row?.holder === holder ? row : null;
  };
  return {
    claim: async (claim) => {
      const row = rows.get(claim.id);
      if (!row || row.until <= claim.now) {
        rows.set(claim.id, { ...claim, answer: null });
        return { is: 'new' };
      }
      if (row.print !== claim.print) return { is: 'other' };
      return row.answer ? { is: 'done', answer: row.answer } : { is: 'busy' };
    },
    settle: async (id, holder, answer, until) => {
      const row = held(id, holder);
      if (row) rows.set(id, { ...row, answer, until });
    },
    release: async (id, holder) => {
      if (held(id, holder)?.answer === null) rows.delete(id);
    },
    trim: async (now, most) => {
      const before = rows.size;
      for (const { id, until } of rows.values()) if (until <= now) rows.delete(id);
      const newestFirst = [...rows.values()].sort((a, b) => b.now - a.now || (a.id < b.id ? 1 : -1));
      for (const own of Map.groupBy(newestFirst, ({ tokenId }) => tokenId).values())
        for (const { id } of own.slice(most)) rows.delete(id);
      return before - rows.size;
    },
  };
}

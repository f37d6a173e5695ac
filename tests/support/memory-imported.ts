import type { ImportedBook, ImportedPlace, ImportedValue } from '../../src/engine/ports/imported.ts';

/** Figures from elsewhere, in memory; held to the same contract as the SQL store. */
export function memoryImported(): ImportedBook {
  const kept = new Map<string, ImportedValue>();
  return {
    keepImported: async (values, gone) => {
      for (const value of values) kept.set(nameOf(value), value);
      return gone.filter((place) => kept.delete(nameOf(place))).length;
    },
    imported: async ({ from, to, by, limit }) =>
      [...kept.values()]
        .filter((value) => value.to > from && (to === null || value.from < to))
        .filter((value) => value.by === null || by.includes(value.by))
        .sort((a, b) => b.from - a.from || (orderOf(a) < orderOf(b) ? -1 : 1))
        .slice(0, limit),
  };
}

const nameOf = ({ figure, from, to, by, key }: ImportedPlace) => JSON.stringify([figure, from, to, by, key]);
const orderOf = ({ figure, by, key, to }: ImportedPlace) =>
  [figure, by ?? '', key ?? '', String(to).padStart(16, '0')].join('\n');

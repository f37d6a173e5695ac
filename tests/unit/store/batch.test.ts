import { beforeEach, describe, expect, it } from 'vitest';
import { inBatches } from '../../../src/store/sql/batch.ts';

describe('rows written in batches', () => {
  const written: (readonly string[])[] = [];
  beforeEach(() => {
    written.length = 0;
  });
  const save = inBatches(async (rows: readonly string[]) => {
    written.push(rows);
    if (rows.includes('bad')) throw new Error('refused');
  });

  it('go together when they come together, and are answered once written', async () => {
    await Promise.all([save('a'), save('b'), save('c')]);
    expect(written).toEqual([['a', 'b', 'c']]);
    await save('d');
    expect(written).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('fail alone', async () => {
    const results = await Promise.allSettled([save('a'), save('bad'), save('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(written.slice(1)).toEqual([['a'], ['bad'], ['c']]);
  });

  it('go in as many statements as they need', async () => {
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => save(String(n))));
    expect(written.map((rows) => rows.length)).toEqual([500, 500, 100]);
  });
});

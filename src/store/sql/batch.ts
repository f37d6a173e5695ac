import { setTimeout as pause } from 'node:timers/promises';

/** What comes within this time is written together. */
const GATHER_MS = 200;
/** Statements have a limit of parameters (65,535 in Postgres), and a record has some twenty. */
const MOST = 500;

interface Waiting<Row> {
  readonly row: Row;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes rows that come one by one in batches, since a transaction costs far more than a row in it. The answer comes when the row
 * is written; one that the database refuses fails alone.
 */
export function inBatches<Row>(write: (rows: readonly Row[]) => Promise<unknown>): (row: Row) => Promise<void> {
  let waiting: Waiting<Row>[] = [];
  const settle = async (batch: readonly Waiting<Row>[]): Promise<void> => {
    try {
      await write(batch.map(({ row }) => row));
      for (const { done } of batch) done();
    } catch (error) {
      const [only, ...more] = batch;
      if (more.length === 0) return only?.failed(error);
      for (const one of batch) await settle([one]);
    }
    return undefined;
  };
  const flush = async (): Promise<void> => {
    await pause(GATHER_MS);
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MOST) await settle(all.slice(from, from + MOST));
  };
  return (row) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ row, done: resolve, failed: reject });
    if (waiting.length === 1) void flush();
    return promise;
  };
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

export interface LooksPlan {
  /** So many agents, and so many calls that wait. */
  readonly size: number;
  /** Of each kind. */
  readonly events: number;
}

/** By kind of event, how often a function or a block of the matcher ran for one, on average. */
export interface LooksSeen {
  readonly seen: Readonly<Record<string, number>>;
}

const KINDS = 13;

async function looksAt(size: number): Promise<LooksSeen['seen']> {
  const workerData = { size, events: 50 } satisfies LooksPlan;
  const worker = new Worker(new URL('./looks-counter.ts', import.meta.url), { workerData });
  const [{ seen }] = (await once(worker, 'message')) as [LooksSeen];
  await worker.terminate();
  return seen;
}

/**
 * An agent is of some sixty groups here, one for each need that calls have or may come to have, and is weighed for each:
 * that is nearly all of it. A pass over two thousand would add two thousand and more.
 */
const MOST = 4_000;

it('looks at a few for each event, and at no more among thousands than among hundreds', async () => {
  const [few, many] = [await looksAt(200), await looksAt(2_000)];
  expect(Object.keys(many)).toHaveLength(KINDS);
  for (const [kind, looks] of Object.entries(many)) {
    expect(looks, kind).toBeGreaterThan(0);
    expect(looks, kind).toBeLessThan(MOST);
    // Heaps grow by their logarithm; a pass over all would add 1,800, more than this allows in any of them.
    expect(looks, `${kind}, ${few[kind]} among hundreds`).toBeLessThan(1.5 * (few[kind] ?? 0) + 100);
  }
});

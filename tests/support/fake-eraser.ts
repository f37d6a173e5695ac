import type { EraseDesk, Erasure, ErasureOrder } from '../../src/engine/ports/erasures.ts';

/** Ends every erasure at once; refuses the number of a person who is in a call. */
export class FakeEraser implements EraseDesk {
  static readonly inCall = '+358409999999';
  readonly orders: ErasureOrder[] = [];
  readonly #done: Erasure[] = [];

  async order(order: ErasureOrder) {
    if (order.numbers.includes(FakeEraser.inCall)) {
      return { ok: false, why: 'conflict', sentence: 'Not now: a call with the person is under way.' } as const;
    }
    this.orders.push(order);
    const { dryRun, compact, by } = order;
    const plain = { id: `erasure-${this.orders.length}`, state: 'done', dryRun, compact, by, askedAt: 1 } as const;
    const erasure: Erasure = { ...plain, doneAt: 2, found: { calls: 2 }, problem: null };
    this.#done.unshift(erasure);
    return { ok: true, value: erasure } as const;
  }

  async one(id: string) {
    return this.#done.find((each) => each.id === id) ?? null;
  }

  async list(limit: number) {
    return this.#done.slice(0, limit);
  }
}

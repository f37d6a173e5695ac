import type { News } from '../../src/engine/ports/live-store.ts';

/** One who hears news: `door` is whose own doings he is not told. */
interface Ear {
  readonly door: symbol;
  readonly owner: string;
  readonly hear: (news: News) => void;
}

/** Tells all but the door that says it, or one owner; gives how many will hear. Never within the write, as over a wire. */
export type Publish = (news: News, owner?: string | null) => number;

/** Who hears of what others do. */
export class MemoryNews {
  /** News take their way by this; keeping their order is its task. */
  carry: (deliver: () => void) => void = queueMicrotask;
  readonly #ears = new Set<Ear>();

  hear(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** @param reach throws while nothing is delivered: what comes then is lost. */
  publisher(door: symbol, reach: () => void): Publish {
    const deliver = (ear: Ear, text: string) => {
      try {
        reach();
      } catch {
        return;
      }
      if (this.#ears.has(ear)) ear.hear(JSON.parse(text) as News);
    };
    return (news, owner = null) => {
      const text = JSON.stringify(news);
      const heard = [...this.#ears].filter((ear) => ear.door !== door && (owner === null || ear.owner === owner));
      for (const ear of heard) this.carry(() => deliver(ear, text));
      return heard.length;
    };
  }

  /** Something may have been lost. */
  gap(): void {
    for (const { hear } of this.#ears) hear({ type: 'gap' });
  }
}

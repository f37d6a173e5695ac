import type { Pace, Talks } from '../acd/estimate-pool.ts';
import type { EpochMs } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import { Recent, type Sample } from './recent.ts';
import type { Work } from './work-seen.ts';

const WINDOW_MS = 3_600_000;
/** Talks and waits that are remembered of one queue or agent; more would not make the mean any better. */
const MOST = 500;
/** A wrap-up that began so long before or after the end of a talk is that of another one. */
const TOGETHER_MS = 10_000;
/** Of fewer who gave up nothing is known of the patience of all. */
const FEWEST_GIVE_UP = 5;

/** A talk of an agent who is in wrap-up: it is taken to last as the queue says until it is over. */
interface Wrapping {
  readonly samples: readonly Sample[];
  readonly since: EpochMs;
  readonly expectedMs: number;
}

/**
 * How fast work goes: how long calls of each queue and of each agent took lately (ring, talk, hold and wrap-up), and how
 * patient callers are. Of the last hour, over all processes.
 */
export class HandleTimes {
  readonly #queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>;
  readonly #ofQueue = new Map<string, Recent>();
  readonly #ofAgent = new Map<string, Recent>();
  readonly #waits = new Map<string, Recent>();
  readonly #givenUp = new Map<string, Recent>();
  readonly #wrapping = new Map<string, Wrapping>();

  constructor(queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>) {
    this.#queues = queues;
  }

  see(work: Work): void {
    switch (work.what) {
      case 'came':
        return undefined;
      case 'waited':
        recentOf(this.#waits, work.queue).add(work.at, work.ms);
        if (work.how === 'abandoned') recentOf(this.#givenUp, work.queue).add(work.at, 1);
        return undefined;
      case 'talked':
        return this.#talked(work);
      case 'wrapped-up':
        return this.#wrappedUp(work);
    }
  }

  /** Mean of the last hour; null when no talk ended in it. */
  meanMs(queue: string, now: EpochMs): number | null {
    const { talks, totalMs } = talksOf(this.#ofQueue.get(queue), now);
    return talks === 0 ? null : totalMs / talks;
  }

  pace(now: EpochMs): Pace {
    return {
      ofQueue: (queue) => talksOf(this.#ofQueue.get(queue), now),
      ofAgent: (agent) => talksOf(this.#ofAgent.get(agent), now),
      givesUp: (queue) => this.#givesUp(queue, now),
    };
  }

  /** Those who gave up ÷ all time that anybody waited: what patience is when it knows no age, also of those who were served. */
  #givesUp(queue: string, now: EpochMs): number {
    const givenUp = this.#givenUp.get(queue)?.since(now - WINDOW_MS).count ?? 0;
    const waitedMs = this.#waits.get(queue)?.since(now - WINDOW_MS).sum ?? 0;
    return givenUp < FEWEST_GIVE_UP || waitedMs === 0 ? 0 : givenUp / waitedMs;
  }

  #talked({ queue, agentId, ms, at }: Extract<Work, { what: 'talked' }>): void {
    const profile = this.#queues().get(queue);
    if (!profile) return;
    const expectedMs = profile.wrapUpMs;
    const books = [recentOf(this.#ofQueue, queue), recentOf(this.#ofAgent, agentId)];
    const samples = books.map((book) => book.add(at, ms + expectedMs));
    this.#wrapping.set(agentId, { samples, since: at, expectedMs });
  }

  #wrappedUp({ agentId, ms, at }: Extract<Work, { what: 'wrapped-up' }>): void {
    const wrapping = this.#wrapping.get(agentId);
    if (!wrapping || Math.abs(at - ms - wrapping.since) > TOGETHER_MS) return;
    this.#wrapping.delete(agentId);
    for (const sample of wrapping.samples) sample.add(ms - wrapping.expectedMs);
  }
}

function recentOf(book: Map<string, Recent>, name: string): Recent {
  const known = book.get(name) ?? new Recent(MOST);
  book.set(name, known);
  return known;
}

function talksOf(recent: Recent | undefined, now: EpochMs): Talks {
  const { count, sum } = recent?.since(now - WINDOW_MS) ?? { count: 0, sum: 0 };
  return { talks: count, totalMs: sum };
}

import type { Pace, Talks } from '../acd/estimate-pool.ts';
import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { CallRecord } from './ports/history.ts';
import { Recent, type Sample } from './recent.ts';

const WINDOW_MS = 3_600_000;
/** Talks and waits that are remembered of one queue or agent; more would not make the mean any better. */
const MOST = 500;
/** Calls that talk at one time and are remembered; one whose end is never told is pushed out by later ones. */
const MOST_OPEN = 10_000;
/** Of fewer who gave up nothing is known of the patience of all. */
const FEWEST_GIVE_UP = 5;

interface Talk {
  readonly queue: string;
  readonly agentId: string;
  readonly rangMs: number;
}

/** A talk of an agent who is in wrap-up: it is taken to last as the queue says until it is over. */
interface Wrapping {
  readonly samples: readonly Sample[];
  readonly expectedMs: number;
}

/**
 * How fast work goes, from the journal: how long calls of each queue and of each agent took lately (ring, talk, hold and
 * wrap-up), and how patient callers are. Of the last hour.
 */
export class HandleTimes {
  readonly #queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>;
  readonly #ofQueue = new Map<string, Recent>();
  readonly #ofAgent = new Map<string, Recent>();
  readonly #waits = new Map<string, Recent>();
  readonly #givenUp = new Map<string, Recent>();
  readonly #open = new Map<string, Talk>();
  readonly #wrapping = new Map<string, Wrapping>();

  constructor(queues: () => ReadonlyMap<string, Pick<QueueProfile, 'wrapUpMs'>>) {
    this.#queues = queues;
  }

  see(event: JournalEvent): void {
    switch (event.type) {
      case 'call.connected':
        // Who was rung back did not wait on the line, and had nothing to give up.
        if (event.data.of === undefined) this.#waited(event.data, event.at);
        return this.#begin(event.subject, event.data);
      case 'call.abandoned':
        this.#waited(event.data, event.at);
        return this.#note(this.#givenUp, event.data.queue, event.at, 1);
      case 'call.queue.left':
        return this.#waited(event.data, event.at);
      case 'call.disconnected':
        return this.#end(event.subject, event.data.talkedMs + (event.data.heldMs ?? 0), event.at);
      case 'agent.state.changed':
        return event.data.previous === 'wrap-up' ? this.#wrappedUp(event.data) : undefined;
      default:
        return undefined;
    }
  }

  /** What calls that ended before this process began tell; give them before any event. */
  remember(records: readonly CallRecord[]): void {
    for (const record of records.toSorted((a, b) => a.endedAt - b.endedAt)) {
      const { queue, agentId, waitedMs, talkedMs, heldMs, outcome, endedAt: at } = record;
      if (queue === null || record.direction !== 'inbound') continue;
      this.#waited({ queue, waitedMs }, at);
      if (outcome === 'abandoned') this.#note(this.#givenUp, queue, at, 1);
      if (agentId !== null && talkedMs > 0) this.#keep({ queue, agentId, rangMs: 0 }, talkedMs + heldMs, at);
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

  #waited({ queue, waitedMs }: { readonly queue: string; readonly waitedMs: number }, at: EpochMs): void {
    this.#note(this.#waits, queue, at, waitedMs);
  }

  #begin(call: string, { queue, agentId, rangMs }: Talk): void {
    this.#open.set(call, { queue, agentId, rangMs });
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value ?? '');
  }

  #end(call: string, talkedMs: number, at: EpochMs): void {
    const talk = this.#open.get(call);
    if (!talk) return;
    this.#open.delete(call);
    const kept = this.#keep(talk, talkedMs, at);
    if (kept) this.#wrapping.set(talk.agentId, kept);
  }

  #keep({ queue, agentId, rangMs }: Talk, talkedMs: number, at: EpochMs): Wrapping | null {
    const profile = this.#queues().get(queue);
    if (!profile) return null;
    const ms = rangMs + talkedMs + profile.wrapUpMs;
    const samples = [recentOf(this.#ofQueue, queue).add(at, ms), recentOf(this.#ofAgent, agentId).add(at, ms)];
    return { samples, expectedMs: profile.wrapUpMs };
  }

  #wrappedUp({ agentId, lastedMs }: { readonly agentId: string; readonly lastedMs: number }): void {
    const wrapping = this.#wrapping.get(agentId);
    if (!wrapping) return;
    this.#wrapping.delete(agentId);
    for (const sample of wrapping.samples) sample.add(lastedMs - wrapping.expectedMs);
  }

  #note(book: Map<string, Recent>, queue: string, at: EpochMs, ms: number): void {
    if (this.#queues().has(queue)) recentOf(book, queue).add(at, ms);
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

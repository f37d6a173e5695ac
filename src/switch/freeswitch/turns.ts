import type { LegId } from '../../call/ids.ts';
import type { Clock } from '../../engine/ports/time.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';

/** Something that a leg does by itself: an application of FreeSWITCH. */
export interface Turn {
  readonly app: string;
  readonly arg: string;
  /** It goes on until it is stopped, and follows what is before it also when nobody is connected by then. */
  readonly isEndless: boolean;
  /** FreeSWITCH has begun it. */
  readonly begun?: () => void;
  /** Comes once. */
  readonly ended: (end: TurnEnd) => void;
}

export interface TurnEnd {
  /** What FreeSWITCH says of it; null: it never began, or its end was not told. */
  readonly event: EslEvent | null;
  readonly isStopped: boolean;
  /** It ended while nobody was connected. */
  readonly isUnseen: boolean;
}

export interface Taken {
  readonly leg: Leg;
  readonly turn: Turn;
}

interface Entry extends Taken {
  /** FreeSWITCH names it so in its events. */
  readonly id: string;
  readonly over: PromiseWithResolvers<void>;
  state: 'waiting' | 'sent' | 'begun';
  isStopped: boolean;
  /** A break that was meant for its forerunner may have struck it. */
  isSparing: boolean;
  cancelBreak: () => void;
}

/** FreeSWITCH takes no notice of a break in the moment in which something begins. */
const BREAK_AGAIN_MS = 200;

/**
 * What legs do by themselves, one thing after another: what waits is kept here, so that it can be taken back. Only what goes on
 * for ever, as music does, is given to FreeSWITCH while it does something else.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #queues = new Map<LegId, Entry[]>();
  /** By their id: whoever sees it has seen all that was before. */
  readonly #marks = new Map<string, readonly Entry[]>();
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(leg: Leg, turn: Turn): Taken {
    const queue = this.#queues.get(leg.id) ?? [];
    const over = Promise.withResolvers<void>();
    const state = { state: 'waiting' as const, isStopped: false, isSparing: false, cancelBreak: () => {} };
    const entry: Entry = { leg, turn, over, id: `turn-${leg.id}-${++this.#made}`, ...state };
    this.#queues.set(leg.id, queue);
    queue.push(entry);
    this.#pump(leg.id);
    return entry;
  }

  /** In the order in which they come. */
  of(legId: LegId): readonly Taken[] {
    return this.#queues.get(legId) ?? [];
  }

  /** Settles when it has ended; at once for what waits, and what is over. */
  async stop(taken: Taken): Promise<void> {
    const entry = this.#queues.get(taken.leg.id)?.find((one) => one === taken);
    if (!entry) return;
    entry.isStopped = true;
    if (entry.state === 'waiting') this.#finish(entry);
    else if (entry.state === 'begun') this.#break(entry);
    await entry.over.promise;
  }

  /** Ends all that the leg does by itself; settles when it has ended. */
  async silence(legId: LegId): Promise<void> {
    await Promise.all(
      this.of(legId)
        .toReversed()
        .map((taken) => this.stop(taken)),
    );
  }

  hear(leg: Leg, event: EslEvent): void {
    const id = event.get('Application-UUID');
    if (event.name === 'CHANNEL_EXECUTE_COMPLETE' && this.#marks.has(id)) return this.#marked(id);
    const entry = this.#queues.get(leg.id)?.find((one) => one.id === id);
    if (entry && event.name === 'CHANNEL_EXECUTE') this.#begun(entry);
    if (entry && event.name === 'CHANNEL_EXECUTE_COMPLETE') this.#completed(entry, event);
  }

  /** All that it did has ended with it. */
  legGone(leg: Leg): void {
    const queue = this.#queues.get(leg.id) ?? [];
    this.#queues.delete(leg.id);
    for (const entry of queue) this.#end(entry);
  }

  /** Connected again: what FreeSWITCH was doing may have ended meanwhile, which it says when it comes to the mark. */
  async resume(): Promise<void> {
    const marks = [...this.#queues.values()].map(async (queue) => {
      const sent = queue.filter(({ state }) => state !== 'waiting');
      const [first] = sent;
      if (!first) return;
      const id = `mark-${++this.#made}`;
      this.#marks.set(id, sent);
      const answer = await first.leg.server.execute(first.leg.id, 'set', 'callwright_mark=true', id);
      if (answer?.startsWith('-')) this.#marked(id);
      for (const entry of sent) if (entry.isStopped && entry.state === 'begun') this.#break(entry);
    });
    await Promise.all(marks);
  }

  #marked(id: string): void {
    for (const entry of this.#marks.get(id) ?? []) this.#finish(entry, null, true);
    this.#marks.delete(id);
  }

  #pump(legId: LegId): void {
    const [first, second] = this.#queues.get(legId) ?? [];
    if (first?.state === 'waiting') void this.#send(first);
    if (second?.turn.isEndless && second.state === 'waiting') void this.#send(second);
  }

  async #send(entry: Entry): Promise<void> {
    const { leg, turn, id } = entry;
    entry.state = 'sent';
    const answer = await leg.server.execute(leg.id, turn.app, turn.arg, id);
    // Without an answer the connection is gone, and the next one tells.
    if (answer?.startsWith('-')) this.#finish(entry);
  }

  #begun(entry: Entry): void {
    entry.state = 'begun';
    entry.turn.begun?.();
    if (entry.isStopped) this.#break(entry);
  }

  #completed(entry: Entry, event: EslEvent): void {
    if (entry.isSparing && !entry.isStopped) {
      entry.isSparing = false;
      entry.state = 'waiting';
      return this.#pump(entry.leg.id);
    }
    this.#finish(entry, event);
  }

  #break(entry: Entry): void {
    const { leg } = entry;
    const [, next] = this.#queues.get(leg.id) ?? [];
    if (next?.state === 'sent') next.isSparing = true;
    entry.cancelBreak();
    void leg.server.api(`uuid_break ${leg.id}`);
    entry.cancelBreak = this.#clock.at(this.#clock.now() + BREAK_AGAIN_MS, () => {
      if (leg.server.isUp) this.#break(entry);
    });
  }

  #finish(entry: Entry, event: EslEvent | null = null, isUnseen = false): void {
    const queue = this.#queues.get(entry.leg.id);
    const at = queue?.indexOf(entry) ?? -1;
    if (!queue || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(entry.leg.id);
    this.#end(entry, event, isUnseen);
    this.#pump(entry.leg.id);
  }

  #end(entry: Entry, event: EslEvent | null = null, isUnseen = false): void {
    entry.cancelBreak();
    entry.turn.ended({ event, isUnseen, isStopped: entry.isStopped });
    entry.over.resolve();
  }
}

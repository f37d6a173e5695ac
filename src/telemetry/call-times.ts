import type { JournalEvent } from '../call/journal.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Instruments } from './instruments.ts';
import { queueLabel } from './queue-label.ts';

type Direction = 'inbound' | 'outbound';

interface Open {
  readonly direction: Direction;
  /** When it came or was dialled, until it is set up; null: it is, or nobody saw its beginning. */
  since: number | null;
  queue: string | null;
}

interface Worked {
  readonly direction: Direction;
  readonly ms: number;
}

/** Times that take several facts of a call to know: set-up, talk, and the work on it until its agent is free. */
export class CallTimes {
  readonly #calls = new BoundedMap<Open>();
  /** By agent: what his last talk took, until his wrap-up is over. */
  readonly #worked = new Map<string, Worked>();
  readonly #set: Instruments;

  constructor(set: Instruments) {
    this.#set = set;
  }

  take(event: JournalEvent): void {
    switch (event.type) {
      case 'call.arrived':
        return this.#calls.set(event.subject, { direction: event.data.direction, since: event.at, queue: null });
      case 'call.adopted':
        if (this.#calls.get(event.subject) === undefined)
          this.#calls.set(event.subject, { direction: event.data.direction, since: null, queue: null });
        return undefined;
      case 'leg.ringing':
        return this.#setUp(event, 'outbound');
      case 'call.answered':
        return this.#setUp(event, null);
      case 'call.connected':
        return this.#connected(event.subject, event.data.queue);
      case 'call.disconnected':
        return this.#talked(event.subject, event.data);
      case 'agent.state.changed':
        return this.#free(event.data);
      case 'call.ended':
        this.#calls.take(event.subject);
        return undefined;
      default:
        return undefined;
    }
  }

  /** @param only of calls of this direction; null: of all. */
  #setUp({ subject, at }: JournalEvent, only: Direction | null): void {
    const call = this.#calls.get(subject);
    if (!call || call.since === null || (only !== null && call.direction !== only)) return;
    this.#set.took('callwright_call_setup_seconds', { direction: call.direction }, at - call.since);
    call.since = null;
  }

  #connected(subject: string, queue: string): void {
    const call = this.#calls.get(subject);
    if (call) call.queue = queue;
  }

  #talked(subject: string, { agentId, talkedMs, heldMs = 0 }: { agentId: string; talkedMs: number; heldMs?: number }) {
    const call = this.#calls.get(subject);
    if (!call) return;
    const { direction, queue } = call;
    this.#set.took('callwright_talk_seconds', { direction }, talkedMs);
    const ms = talkedMs + heldMs;
    this.#worked.set(agentId, { direction, ms });
    if (queue !== null) this.#set.inc('callwright_queue_talk_seconds_total', { queue: queueLabel(queue) }, ms / 1_000);
  }

  #free({
    agentId,
    state,
    previous,
    lastedMs,
  }: {
    agentId: string;
    state: string;
    previous: string;
    lastedMs: number;
  }) {
    const worked = this.#worked.get(agentId);
    if (!worked || state === 'wrap-up') return;
    this.#worked.delete(agentId);
    const wrapMs = previous === 'wrap-up' ? lastedMs : 0;
    this.#set.took('callwright_handle_seconds', { direction: worked.direction }, worked.ms + wrapMs);
  }
}

import type { JournalEvent } from '../../src/call/journal.ts';

/**
 * What the journal of calls says of agents who had two calls at once, and of calls with two agents. Events come in the order
 * in which they were written, over all processes. A ring of several phones at once is told with `ringAtOnce`.
 */
export function doubleBookings(events: readonly JournalEvent[], ringAtOnce = 1): readonly string[] {
  const book = new Book(ringAtOnce);
  const seen = new Set<string>();
  for (const event of events) {
    // A write whose answer was lost is made again: the number tells the second one apart.
    const id = `${event.subject} ${event.seq}`;
    if (event.subject.startsWith('call/') && !seen.has(id)) book.see(event.subject.slice(5), event);
    if (event.type === 'agent.hold.lapsed') book.lapsed(event.data.callId, event.data.agentId);
    seen.add(id);
  }
  return book.faults;
}

class Book {
  readonly faults: string[] = [];
  readonly #ringAtOnce: number;
  /** By agent: the call that has him. */
  readonly #calls = new Map<string, string>();
  /** By call: whom it rings, and whom it talks with. */
  readonly #rung = new Map<string, Set<string>>();
  readonly #talks = new Map<string, string>();

  constructor(ringAtOnce: number) {
    this.#ringAtOnce = ringAtOnce;
  }

  see(callId: string, event: JournalEvent): void {
    if (event.type === 'call.offered') this.#offered(callId, event.data.agentId);
    if (event.type === 'call.offer.failed') this.#free(callId, event.data.agentId);
    if (event.type === 'call.connected') this.#connected(callId, event.data.agentId);
    if (event.type === 'call.disconnected') this.#free(callId, event.data.agentId);
    if (event.type === 'call.ended') for (const agent of this.#rung.get(callId) ?? []) this.#free(callId, agent);
  }

  /** His call's process died: he was freed when the time was over for which he was held. */
  lapsed(callId: string, agentId: string): void {
    this.#free(callId, agentId);
  }

  #offered(callId: string, agentId: string): void {
    const other = this.#calls.get(agentId);
    if (other !== undefined) this.faults.push(`${agentId} is offered ${callId} while he has ${other}`);
    const rung = this.#rung.get(callId) ?? new Set();
    rung.add(agentId);
    if (rung.size > this.#ringAtOnce) this.faults.push(`${callId} rings ${[...rung].join(' and ')}`);
    this.#rung.set(callId, rung);
    this.#calls.set(agentId, callId);
  }

  #connected(callId: string, agentId: string): void {
    const other = this.#talks.get(callId);
    if (other !== undefined) this.faults.push(`${callId} talks with ${agentId} and ${other}`);
    if (this.#calls.get(agentId) !== callId) this.faults.push(`${agentId} talks with ${callId}, which was not his`);
    this.#talks.set(callId, agentId);
  }

  #free(callId: string, agentId: string): void {
    if (this.#calls.get(agentId) === callId) this.#calls.delete(agentId);
    this.#rung.get(callId)?.delete(agentId);
    if (this.#talks.get(callId) === agentId) this.#talks.delete(callId);
  }
}

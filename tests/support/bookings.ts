import type { JournalEvent } from '../../src/call/journal.ts';

/** How many agents a queue rings at once for one call. */
type RingAtOnce = (queue: string) => number;

/**
 * What the journal of calls says of agents who had two calls at once, and of calls that two agents lead. Events come in the
 * order in which they were written, over all processes. Guests of a talk are agents who have that call as well.
 */
export function doubleBookings(events: readonly JournalEvent[], ringAtOnce: RingAtOnce = () => 1): readonly string[] {
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

/** For whom of a call an agent's phone rings: the customer, or a guest of that id. */
const THE_CUSTOMER = 'customer';

type Offered = Extract<JournalEvent, { type: 'call.offered' }>['data'];

class Book {
  readonly faults: string[] = [];
  readonly #ringAtOnce: RingAtOnce;
  /** By agent: the call that has him, and his leg of it. */
  readonly #calls = new Map<string, { readonly callId: string; readonly legId: string }>();
  /** By call and for whom: who is rung, and who of them came. */
  readonly #rung = new Map<string, Map<string, Set<string>>>();
  /** By call: who leads it. */
  readonly #leads = new Map<string, string>();

  constructor(ringAtOnce: RingAtOnce) {
    this.#ringAtOnce = ringAtOnce;
  }

  see(callId: string, event: JournalEvent): void {
    if (event.type === 'call.offered') this.#offered(callId, event.data);
    if (event.type === 'call.offer.failed') this.#free(callId, event.data.agentId);
    if (event.type === 'call.connected') this.#connected(callId, event.data.agentId);
    if (event.type === 'call.disconnected') this.#free(callId, event.data.agentId);
    if (event.type === 'leg.ended') this.#legEnded(callId, event.data.legId);
    if (event.type === 'call.ended') this.#ended(callId);
  }

  /** His call's process died: he was freed when the time was over for which he was held. */
  lapsed(callId: string, agentId: string): void {
    this.#free(callId, agentId);
  }

  #offered(callId: string, { agentId, legId, queue, guest = THE_CUSTOMER }: Offered): void {
    const other = this.#calls.get(agentId)?.callId;
    if (other !== undefined) this.faults.push(`${agentId} is offered ${callId} while he has ${other}`);
    const parts = this.#rung.get(callId) ?? new Map<string, Set<string>>();
    const rung = (parts.get(guest) ?? new Set()).add(agentId);
    if (rung.size > this.#ringAtOnce(queue)) this.faults.push(`${callId} rings ${[...rung].join(' and ')}`);
    this.#rung.set(callId, parts.set(guest, rung));
    this.#calls.set(agentId, { callId, legId });
  }

  #connected(callId: string, agentId: string): void {
    const other = this.#leads.get(callId);
    if (other !== undefined) this.faults.push(`${callId} talks with ${agentId} and ${other}`);
    const his = this.#calls.get(agentId)?.callId;
    if (his !== callId) this.faults.push(`${agentId} talks with ${callId}, which was not his`);
    this.#leads.set(callId, agentId);
  }

  #legEnded(callId: string, legId: string): void {
    for (const [agentId, has] of this.#calls) if (has.legId === legId) this.#free(callId, agentId);
  }

  #ended(callId: string): void {
    for (const [agentId, has] of this.#calls) if (has.callId === callId) this.#free(callId, agentId);
  }

  #free(callId: string, agentId: string): void {
    if (this.#calls.get(agentId)?.callId === callId) this.#calls.delete(agentId);
    for (const rung of this.#rung.get(callId)?.values() ?? []) rung.delete(agentId);
    if (this.#leads.get(callId) === agentId) this.#leads.delete(callId);
  }
}

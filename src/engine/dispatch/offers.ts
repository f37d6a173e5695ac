import type { Why } from '../../acd/decision.ts';
import { reachOf } from '../../acd/pool-agent.ts';
import type { AgentId, CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { QueueProfile } from '../../call/routing.ts';
import type { AgentDesk } from '../agent-desk.ts';
import type { CallState } from '../call/state.ts';
import { partsOf } from '../call/tickets.ts';
import type { CallSession, OfferInput } from '../call-session.ts';
import { insist } from '../insist.ts';
import type { LiveStore } from '../ports/live-store.ts';
import type { Clock, Log } from '../ports/time.ts';
import type { Message } from './messages.ts';
import type { Entry, WaitingList } from './waiting-list.ts';

/** A reservation outlives the ring by this much, so that it never lapses under a phone that still rings. */
const RESERVATION_MARGIN_MS = 15_000;
/** How long agents are held for a call of another process until that takes them; it may be gone. */
const HANDOVER_MS = 5_000;
/** A lost race is tried again after this; what it was lost to has been read by then. */
const RETRY_MS = 200;
/** With every failure of the store in a row a ticket is tried half as often, down to once in so long. */
const RETRY_MOST_MS = 3_200;
/** Agents whom the guests of one talk may hold; each guest is offered one. */
const GUESTS_MOST = 10;

type OfferMessage = Extract<Message, { type: 'offer' }>;
type Held = OfferInput['agents'][number];

export interface OfferRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly desk: AgentDesk;
  readonly owner: string;
  readonly list: WaitingList;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  /** Whether our own calls can be offered: the switch is there and reconciled. */
  readonly open: () => boolean;
  readonly watch: { decided(why: Why): void };
  /** An offer came to nothing: agents and ticket are to be looked at again. */
  readonly again: (agentIds: readonly AgentId[], entry: Entry | null) => void;
  /** An owner's process is gone, or wants no offers for now. */
  readonly shut: (owner: string) => void;
}

/** Turns a pairing into a ring: holds the agents, which is the last word, and tells the call, here or in another process. */
export class Offers {
  readonly #rooms: OfferRooms;
  readonly #under: Set<Promise<void>> = new Set();
  /** Offers in a row that the store did not take. */
  readonly #failed = new WeakMap<Entry, number>();

  constructor(rooms: OfferRooms) {
    this.#rooms = rooms;
  }

  /** Resolves when no agent is being held. */
  async idle(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  /** `since`: from when on the two could be brought together. */
  make(why: Why, entry: Entry, since: EpochMs): void {
    const making = this.#make(why, entry, since).finally(() => this.#under.delete(making));
    this.#under.add(making);
  }

  async #make(why: Why, entry: Entry, since: EpochMs): Promise<void> {
    const { session } = entry;
    const ttlMs = session ? this.#terms(session.state, entry).ringMs + RESERVATION_MARGIN_MS : HANDOVER_MS;
    const { held, failed } = await this.#hold(why, ttlMs);
    const failures = failed && held.length === 0 ? (this.#failed.get(entry) ?? 0) + 1 : 0;
    this.#failed.set(entry, failures);
    if (held.length < why.agentIds.length) this.#later(why.agentIds, held.length > 0 ? null : entry, failures);
    if (held.length === 0) return;
    const made = { ...why, agentIds: held.map(({ agentId }) => agentId) };
    this.#rooms.watch.decided(made);
    if (session) this.#post(session, entry, held, { why: made, since });
    else await this.#handOver(entry, held, { why: made, since });
  }

  async #hold(why: Why, ttlMs: number): Promise<{ readonly held: readonly Held[]; readonly failed: boolean }> {
    const { desk, log } = this.#rooms;
    const { callId, for: whom } = partsOf(why.callId);
    const most = whom === 'visit' ? why.agentIds.length : GUESTS_MOST;
    let failed = false;
    const one = async (agentId: AgentId): Promise<Held[]> => {
      try {
        const held = await desk.reserve(agentId, callId, ttlMs, { most });
        return held ? [{ agentId, reach: held.reach, fence: held.fence }] : [];
      } catch (error) {
        log.error({ err: error, callId, agentId }, 'an agent could not be held; the call keeps its place');
        failed = true;
        return [];
      }
    };
    return { held: (await Promise.all(why.agentIds.map(one))).flat(), failed };
  }

  #later(agentIds: readonly AgentId[], entry: Entry | null, failures: number): void {
    const { clock, again } = this.#rooms;
    const inMs = Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.max(0, failures - 1));
    clock.at(clock.now() + RETRY_MS, () => again(agentIds, failures > 0 ? null : entry));
    if (failures > 0 && entry) clock.at(clock.now() + inMs, () => again([], entry));
  }

  #post(session: CallSession, { id, wait }: Entry, agents: readonly Held[], about: { why: Why; since: EpochMs }): void {
    const terms = this.#terms(session.state, { wait });
    session.post({ type: 'offer', for: partsOf(id).for, agents, ...terms, ...about });
  }

  #terms({ attempt }: CallState, { wait }: Pick<Entry, 'wait'>): { ringMs: number; wrapUpMs: number } {
    const profile = this.#rooms.queues().get(wait.ticket.queue);
    return { ringMs: profile?.ringMs ?? 20_000, wrapUpMs: attempt?.wrapUpMs ?? profile?.wrapUpMs ?? 0 };
  }

  async #handOver(entry: Entry, held: readonly Held[], about: { why: Why; since: EpochMs }): Promise<void> {
    const { live, clock, owner } = this.#rooms;
    const agents = held.map(({ agentId, fence }) => ({ agentId, fence }));
    const ageMs = clock.now() - about.since;
    const offer = { type: 'offer', from: owner, ticketId: entry.id, agents, why: about.why, ageMs } as const;
    // When no answer comes it may have been heard, and then the agents are the call's: nobody takes them away again.
    const heard = await live.tell(entry.owner, offer satisfies Message).catch(() => true);
    const lookAgain = () => this.#rooms.again([], entry);
    if (heard) return void clock.at(clock.now() + HANDOVER_MS, lookAgain);
    await this.#letGo(partsOf(entry.id).callId, agents);
    this.#rooms.shut(entry.owner);
    return lookAgain();
  }

  /** Another process holds agents for a ticket of ours; until we say that we take them they are held for a moment only. */
  async accept(offer: OfferMessage, session: CallSession | undefined): Promise<void> {
    const { live, clock, open, owner, list } = this.#rooms;
    const { ticketId, agents, from } = offer;
    const { callId } = partsOf(ticketId);
    const entry = open() && session ? list.take(ticketId, clock.now()) : undefined;
    if (!entry || !session || entry.session !== session) {
      await this.#letGo(callId, agents);
      await live.tell(from, { type: 'declined', ticketId, from: owner, closed: !open() } satisfies Message);
      return;
    }
    const ttlMs = this.#terms(session.state, entry).ringMs + RESERVATION_MARGIN_MS;
    const held = (await Promise.all(agents.map((agent) => this.#confirm(callId, agent, ttlMs)))).flat();
    if (held.length === 0) return this.#rooms.again([], entry);
    this.#post(session, entry, held, { why: offer.why, since: clock.now() - offer.ageMs });
  }

  async #confirm(callId: CallId, { agentId, fence }: OfferMessage['agents'][number], ttlMs: number): Promise<Held[]> {
    const { live, desk, log } = this.#rooms;
    try {
      if (!(await live.confirmReservation(callId, fence, ttlMs))) return [];
    } catch (error) {
      log.warn({ err: error, callId, agentId }, 'live store away: an offer could not be taken up');
      return [];
    }
    const candidate = desk.find(agentId);
    if (candidate) return [{ agentId, reach: reachOf(candidate), fence }];
    await this.#letGo(callId, [{ agentId, fence }]);
    return [];
  }

  /** The hold ends before the agent is free, or whoever wants him next would be refused. */
  async #letGo(callId: CallId, agents: OfferMessage['agents']): Promise<void> {
    const { live, desk } = this.#rooms;
    for (const { agentId, fence } of agents) {
      await insist(this.#rooms, 'end of a reservation', () => live.endReservation(callId, fence));
      await desk.apply(agentId, { type: 'fail', verdict: 'cancelled' }, callId);
    }
  }
}

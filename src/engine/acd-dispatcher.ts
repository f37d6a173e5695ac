import { match } from '../acd/match.ts';
import { isFree } from '../acd/agent.ts';
import { expectedWaitMs } from '../acd/estimate.ts';
import { type Candidate, PLAIN_TICKET, positionOf, qualified, type WaitingCall } from '../acd/queue.ts';
import type { QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { AgentDesk } from './agent-desk.ts';
import { expectedOf, ticketsOf } from './call/tickets.ts';
import type { CallSession } from './call-session.ts';
import type { Clock, Log } from './ports/time.ts';

/** A reservation outlives the ring by this much, so that it never lapses under a phone that still rings. */
const RESERVATION_MARGIN_MS = 15_000;
/** A lost race is tried again after this; what it was lost to has been read by then. */
const RETRY_MS = 200;
/** Queues nobody moved in are looked at this often all the same: positions, lapsed reservations. */
const SWEEP_MS = 5_000;
/** The waiting caller's own timer at which his place is said again. */
const PLACE_IS_SAID = 'wait:wait.position';

interface DispatcherRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly desk: AgentDesk;
  readonly queues: ReadonlyMap<string, QueueProfile>;
  /** How long calls of a queue took lately, ms; null when nobody knows. */
  meanHandleMs(queue: QueueName): number | null;
  /** Whether offers can be made: the switch is there and reconciled. */
  open(): boolean;
}

/**
 * Brings waiting calls and free agents together. Who waits is read from the calls' own states, so nothing is to be kept in
 * step and a restart finds every place again; `acd/match` decides, the reservation in the live store is the last word.
 */
export class AcdDispatcher {
  readonly #rooms: DispatcherRooms;
  readonly #waiting = new Map<string, { readonly session: CallSession; readonly call: WaitingCall }>();
  /** Dials that ring: whoever answers must find an agent, so nobody else is given him meanwhile. */
  readonly #expected = new Map<string, WaitingCall>();
  #holds = 0;
  #round: Promise<void> | null = null;
  #again = false;
  #sweep: (() => void) | null = null;
  #sweeping = false;

  constructor(rooms: DispatcherRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    this.#sweep = this.#rooms.clock.at(this.#rooms.clock.now() + SWEEP_MS, () => {
      this.#sweeping = true;
      this.kick();
      this.start();
    });
  }

  stop(): void {
    this.#sweep?.();
  }

  /** A call moved: it waits now, or waits no more. */
  follow(session: CallSession): void {
    const { state } = session;
    const [call] = ticketsOf(state);
    if (call) this.#wait(session, call);
    else if (this.#waiting.delete(state.id)) this.kick();
    const expected = expectedOf(state);
    if (expected) this.#expected.set(state.id, expected);
    else if (this.#expected.delete(state.id)) this.kick();
    if (call) this.kick();
  }

  #wait(session: CallSession, call: WaitingCall): void {
    const { clock } = this.#rooms;
    if (!this.#waiting.has(call.callId)) {
      const steps = call.relax.map(({ afterMs }) => call.enqueuedAt + afterMs).filter((at) => at > clock.now());
      for (const at of steps) clock.at(at, () => this.kick());
    }
    this.#waiting.set(call.callId, { session, call });
  }

  /** Keeps agents for dials that are about to be made, until the returned function is called. */
  hold(campaignId: string, require: readonly Requirement[], count: number): () => void {
    const keys = Array.from({ length: count }, () => `hold-${(this.#holds += 1)}`);
    for (const key of keys) {
      const demand = {
        ...PLAIN_TICKET,
        kind: 'campaign',
        queue: `campaign:${campaignId}`,
        require,
        campaignId,
      } as const;
      this.#expected.set(key, { ...demand, callId: key, enqueuedAt: this.#rooms.clock.now() });
    }
    return () => {
      for (const key of keys) this.#expected.delete(key);
      this.kick();
    };
  }

  waitingIn(queue: string): readonly WaitingCall[] {
    return [...this.#waiting.values()].map(({ call }) => call).filter((call) => call.queue === queue);
  }

  queueFacts(queue: QueueName): { waiting: number; agents: readonly Candidate[] } {
    return { waiting: this.waitingIn(queue).length, agents: this.#rooms.desk.all() };
  }

  /** How long who takes that place in the queue will wait, ms; null when nobody knows. */
  estimateMs(queue: QueueName, place: number): number | null {
    const { agents, free } = this.#servers(queue);
    const meanHandleMs = this.#rooms.meanHandleMs(queue);
    return expectedWaitMs({ place, agents: agents.length, free: free.length, meanHandleMs });
  }

  /** How a queue stands for who would join it now. */
  standing(queue: QueueName): { readonly waiting: number; readonly ready: number; readonly waitMs: number | null } {
    const waiting = this.waitingIn(queue).length;
    return { waiting, ready: this.#servers(queue).free.length, waitMs: this.estimateMs(queue, waiting + 1) };
  }

  #servers(queue: QueueName): { readonly agents: readonly Candidate[]; readonly free: readonly Candidate[] } {
    const profile = this.#rooms.queues.get(queue) ?? { name: queue, require: [] };
    const able = this.#rooms.desk.all().filter(({ profile: agent }) => qualified(agent, profile, []));
    const agents = able.filter(({ live }) => live.status === 'ready');
    return { agents, free: agents.filter(({ live }) => isFree(live, this.#rooms.clock.now())) };
  }

  /** Looks again, soon; any number of kicks while a round runs make one more round. */
  kick(): void {
    this.#again = true;
    this.#round ??= this.#run();
  }

  async idle(): Promise<void> {
    while (this.#round) await this.#round;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#offerRound();
        this.#tellPositions();
      } catch (error) {
        this.#rooms.log.error({ err: error }, 'dispatch round failed; callers keep their places');
      }
    }
    this.#round = null;
  }

  async #offerRound(): Promise<void> {
    const waiting = [...this.#waiting.values()].map(({ call }) => call);
    if (waiting.length === 0 || !this.#rooms.open()) return;
    const { desk, queues, clock } = this.#rooms;
    const now = clock.now();
    // A dial has no age until it is answered, so a person on the line goes before one who may yet answer.
    const expected = [...this.#expected.values()].map((call) => ({ ...call, enqueuedAt: now }));
    const pairings = match({ waiting: [...waiting, ...expected], agents: desk.all(), queues, now });
    for (const { callId, agentId } of pairings) {
      if (!this.#expected.has(callId)) await this.#offer(callId, agentId);
    }
  }

  async #offer(callId: string, agentId: string): Promise<void> {
    const entry = this.#waiting.get(callId);
    if (!entry) return;
    const { ringMs, wrapUpMs } = this.#terms(entry.session);
    const held = await this.#rooms.desk.reserve(agentId, callId, ringMs + RESERVATION_MARGIN_MS);
    if (!held) {
      this.#rooms.clock.at(this.#rooms.clock.now() + RETRY_MS, () => this.kick());
      return;
    }
    this.#waiting.delete(callId);
    const agents = [{ agentId, reach: held.reach, fence: held.fence }];
    entry.session.post({ type: 'offer', for: 'visit', agents, ringMs, wrapUpMs });
  }

  #terms(session: CallSession): { ringMs: number; wrapUpMs: number } {
    const { attempt, visit } = session.state;
    const profile = this.#rooms.queues.get(visit?.request.queue ?? '');
    return { ringMs: profile?.ringMs ?? 20_000, wrapUpMs: attempt?.wrapUpMs ?? profile?.wrapUpMs ?? 0 };
  }

  /**
   * Every coming and going moves everybody behind it, but a place matters only when it is said: it is told to who has none
   * yet, and in a sweep to who hears his before the sweep after the next. Telling all at once would be a step, and a write,
   * for each of hundreds.
   */
  #tellPositions(): void {
    const soon = this.#rooms.clock.now() + (this.#sweeping ? 2 * SWEEP_MS : 0);
    this.#sweeping = false;
    const entries = [...this.#waiting.values()];
    const all = entries.map(({ call }) => call);
    for (const { session, call } of entries) {
      const { visit, timers } = session.state;
      if (!visit?.treatment || (visit.position > 0 && (timers[PLACE_IS_SAID] ?? Infinity) > soon)) continue;
      const position = positionOf(all, call.callId);
      const { estimates, estimateMs: last } = visit.treatment;
      const estimateMs = estimates ? this.estimateMs(call.queue, position) : null;
      if (visit.position !== position || estimateMs !== last) session.post({ type: 'position', position, estimateMs });
    }
  }
}

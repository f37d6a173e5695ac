import type { PoolAgent, Why } from '../../acd/decision.ts';
import type { Estimate } from '../../acd/estimate.ts';
import type { Pace } from '../../acd/estimate-pool.ts';
import { Pool, type Standing } from '../../acd/pool.ts';
import type { WaitingCall } from '../../acd/queue.ts';
import type { AgentId, CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { QueueProfile } from '../../call/routing.ts';
import { membershipOf, RoutingPools } from './routing-pools.ts';

const SEED = 1;
const EMPTY: Standing = { waiting: 0, able: 0, ready: 0, free: 0 };

/**
 * Every routing pool of the site, each with its own matcher. When the pools themselves may change, as a release, an agent
 * who is new or gone, or other queues of his do it, all are made anew: a pass over everybody, a few times a day for each
 * supervisor. Whatever else happens touches one pool, and there only those whom it concerns.
 */
export class Pools {
  #queues: ReadonlyMap<QueueName, QueueProfile>;
  #routing: RoutingPools;
  readonly #agents = new Map<AgentId, PoolAgent>();
  readonly #calls = new Map<CallId, WaitingCall>();
  readonly #dials = new Map<CallId, WaitingCall>();
  #pools = new Map<string, Pool>();
  /** Queues that have a pool though nobody may serve them. */
  readonly #asked = new Set<QueueName>();
  #stale = false;

  constructor(queues: ReadonlyMap<QueueName, QueueProfile>) {
    this.#queues = queues;
    this.#routing = new RoutingPools(queues, []);
  }

  /** Of all pools there are, whether or not anybody waits there. */
  names(now: EpochMs): readonly string[] {
    this.#renew(now);
    const asked = [...this.#asked].map((queue) => this.nameOf({ queue, only: null }, now));
    return [...new Set([...this.#routing.names, ...this.#pools.keys(), ...asked])];
  }

  /** The rules in force; true when they are others than before. */
  setQueues(queues: ReadonlyMap<QueueName, QueueProfile>, now: EpochMs): boolean {
    if (queues === this.#queues) return false;
    this.#queues = queues;
    this.#stale = true;
    this.#renew(now);
    return true;
  }

  /** Many at once, as at the start. */
  putAgents(agents: Iterable<PoolAgent>, now: EpochMs): void {
    const all = [...agents];
    for (const agent of all) this.#know(agent);
    if (this.#stale) return this.#renew(now);
    for (const agent of all) this.#pool(this.#routing.ofAgent(agent.profile)).putAgent(agent, now);
    return undefined;
  }

  /** Answers the name of the agent's pool. */
  putAgent(agent: PoolAgent, now: EpochMs): string {
    this.#know(agent);
    this.#renew(now);
    const name = this.#routing.ofAgent(agent.profile);
    this.#pool(name).putAgent(agent, now);
    return name;
  }

  #know(agent: PoolAgent): void {
    const before = this.#agents.get(agent.id);
    this.#agents.set(agent.id, agent);
    if (before?.profile === agent.profile) return;
    this.#stale ||= !before || membershipOf(before.profile) !== membershipOf(agent.profile);
  }

  removeAgent(id: AgentId): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    this.#pools.get(this.#routing.ofAgent(agent.profile))?.removeAgent(id);
    this.#agents.delete(id);
    this.#stale = true;
  }

  putCall(call: WaitingCall, now: EpochMs): string {
    this.#calls.set(call.callId, call);
    const name = this.nameOf(call, now);
    this.#pool(name).putCall(call, now);
    return name;
  }

  /** Answers the name of the pool where the call was; null when it was in none. */
  removeCall(id: CallId, now: EpochMs): string | null {
    const call = this.#calls.get(id);
    if (!call) return null;
    const name = this.nameOf(call, now);
    this.#calls.delete(id);
    this.#pools.get(name)?.removeCall(id);
    return name;
  }

  hold(dial: WaitingCall, now: EpochMs): string {
    this.#dials.set(dial.callId, dial);
    const name = this.nameOf(dial, now);
    this.#pool(name).hold(dial, now);
    return name;
  }

  release(id: CallId, now: EpochMs): string | null {
    const dial = this.#dials.get(id);
    if (!dial) return null;
    const name = this.nameOf(dial, now);
    this.#dials.delete(id);
    this.#pools.get(name)?.release(id);
    return name;
  }

  /** The next pairing of a pool, taken out of it. */
  next(name: string, now: EpochMs): Why | null {
    const why = this.#pools.get(name)?.next(now) ?? null;
    if (!why) return null;
    this.#calls.delete(why.callId);
    for (const id of why.agentIds) {
      const agent = this.#agents.get(id);
      if (agent) this.#agents.set(id, { ...agent, presence: 'busy' });
    }
    return why;
  }

  nextAt(name: string, now: EpochMs): EpochMs | null {
    return this.#pools.get(name)?.nextAt(now) ?? null;
  }

  nameOf(call: Pick<WaitingCall, 'queue' | 'only'>, now: EpochMs): string {
    this.#renew(now);
    return this.#routing.ofTicket(call, (id) => this.#agents.get(id)?.profile);
  }

  /** The pool of an agent who was put. */
  nameOfAgent(id: AgentId, now: EpochMs): string | null {
    this.#renew(now);
    const agent = this.#agents.get(id);
    return agent ? this.#routing.ofAgent(agent.profile) : null;
  }

  /** Lets there be a pool of the queue, whether or not anybody serves it. */
  open(queue: QueueName, now: EpochMs): string {
    this.#asked.add(queue);
    return this.nameOf({ queue, only: null }, now);
  }

  /** The pool that a queue's calls and agents are in, if anybody is. */
  of(queue: QueueName, now: EpochMs): Pool | undefined {
    return this.#pools.get(this.nameOf({ queue, only: null }, now));
  }

  /** Free agents who are kept for dials that ring; of pools that another process leads nobody is known. */
  kept(): readonly AgentId[] {
    return [...this.#pools.values()].flatMap((pool) => [...pool.kept()]);
  }

  position(id: CallId, now: EpochMs): number {
    const call = this.#calls.get(id);
    return call ? (this.#pools.get(this.nameOf(call, now))?.position(id) ?? 0) : 0;
  }

  /** How long the call will wait yet; null when it does not wait, or nobody knows. */
  estimate(id: CallId, pace: Pace, now: EpochMs): Estimate | null {
    const call = this.#calls.get(id);
    return call ? (this.#pools.get(this.nameOf(call, now))?.estimate(id, pace, now) ?? null) : null;
  }

  estimateOfNew(call: WaitingCall, pace: Pace, now: EpochMs): Estimate | null {
    return this.#pools.get(this.nameOf(call, now))?.estimateOfNew(call, pace, now) ?? null;
  }

  /** Is anybody logged in who could take the call, now or once it asks for less? */
  isStaffed(call: WaitingCall, now: EpochMs): boolean {
    return this.#pools.get(this.nameOf(call, now))?.isStaffed(call) ?? false;
  }

  standing(queue: QueueName, now: EpochMs): Standing {
    return this.of(queue, now)?.standing(queue) ?? EMPTY;
  }

  #pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known) return known;
    const made = new Pool(this.#queues, SEED);
    this.#pools.set(name, made);
    return made;
  }

  #renew(now: EpochMs): void {
    if (!this.#stale) return;
    this.#stale = false;
    const profiles = [...this.#agents.values()].map(({ profile }) => profile);
    this.#routing = new RoutingPools(this.#queues, profiles);
    this.#pools = new Map();
    for (const agent of this.#agents.values()) this.#pool(this.#routing.ofAgent(agent.profile)).putAgent(agent, now);
    for (const call of this.#calls.values()) this.#pool(this.nameOf(call, now)).putCall(call, now);
    for (const dial of this.#dials.values()) this.#pool(this.nameOf(dial, now)).hold(dial, now);
  }
}

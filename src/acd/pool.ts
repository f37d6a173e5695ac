import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { PoolAgent, Why } from './decision.ts';
import { bestPairing, contenders, needOf, type Scene } from './match.ts';
import { isIn, ladderOf, queueOf, throughOf } from './pool-rules.ts';
import { whyOf } from './pool-why.ts';
import { positionOf, qualified, type WaitingCall } from './queue.ts';

/** How a queue stands: who waits in it, and of the agents who serve it how many are logged in, ready and free. */
export interface Standing {
  readonly waiting: number;
  readonly able: number;
  readonly ready: number;
  readonly free: number;
}

export class Pool {
  #queues: ReadonlyMap<QueueName, QueueProfile>;
  readonly #agents = new Map<AgentId, PoolAgent>();
  readonly #calls = new Map<CallId, WaitingCall>();
  readonly #dials = new Map<CallId, { readonly call: WaitingCall; agentId: AgentId | null }>();

  constructor(queues: ReadonlyMap<QueueName, QueueProfile>, _seed: number) {
    this.#queues = queues;
  }

  /** The rules changed; waiting calls follow at once. */
  setQueues(queues: ReadonlyMap<QueueName, QueueProfile>, _now: EpochMs): void {
    this.#queues = queues;
  }

  /** A new agent, or one who changed. Who is put first comes first in `linear`. */
  putAgent(agent: PoolAgent, _now: EpochMs): void {
    this.#agents.set(agent.id, agent);
  }

  removeAgent(id: AgentId): void {
    this.#agents.delete(id);
  }

  /** A new waiting call, or one that changed. */
  putCall(call: WaitingCall, _now: EpochMs): void {
    this.#calls.set(call.callId, call);
  }

  removeCall(id: CallId): void {
    this.#calls.delete(id);
  }

  /** Keeps an agent for a dial that rings, now or as soon as one is free, until `release`; only persons rung by a campaign go before. */
  hold(dial: WaitingCall, _now: EpochMs): void {
    if (!this.#dials.has(dial.callId)) this.#dials.set(dial.callId, { call: dial, agentId: null });
  }

  /** The dial is over, or answered: then the person is put as a call. */
  release(id: CallId): void {
    this.#dials.delete(id);
  }

  /** Takes the next pairing out of the pool: the call is gone, its agents are busy until they are put again. Null: there is none. */
  next(now: EpochMs): Why | null {
    let found = bestPairing(this.#scene(), now);
    if (found?.need.call.campaignId == null && this.#keep(now)) found = bestPairing(this.#scene(), now);
    if (!found) return null;
    const { need, taken } = found;
    const [own] = need.serving;
    if (!own) return null;
    const all = contenders(need, this.#scene());
    const able = [...this.#agents.values()].filter(
      (agent) => isIn(agent) && throughOf(agent.profile, need.serving, need.require),
    ).length;
    const { call, step, require, bound } = need;
    const lost = all.filter((one) => !taken.includes(one));
    const candidates = bound === null ? { able, free: all.length } : { able: 1, free: 1 };
    this.#calls.delete(call.callId);
    for (const { agent } of taken) this.#agents.set(agent.id, { ...agent, presence: 'busy' });
    return whyOf({ call, own, step, require, taken, lost, candidates, behind: [] }, now);
  }

  /** When time alone may change what `next` says; null: never. */
  nextAt(now: EpochMs): EpochMs | null {
    const times = [...this.#calls.values()].flatMap((call) => [
      ...ladderOf(call, this.#queues).map(({ afterMs }) => call.enqueuedAt + afterMs),
      ...(call.prefer ? [call.prefer.until] : []),
    ]);
    const later = times.filter((at) => at > now);
    return later.length > 0 ? Math.min(...later) : null;
  }

  /** The call's place in its queue, 1 being the next; 0 when it does not wait. */
  position(id: CallId): number {
    return positionOf([...this.#calls.values()], id);
  }

  waiting(queue: QueueName): number {
    return [...this.#calls.values()].filter((call) => call.queue === queue).length;
  }

  standing(queue: QueueName): Standing {
    const profile = queueOf(this.#queues, queue);
    const able = [...this.#agents.values()].filter((agent) => isIn(agent) && qualified(agent.profile, profile, []));
    const ready = able.filter(({ presence }) => presence !== 'away');
    const free = ready.filter(({ presence }) => presence === 'free');
    return { waiting: this.waiting(queue), able: able.length, ready: ready.length, free: free.length };
  }

  calls(): Iterable<WaitingCall> {
    return this.#calls.values();
  }

  agents(): Iterable<PoolAgent> {
    return this.#agents.values();
  }

  #scene(): Scene {
    const kept = new Set([...this.#dials.values()].flatMap(({ agentId }) => agentId ?? []));
    return { calls: [...this.#calls.values()], agents: [...this.#agents.values()], queues: this.#queues, kept };
  }

  /** Gives dials an agent who have none, or no longer a free one. */
  #keep(now: EpochMs): boolean {
    let kept = false;
    for (const dial of this.#dials.values()) {
      if (dial.agentId !== null && this.#agents.get(dial.agentId)?.presence === 'free') continue;
      dial.agentId = null;
      const scene = this.#scene();
      const [first] = contenders(needOf({ ...dial.call, campaignId: null, enqueuedAt: now }, scene, now), scene);
      dial.agentId = first?.agent.id ?? null;
      kept ||= first !== undefined;
    }
    return kept;
  }
}

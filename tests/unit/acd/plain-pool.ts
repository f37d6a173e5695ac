import type { PoolAgent, Why } from '../../../src/acd/decision.ts';
import { bestPairing, contenders, type Need, needOf, type Scene } from '../../../src/acd/match.ts';
import {
  isIn,
  ladderOf,
  type Queues,
  queueOf,
  queuesFor,
  SHARE_DEBIT,
  throughOf,
} from '../../../src/acd/pool-rules.ts';
import { byTurn, positionOf, qualified, turnOf, type WaitingCall } from '../../../src/acd/queue.ts';

interface Best {
  readonly need: Need;
  readonly taken: readonly string[];
  readonly candidates: Why['candidates'];
  /** The next best. */
  readonly lost: readonly string[];
  /** All of the same rank. */
  readonly equals: readonly string[];
}

/** What `Pool` does, by looking at everybody each time: slow, and short enough to be read. */
export class PlainPool {
  queues: Queues;
  readonly agents = new Map<string, PoolAgent>();
  readonly calls = new Map<string, WaitingCall>();
  /** Dials that ring, and whom they keep. */
  readonly dials = new Map<string, { readonly call: WaitingCall; kept: string | null }>();
  readonly #orders = new Map<string, number>();

  constructor(queues: Queues) {
    this.queues = queues;
  }

  setQueues(queues: Queues): void {
    this.queues = queues;
    for (const dial of this.dials.values()) dial.kept = null;
  }

  putAgent(agent: PoolAgent): void {
    if (!this.#orders.has(agent.id)) this.#orders.set(agent.id, this.#orders.size);
    this.agents.set(agent.id, agent);
    for (const dial of this.dials.values()) {
      if (dial.kept === agent.id && !(agent.presence === 'free' && this.#canDial(agent, dial.call))) dial.kept = null;
    }
  }

  removeAgent(id: string): void {
    this.agents.delete(id);
    for (const dial of this.dials.values()) if (dial.kept === id) dial.kept = null;
  }

  removeCall(id: string): void {
    this.calls.delete(id);
  }

  release(id: string): void {
    this.dials.delete(id);
  }

  hold(call: WaitingCall): void {
    if (!this.dials.has(call.callId)) this.dials.set(call.callId, { call, kept: null });
  }

  /** Whom `Pool` may choose now, and of what; null: nobody. */
  best(now: number): Best | null {
    let found = bestPairing(this.scene(), now);
    if (!found?.need.call.campaignId && this.#keep()) found = bestPairing(this.scene(), now);
    if (!found) return null;
    const { need } = found;
    const ranked = contenders(need, this.scene());
    const [first] = ranked;
    const equals = ranked.filter(({ rank, breaksShare }) => rank === first?.rank && breaksShare === first.breaksShare);
    const taken = found.taken.map(({ agent }) => agent.id);
    const lost = ranked.map(({ agent }) => agent.id).filter((id) => !taken.includes(id));
    const candidates = this.#counts(need, ranked.length);
    return { need, taken, candidates, lost: lost.slice(0, 5), equals: equals.map(({ agent }) => agent.id) };
  }

  take({ callId, agentIds }: Why): void {
    this.calls.delete(callId);
    for (const id of agentIds) {
      const agent = this.agents.get(id);
      if (agent) this.putAgent({ ...agent, presence: 'busy' });
    }
  }

  /** Of each other need that the agent could serve the call whose turn is next; all that wait for him alone are one need. */
  behind({ callId, agentIds: [agentId] }: Why, now: number): Why['behind'] {
    const scene = this.scene();
    const others = scene.calls.filter((call) => call.callId !== callId).toSorted(byTurn);
    const found = new Map<string, Why['behind'][number]>();
    for (const need of others.map((call) => needOf(call, scene, now))) {
      const his = contenders(need, scene).find(({ agent }) => agent.id === agentId);
      const { call, serving, require, bound } = need;
      const same = JSON.stringify(bound ?? [serving.map(({ name }) => name), require, call.campaignId]);
      if (!his || found.has(same)) continue;
      const total = (now - turnOf(call)) / 1000 - (his.breaksShare ? SHARE_DEBIT : 0);
      found.set(same, { callId: call.callId, queue: call.queue, total });
    }
    const turns = new Map([...found.values()].map((one, at) => [one, at]));
    const isLate = ({ total }: Why['behind'][number]) => Number(total < -SHARE_DEBIT / 2);
    const order = (a: Why['behind'][number], b: Why['behind'][number]) =>
      isLate(a) - isLate(b) || (turns.get(a) ?? 0) - (turns.get(b) ?? 0);
    return [...turns.keys()].sort(order).slice(0, 5);
  }

  nextAt(now: number): number | null {
    const times = [...this.calls.values()].flatMap((call) => [
      ...ladderOf(call, this.queues).map(({ afterMs }) => call.enqueuedAt + afterMs),
      ...(call.prefer ? [call.prefer.until] : []),
    ]);
    const later = times.filter((at) => at > now);
    return later.length > 0 ? Math.min(...later) : null;
  }

  position(id: string): number {
    return positionOf([...this.calls.values()], id);
  }

  standing(name: string) {
    const queue = queueOf(this.queues, name);
    const able = [...this.agents.values()].filter((agent) => isIn(agent) && qualified(agent.profile, queue, []));
    const ready = able.filter(({ presence }) => presence !== 'away');
    const free = ready.filter(({ presence }) => presence === 'free');
    const waiting = [...this.calls.values()].filter(({ queue: own }) => own === name).length;
    return { waiting, able: able.length, ready: ready.length, free: free.length };
  }

  scene(): Scene {
    const kept = new Set([...this.dials.values()].flatMap((dial) => dial.kept ?? []));
    const order = (id: string) => this.#orders.get(id) ?? 0;
    const agents = [...this.agents.values()].sort((a, b) => order(a.id) - order(b.id));
    return { calls: [...this.calls.values()], agents, queues: this.queues, kept };
  }

  #counts({ serving, require, bound }: Need, free: number): Why['candidates'] {
    if (bound !== null) return { able: 1, free: 1 };
    const able = [...this.agents.values()].filter((one) => isIn(one) && throughOf(one.profile, serving, require));
    return { able: able.length, free };
  }

  #keep(): boolean {
    let kept = false;
    for (const dial of this.dials.values()) {
      if (dial.kept !== null) continue;
      const serving = queuesFor(dial.call, this.queues);
      const call = { ...dial.call, campaignId: null };
      const [first] = contenders({ call, serving, step: 0, require: call.require, bound: null }, this.scene());
      dial.kept = first?.agent.id ?? null;
      kept ||= first !== undefined;
    }
    return kept;
  }

  #canDial({ profile }: PoolAgent, call: WaitingCall): boolean {
    return throughOf(profile, queuesFor(call, this.queues), call.require) !== undefined;
  }
}

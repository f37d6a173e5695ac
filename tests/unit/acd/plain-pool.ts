import type { PoolAgent, Why } from '../../../src/acd/decision.ts';
import { needOf } from '../../../src/acd/match.ts';
import type { WaitingCall } from '../../../src/acd/queue.ts';
import {
  ageAndCredit,
  canServe,
  contendersFor,
  inOrder,
  type PlainNeed,
  plainNeed,
  plainPairing,
  type PlainScene,
  queueNamed,
  SHARE_DEBIT,
  stepsOf,
  through,
} from './plain-match.ts';

type Queues = PlainScene['queues'];

interface Best {
  readonly need: PlainNeed;
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
    let found = plainPairing(this.scene(), now);
    if (!found?.need.call.campaignId && this.#keep()) found = plainPairing(this.scene(), now);
    if (!found) return null;
    const { need } = found;
    const ranked = contendersFor(need, this.scene());
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
    const others = inOrder(scene.calls.filter((call) => call.callId !== callId));
    const found = new Map<string, Why['behind'][number]>();
    for (const need of others.map((call) => plainNeed(call, scene, now))) {
      const his = contendersFor(need, scene).find(({ agent }) => agent.id === agentId);
      const { call, serving, require, bound } = need;
      const same = JSON.stringify(bound ?? [serving.map(({ name }) => name), require, call.campaignId]);
      if (!his || found.has(same)) continue;
      const total = ageAndCredit(call, now) / 1000 - (his.breaksShare ? SHARE_DEBIT : 0);
      found.set(same, { callId: call.callId, queue: call.queue, total });
    }
    return [...found.values()].toSorted((a, b) => b.total - a.total).slice(0, 5);
  }

  /** What each waiting call needs, told by `needOf` as people who ask are told. */
  told(now: number) {
    const scene = this.scene();
    return scene.calls.map((call) => ({ told: needOf(call, scene, now), is: plainNeed(call, scene, now) }));
  }

  nextAt(now: number): number | null {
    const times = [...this.calls.values()].flatMap((call) => [
      ...stepsOf(call, this.queues).map(({ afterMs }) => call.enqueuedAt + afterMs),
      ...(call.prefer ? [call.prefer.until] : []),
    ]);
    const later = times.filter((at) => at > now);
    return later.length > 0 ? Math.min(...later) : null;
  }

  position(id: string): number {
    const call = this.calls.get(id);
    const own = inOrder([...this.calls.values()]).filter(({ queue }) => queue === call?.queue);
    return own.findIndex(({ callId }) => callId === id) + 1;
  }

  standing(name: string) {
    const queue = queueNamed(this.queues, name);
    const able = [...this.agents.values()].filter(
      (agent) => agent.presence !== 'out' && canServe(agent.profile, queue, []),
    );
    const ready = able.filter(({ presence }) => presence !== 'away');
    const free = ready.filter(({ presence }) => presence === 'free');
    const waiting = [...this.calls.values()].filter(({ queue: own }) => own === name).length;
    return { waiting, able: able.length, ready: ready.length, free: free.length };
  }

  scene(): PlainScene {
    const kept = new Set([...this.dials.values()].flatMap((dial) => dial.kept ?? []));
    const order = (id: string) => this.#orders.get(id) ?? 0;
    const agents = [...this.agents.values()].sort((a, b) => order(a.id) - order(b.id));
    return { calls: [...this.calls.values()], agents, queues: this.queues, kept };
  }

  #counts({ serving, require, bound }: PlainNeed, free: number): Why['candidates'] {
    if (bound !== null) return { able: 1, free: 1 };
    const able = [...this.agents.values()].filter(
      (one) => one.presence !== 'out' && through(one.profile, serving, require),
    );
    return { able: able.length, free };
  }

  #keep(): boolean {
    let kept = false;
    for (const dial of this.dials.values()) {
      if (dial.kept !== null) continue;
      const serving = this.#serving(dial.call);
      const call = { ...dial.call, campaignId: null };
      const need = { call, serving, step: 0, require: call.require, bound: null };
      const [first] = contendersFor(need, this.scene());
      dial.kept = first?.agent.id ?? null;
      kept ||= first !== undefined;
    }
    return kept;
  }

  #canDial({ profile }: PoolAgent, call: WaitingCall): boolean {
    return through(profile, this.#serving(call), call.require) !== undefined;
  }

  #serving({ queue, also }: WaitingCall) {
    return [queue, ...also].map((name) => queueNamed(this.queues, name));
  }
}

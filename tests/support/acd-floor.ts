import type { PoolAgent } from '../../src/acd/decision.ts';
import { Pool } from '../../src/acd/pool.ts';
import { PLAIN_TICKET } from '../../src/acd/queue.ts';
import { type AgentProfile, PLAIN_QUEUE, type Requirement } from '../../src/call/routing.ts';
import { mulberry32 } from './chance.ts';

/** A floor of agents who can all do the same, and what comes to it. Times in seconds. */
export interface FloorPlan {
  readonly agents: number;
  readonly callsPerSecond: number;
  readonly handleS: number;
  /** Mean patience; null: nobody gives up. */
  readonly patienceS: number | null;
  readonly calls: number;
  readonly seed: number;
  /** Of each agent; left out: none. */
  readonly skills?: (agent: number) => AgentProfile['skills'];
  /** Of each call; left out: nothing. */
  readonly asks?: (call: number) => readonly Requirement[];
  /** These calls never give up, whatever the patience of others. */
  readonly stays?: (call: number) => boolean;
  /** A call waits, and nobody is paired with it yet. */
  readonly arrived?: (pool: Pool, call: number, ms: number) => void;
}

/** What became of a caller: how long he waited, and whether he was answered. */
export interface Fate {
  readonly waitedS: number;
  readonly answered: boolean;
}

type Happening = { readonly at: number } & (
  | { readonly type: 'arrival' | 'patience over'; readonly call: number }
  | { readonly type: 'talk over'; readonly agent: number }
);

/**
 * Plays the floor event by event, with the pool pairing: callers come by a Poisson process, talks and patience are
 * exponential. Answers the callers' fates in order of coming.
 */
export function playFloor(plan: FloorPlan): readonly Fate[] {
  return new Floor(plan).play();
}

class Floor {
  readonly #plan: FloorPlan;
  readonly #pool = new Pool(new Map([['q', { ...PLAIN_QUEUE, name: 'q', title: 'q' }]]), 1);
  readonly #chance: () => number;
  readonly #coming: Happening[] = [];
  readonly #arrivedAt: number[] = [];
  readonly #fates: Fate[] = [];

  constructor(plan: FloorPlan) {
    this.#plan = plan;
    this.#chance = mulberry32(plan.seed);
    for (let agent = 0; agent < plan.agents; agent += 1) this.#pool.putAgent(this.#freeAgent(agent, 0), 0);
  }

  play(): readonly Fate[] {
    this.#expect({ type: 'arrival', call: 0, at: this.#after(1 / this.#plan.callsPerSecond) });
    for (let next = this.#coming.pop(); next; next = this.#coming.pop()) this.#happen(next);
    return this.#fates;
  }

  #happen(one: Happening): void {
    const ms = one.at * 1000;
    if (one.type === 'talk over') this.#pool.putAgent(this.#freeAgent(one.agent, ms), ms);
    else if (one.type === 'arrival') this.#arrive(one.call, one.at);
    else if (!this.#fates[one.call]) {
      this.#pool.removeCall(String(one.call));
      this.#end(one.call, one.at, false);
    }
    for (let why = this.#pool.next(ms); why; why = this.#pool.next(ms)) {
      this.#end(Number(why.callId), one.at, true);
      this.#expect({ type: 'talk over', agent: Number(why.agentIds[0]), at: one.at + this.#after(this.#plan.handleS) });
    }
  }

  #arrive(call: number, at: number): void {
    const { callsPerSecond, patienceS, calls, asks, stays, arrived } = this.#plan;
    this.#arrivedAt[call] = at;
    const ms = at * 1000;
    const require = asks?.(call) ?? [];
    this.#pool.putCall({ ...PLAIN_TICKET, callId: String(call), queue: 'q', require, enqueuedAt: ms }, ms);
    arrived?.(this.#pool, call, ms);
    if (patienceS !== null && stays?.(call) !== true)
      this.#expect({ type: 'patience over', call, at: at + this.#after(patienceS) });
    if (call + 1 < calls) this.#expect({ type: 'arrival', call: call + 1, at: at + this.#after(1 / callsPerSecond) });
  }

  #end(call: number, at: number, answered: boolean): void {
    this.#fates[call] = { waitedS: at - (this.#arrivedAt[call] ?? at), answered };
  }

  #freeAgent(agent: number, ms: number): PoolAgent {
    const id = String(agent);
    const skills = this.#plan.skills?.(agent) ?? {};
    const profile = { id, name: id, phone: id, skills, queues: ['q'], campaigns: [] };
    return { id, profile, presence: 'free', idleSince: ms, occupancy: 0, handled: {}, offeredAt: ms };
  }

  /** An exponential time of this mean. */
  #after(meanS: number): number {
    return -Math.log(1 - this.#chance()) * meanS;
  }

  /** The next to happen stands last. */
  #expect(one: Happening): void {
    let [low, high] = [0, this.#coming.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#coming[middle]?.at ?? 0) > one.at) low = middle + 1;
      else high = middle;
    }
    this.#coming.splice(low, 0, one);
  }
}

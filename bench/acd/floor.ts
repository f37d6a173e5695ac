import type { PoolAgent } from '../../src/acd/decision.ts';
import { Pool } from '../../src/acd/pool.ts';
import { makeAgents, makeCall, type World } from './world.ts';

/** How the floor is: everybody talks and many wait, or nobody waits and nearly all are free. */
export type Regime = 'backlog' | 'idle';

export interface Size {
  readonly agents: number;
  readonly calls: number;
}

/** Those who wait do so for this long on average, however many they are, so that equally many steps fall due per decision. */
const WAIT_MS = 30_000;
/** Of the idle floor this share talks. */
const TALKING = 0.1;

/** A floor that goes on as it is: for every pairing one call comes and its agents become free again. */
export class Floor {
  readonly #world: World;
  readonly #pool: Pool;
  readonly #size: Size;
  readonly #regime: Regime;
  /** By their ids, which are numbers: looking them up is not what is measured. */
  readonly #agents: PoolAgent[];
  readonly #busy: number[];
  /** Through which queue each got his last call. */
  readonly #through: string[];
  #now = 1_800_000_000_000;
  #called = 0;
  #decided = 0;

  constructor(world: World, size: Size, regime: Regime) {
    this.#world = world;
    this.#size = size;
    this.#regime = regime;
    this.#pool = new Pool(world.queues, 1);
    this.#agents = [...makeAgents(world, size.agents)];
    for (const agent of this.#agents) this.#pool.putAgent(agent, this.#now);
    this.#busy = [...this.#agents.keys()];
    this.#through = this.#agents.map(({ profile }) => profile.queues[0] ?? '');
    this.#refill();
  }

  /** Goes on until so many more pairings were made. */
  run(decisions: number): void {
    for (const end = this.#decided + decisions; this.#decided < end; this.#refill()) {
      this.#now += WAIT_MS / this.#size.calls;
      if (this.#regime === 'backlog') this.#release();
      else this.#arrive();
    }
  }

  /** How many wait, and how many are free. */
  standing(): { readonly waiting: number; readonly free: number } {
    const free = [...this.#pool.agents()].filter(({ presence }) => presence === 'free');
    return { waiting: [...this.#pool.calls()].length, free: free.length };
  }

  #refill(): void {
    if (this.#regime === 'backlog') while (this.#called - this.#decided < this.#size.calls) this.#arrive();
    else while (this.#busy.length > this.#size.agents * TALKING) this.#release();
  }

  #arrive(): void {
    const now = Math.floor(this.#now);
    this.#pool.putCall(makeCall(this.#world, (this.#called += 1), now), now);
    this.#decide(now);
  }

  /** One of those who talk is free again, any of them, as talks are not alike. */
  #release(): void {
    const now = Math.floor(this.#now);
    const at = Math.floor(this.#world.chance() * this.#busy.length);
    const [id, last] = [this.#busy[at], this.#busy.pop()];
    const agent = this.#agents[id ?? -1];
    if (id === undefined || last === undefined || !agent) return;
    if (last !== id) this.#busy[at] = last;
    const queue = this.#through[id] ?? '';
    const handled: Record<string, number> = { ...agent.handled };
    handled[queue] = (handled[queue] ?? 0) + 1;
    const freed: PoolAgent = { ...agent, presence: 'free', idleSince: now, offeredAt: now, handled };
    this.#agents[id] = freed;
    this.#pool.putAgent(freed, now);
    this.#decide(now);
  }

  #decide(now: number): void {
    for (let why = this.#pool.next(now); why; why = this.#pool.next(now)) {
      this.#decided += 1;
      for (const id of why.agentIds) {
        this.#busy.push(Number(id));
        this.#through[Number(id)] = why.through;
      }
    }
  }
}

import type { DialerEvent, Policy, PolicyConfig } from '../pacing/policy.ts';
import { shiftsOf } from './crew.ts';
import { Floor, type Happening } from './floor.ts';
import { configOf, type Fate, fateOf, type Scenario } from './scenario.ts';
import type { DayResult } from './tally.ts';

/** What only the references may look at: what chance has in store. A policy never sees it. */
export interface Oracle {
  /** When a busy agent is idle again; never, when he goes then. */
  freeAt(agentId: number): number;
  /** The fate of a dial in flight, or of the one launched next and those after it. */
  fate(callId: number, launchedAt: number): Fate;
  /** The id that the next launch gets. */
  nextCall(): number;
}

export type MakePolicy = (config: PolicyConfig, oracle: Oracle) => Policy;

interface Watch {
  /** Seconds between samples; 0 for none. */
  readonly sampleSec: number;
  /** The worst moment is looked for once so many persons have answered. */
  readonly worstAfter: number;
}

const WATCH: Watch = { sampleSec: 60, worstAfter: 2_000 };
const TICK: Happening = { do: 'tick' };
const SAMPLE: Happening = { do: 'sample' };

/** Lives one day from beginning to end, and tells what came of it. */
export function simulate(day: Scenario, make: MakePolicy, watch: Partial<Watch> = {}): DayResult {
  const simulation = new Simulation(day, make, watch);
  simulation.runUntil(Number.POSITIVE_INFINITY);
  return simulation.result();
}

/** A day of a campaign under a policy, event by event. The policy gets live views of agents and calls, valid until it answers. */
export class Simulation {
  readonly day: Scenario;
  readonly #policy: Policy;
  readonly #floor: Floor;
  readonly #sampleSec: number;
  readonly #end: number;
  /** Call starts that are free now, and the most that can gather. */
  #starts: number;
  readonly #mostStarts: number;
  #told = false;

  constructor(day: Scenario, make: MakePolicy, watch: Partial<Watch> = {}) {
    const { sampleSec, worstAfter } = { ...WATCH, ...watch };
    this.day = day;
    this.#end = day.hours * 3_600;
    this.#sampleSec = sampleSec;
    this.#mostStarts = Math.max(1, day.cps * day.tickSec);
    this.#starts = this.#mostStarts;
    this.#floor = new Floor(day, worstAfter, (event) => this.#hear(event));
    this.#policy = make(configOf(day), this.#oracle());
    this.#plan();
  }

  get now(): number {
    return this.#floor.state.now;
  }

  /** The day, or the list, is at its end. */
  get over(): boolean {
    return this.#floor.finishedAt !== null || this.now >= this.#end;
  }

  /** Goes on until `t`, or until the day or the list ends. */
  runUntil(t: number): void {
    const until = Math.min(t, this.#end);
    const { due, state, tally } = this.#floor;
    while (this.#floor.finishedAt === null) {
      const next = due.next();
      if (!next || next.t >= until) break;
      due.take();
      tally.pass(next.t);
      state.now = next.t;
      this.#happens(next.what);
      if (this.#told && (due.next()?.t ?? until) > next.t) this.#afterEvents();
    }
    if (this.over) return;
    state.now = until;
    tally.pass(until);
  }

  result(): DayResult {
    const { name, seed } = this.day;
    const { dials, finishedAt, tally } = this.#floor;
    return tally.result({ name, seed }, { inFlight: dials.size, finishedAt });
  }

  #oracle(): Oracle {
    const floor = this.#floor;
    return {
      freeAt(id) {
        const agent = floor.crew.agents[id];
        return !agent || agent.leaving ? Number.POSITIVE_INFINITY : agent.freeAt;
      },
      fate: (id, at) => floor.dials.get(id)?.fate ?? fateOf(this.day, id, at),
      nextCall: () => floor.dialled,
    };
  }

  #plan(): void {
    const { crew, due } = this.#floor;
    for (const agent of crew.agents) {
      for (const { from, to } of shiftsOf(this.day, agent.id)) {
        due.put(from, { do: 'arrive', agent });
        due.put(to, { do: 'leave', agent });
      }
    }
    due.put(0, TICK);
    if (this.#sampleSec > 0) due.put(this.#sampleSec, SAMPLE);
  }

  #happens(what: Happening): void {
    if (what.do === 'tick') this.#tick();
    else if (what.do === 'sample') this.#sample();
    else this.#floor.happens(what);
  }

  #tick(): void {
    const { tickSec, cps } = this.day;
    this.#floor.due.put(this.now + tickSec, TICK);
    this.#starts = Math.min(this.#starts + cps * tickSec, this.#mostStarts);
    this.#decide();
  }

  #sample(): void {
    this.#floor.due.put(this.now + this.#sampleSec, SAMPLE);
    this.#floor.tally.sample(this.now);
  }

  #afterEvents(): void {
    this.#told = false;
    if (this.#policy.decideOn === 'event') this.#decide();
  }

  #decide(): void {
    const { state, tally } = this.#floor;
    tally.decisions += 1;
    const decision = this.#policy.decide(state);
    const { launch, cancel = [] } = typeof decision === 'number' ? { launch: decision } : decision;
    for (const id of cancel) this.#floor.cancel(id);
    const wanted = Math.min(Math.max(0, Math.floor(launch)), this.day.leads - this.#floor.dialled);
    const room = Math.min(state.lines.max - state.lines.inUse, Math.floor(this.#starts));
    const launched = Math.max(0, Math.min(wanted, room));
    tally.heldBack += wanted - launched;
    this.#starts -= launched;
    for (let n = 0; n < launched; n += 1) this.#floor.launch();
  }

  #hear(event: DialerEvent): void {
    this.#told = true;
    this.#policy.on(event);
  }
}

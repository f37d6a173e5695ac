import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolAgent } from '../../../src/acd/decision.ts';
import { Pool } from '../../../src/acd/pool.ts';
import { qualified, turnOf, type WaitingCall } from '../../../src/acd/queue.ts';
import type { Requirement } from '../../../src/call/routing.ts';
import { queue, T0, waitingCall } from './builders.ts';
import { poolAgent, poolOf } from './pool-builders.ts';

const NAMES = ['support', 'billing'] as const;
const queues = new Map(NAMES.map((name) => [name as string, queue({ name })]));
const requireArb = fc.constantFrom<readonly Requirement[]>(
  [],
  [],
  [{ skill: 'tech', level: 3 }],
  [{ skill: 'law', level: 1 }],
);
const agentArb = fc.record({
  queues: fc.constantFrom<string[]>([...NAMES], ['support'], ['billing']),
  skills: fc.constantFrom<Record<string, number>>({}, { tech: 5 }, { law: 2, tech: 3 }),
});
const minuteArb = fc.record({
  queue: fc.constantFrom(...NAMES),
  require: requireArb,
  priority: fc.constantFrom(0, 0, 0, 120),
  afterMs: fc.integer({ min: 0, max: 4_000 }),
  talkMs: fc.integer({ min: 1_000, max: 60_000 }),
  /** What becomes of the offer, if the next of many such calls gets one. */
  lost: fc.constantFrom(false, false, false, true),
});
type Minute = typeof minuteArb extends fc.Arbitrary<infer T> ? T : never;

const able = ({ profile }: PoolAgent, call: WaitingCall) =>
  qualified(profile, queues.get(call.queue) ?? queue(), call.require);

/** Hundreds of calls on a few agents: some reservations are lost to another process, and call and agent are put back. */
class Floor {
  readonly pool = new Pool(queues, 1);
  readonly served: WaitingCall[] = [];
  readonly #talks: { readonly agent: PoolAgent; readonly until: number }[] = [];
  readonly #waiting = new Map<string, WaitingCall>();
  readonly #agents: Map<string, PoolAgent>;

  constructor(profiles: readonly { queues: string[]; skills: Record<string, number> }[]) {
    this.#agents = new Map(profiles.map((profile, n) => [`a${n}`, poolAgent(`a${n}`, profile)]));
    for (const agent of this.#agents.values()) this.pool.putAgent(agent, T0);
  }

  arrive(id: string, { queue: name, require, priority, talkMs, lost }: Minute, now: number): void {
    for (const talk of this.#talks.filter(({ until }) => until <= now)) {
      this.#talks.splice(this.#talks.indexOf(talk), 1);
      this.#agents.set(talk.agent.id, { ...talk.agent, idleSince: now });
      this.pool.putAgent({ ...talk.agent, idleSince: now }, now);
      this.#serve(now, talkMs, false);
    }
    const call = waitingCall(id, { queue: name, require, priority, enqueuedAt: now });
    this.#waiting.set(id, call);
    this.pool.putCall(call, now);
    this.#serve(now, talkMs, lost);
  }

  #serve(now: number, talkMs: number, lost: boolean): void {
    let loses = lost;
    for (let why = this.pool.next(now); why; why = this.pool.next(now)) {
      const [call, agent] = [this.#waiting.get(why.callId), this.#agents.get(why.agentIds[0] ?? '')];
      if (!call || !agent) throw new Error('A call or an agent was paired that is not there.');
      expect(this.#talks.some((talk) => talk.agent.id === agent.id)).toBe(false);
      expect(able(agent, call)).toBe(true);
      expect([...this.#waiting.values()].filter((other) => sameNeed(other, call) && isBefore(other, call))).toEqual([]);
      if (loses) {
        this.pool.putCall(call, now);
        this.pool.putAgent(agent, now);
      } else {
        this.#waiting.delete(call.callId);
        this.served.push(call);
        this.#talks.push({ agent, until: now + talkMs });
      }
      loses = false;
    }
    const talking = new Set(this.#talks.map(({ agent }) => agent.id));
    const idle = [...this.#agents.values()].filter(({ id }) => !talking.has(id));
    for (const call of this.#waiting.values()) expect(idle.filter((agent) => able(agent, call))).toEqual([]);
  }
}

const sameNeed = (a: WaitingCall, b: WaitingCall) => a.queue === b.queue && a.require === b.require;
const isBefore = (a: WaitingCall, b: WaitingCall) => turnOf(a) < turnOf(b);

describe('a floor under load', () => {
  it('gives nobody two calls, leaves nobody idle who could help, and keeps the order of equal need', () => {
    fc.assert(
      fc.property(
        fc.array(agentArb, { minLength: 1, maxLength: 6 }),
        fc.array(minuteArb, { minLength: 50, maxLength: 150, size: 'max' }),
        (profiles, minutes) => {
          const floor = new Floor(profiles);
          let now = T0;
          for (const [n, minute] of minutes.entries()) floor.arrive(`c${n}`, minute, (now += minute.afterMs));
          expect(new Set(floor.served.map(({ callId }) => callId)).size).toBe(floor.served.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('starves nobody though VIPs never stop coming: after its wait equals their credit, no newcomer goes first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 20 }), (credit, talkS) => {
        const pool = poolOf({});
        pool.putCall(waitingCall('patient'), T0);
        let now = T0;
        for (let n = 0, served: string | undefined; served !== 'patient'; n += 1, now += talkS * 1000) {
          pool.putCall(waitingCall(`vip${n}`, { priority: credit, enqueuedAt: now }), now);
          pool.putAgent(poolAgent('a', {}, { idleSince: now }), now);
          served = pool.next(now)?.callId;
          expect(now - T0).toBeLessThanOrEqual((credit + talkS) * 1000);
        }
      }),
    );
  });

  it('does not depend on the order in which calls and agents are put', () => {
    const list = fc.array(fc.tuple(requireArb, fc.integer({ min: 0, max: 3 })), { minLength: 2, maxLength: 12 });
    const shuffled = fc
      .tuple(list, fc.array(agentArb, { minLength: 1, maxLength: 8 }))
      .chain(([calls, agents]) =>
        fc.tuple(
          fc.constant(calls),
          fc.constant(agents),
          fc.shuffledSubarray([...calls.keys()], { minLength: calls.length }),
          fc.shuffledSubarray([...agents.keys()], { minLength: agents.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([calls, agents, callOrder, agentOrder]) => {
        const run = (callsAt: readonly number[], agentsAt: readonly number[]) => {
          const pool = poolOf({}, { name: 'billing' });
          for (const at of agentsAt) pool.putAgent(poolAgent(`a${at}`, agents[at]), T0);
          for (const at of callsAt) {
            const [require, age] = calls[at] ?? [[], 0];
            pool.putCall(waitingCall(`c${at}`, { require, enqueuedAt: T0 - age }), T0);
          }
          const found: string[] = [];
          for (let why = pool.next(T0); why; why = pool.next(T0)) found.push(`${why.callId}>${why.agentIds[0]}`);
          return found;
        };
        expect(run(callOrder, agentOrder)).toEqual(run([...calls.keys()], [...agents.keys()]));
      }),
    );
  });
});

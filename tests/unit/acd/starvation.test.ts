import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolAgent, Why } from '../../../src/acd/decision.ts';
import { Pool } from '../../../src/acd/pool.ts';
import { type AgentProfile, type QueueProfile, STRATEGIES } from '../../../src/call/routing.ts';
import { queue, T0, waitingCall } from './builders.ts';
import { ageAndCredit, breaksShareOf, inOrder, queueNamed, SHARE_DEBIT, stepsOf, through } from './plain-match.ts';
import { poolAgent, poolOf } from './pool-builders.ts';

type Call = ReturnType<typeof waitingCall>;

/** The longest talk, and the longest that a dial rings. */
const TALK_MS = 30_000;
/** The highest credit, seconds. */
const VIP = 120;
const NAMES = ['support', 'billing', 'sales'];
const SKILLS = ['tech', 'law'];

const requireArb = fc.array(fc.record({ skill: fc.constantFrom(...SKILLS), level: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: 2,
});
const relaxArb = fc
  .array(fc.record({ afterMs: fc.constantFrom(5_000, 10_000, 30_000), require: requireArb }), { maxLength: 2 })
  .map((steps) => steps.toSorted((a, b) => a.afterMs - b.afterMs));
const queuesArb = fc
  .tuple(...NAMES.map(() => fc.record({ strategy: fc.constantFrom(...STRATEGIES), relax: relaxArb })))
  .map((rules) => new Map(rules.map((rule, at) => [NAMES[at] ?? '', queue({ ...rule, name: NAMES[at] ?? '' })])));
const profileArb = fc.record({
  queues: fc.subarray(NAMES, { minLength: 1 }),
  campaigns: fc.constantFrom<string[]>([], ['spring']),
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 5 })),
  ranks: fc.constantFrom({}, { support: 2 }, { billing: 3, sales: 2 }),
  shares: fc.constantFrom({}, {}, { support: 0.2 }, { billing: 0.5, sales: 0.1 }),
});

const arrivalArb = fc.record({
  afterMs: fc.integer({ min: 0, max: 5_000 }),
  what: fc.constantFrom('call', 'call', 'call', 'call', 'call', 'call', 'rung', 'dial', 'comes or goes'),
  queue: fc.constantFrom(...NAMES),
  also: fc.constantFrom<string[]>([], [], ['billing']),
  require: requireArb,
  relax: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: relaxArb }),
  priority: fc.constantFrom(0, 0, 0, 30, VIP),
  wish: fc.constantFrom('anybody', 'anybody', 'anybody', 'prefers', 'only'),
  whom: fc.nat(6),
  patienceMs: fc.constantFrom(3_000, 20_000),
  talkMs: fc.integer({ min: 1_000, max: TALK_MS }),
});
type Arrival = typeof arrivalArb extends fc.Arbitrary<infer T> ? T : never;

/** A call from when on its rules hold nobody back and no newcomer has more age and credit. */
interface Ripe {
  readonly at: number;
  /** Calls that were before it then, and persons rung by campaigns, or to be, who came since: each keeps an agent once. */
  ahead: number;
}

/** A floor with more calls than it can serve. The first agents stay; the others come and go. */
class Floor {
  now = T0;
  readonly served: string[] = [];
  readonly #pool: Pool;
  readonly #queues: ReadonlyMap<string, QueueProfile>;
  readonly #agents = new Map<string, PoolAgent>();
  readonly #staying: readonly string[];
  readonly #waiting = new Map<string, Call>();
  readonly #talkMs = new Map<string, number>();
  readonly #ripe = new Map<string, Ripe>();
  #ends: { readonly at: number; readonly act: () => void }[] = [];
  #dials = 0;

  constructor(queues: ReadonlyMap<string, QueueProfile>, stay: readonly Profile[], come: readonly Profile[]) {
    this.#queues = queues;
    this.#pool = new Pool(queues, 3);
    this.#staying = stay.map((_profile, n) => `a${n}`);
    for (const [n, profile] of [...stay, ...come].entries()) {
      this.#put(poolAgent(`a${n}`, profile, { presence: n < stay.length ? 'free' : 'out', idleSince: T0 }));
    }
  }

  come(id: string, { what, whom, ...arrival }: Arrival): void {
    this.advance(this.now + arrival.afterMs);
    this.#talkMs.set(id, arrival.talkMs);
    if (what === 'comes or goes') this.#turn(`a${this.#staying.length + (whom % 2)}`);
    else if (what === 'call') this.#wait(this.#callOf(id, whom, arrival));
    else this.#dialOf(id, what, arrival);
    this.#serve();
  }

  /** Plays on until then. */
  advance(to: number): void {
    for (let at = this.#nextAt(); at !== null && at <= to; at = this.#nextAt()) {
      this.#goTo(at);
      const ended = this.#ends.filter((end) => end.at <= at);
      this.#ends = this.#ends.filter((end) => end.at > at);
      for (const { act } of ended) act();
      this.#serve();
    }
    this.#goTo(to);
  }

  /** Who could be served by one of those who stay, and still waits. */
  forgotten(): readonly string[] {
    return [...this.#waiting.values()].filter((call) => this.#ableToStay(call).length > 0).map(({ callId }) => callId);
  }

  #nextAt(): number | null {
    const times = [...this.#ends.map(({ at }) => at), this.#pool.nextAt(this.now) ?? Number.POSITIVE_INFINITY];
    const next = Math.min(...times);
    return Number.isFinite(next) ? next : null;
  }

  /** Who is ripe by then has so many ahead as now. */
  #goTo(at: number): void {
    for (const call of this.#waiting.values()) {
      const debit = this.#isLimited(call) ? SHARE_DEBIT : 0;
      const ripeAt = Math.max(this.#heldUntil(call), call.enqueuedAt + 1000 * (VIP + debit - call.priority));
      if (ripeAt > at || this.#ripe.has(call.callId)) continue;
      // Where its queue may have had its share, all who are there by now may go first.
      const place = debit > 0 ? this.#waiting.size - 1 : inOrder([...this.#waiting.values()]).indexOf(call);
      this.#ripe.set(call.callId, { at: ripeAt, ahead: place + this.#dials });
    }
    this.now = at;
  }

  /** Until when its own rules may keep it from agents: its last step, and its patience for the agent it prefers. */
  #heldUntil(call: Call): number {
    const last = stepsOf(call, this.#queues).at(-1)?.afterMs ?? 0;
    return Math.max(call.enqueuedAt + last, call.prefer?.until ?? 0);
  }

  #callOf(id: string, whom: number, { wish, patienceMs, ...asks }: Omit<Arrival, 'what' | 'whom'>): Call {
    const { queue: name, also, require, relax, priority } = asks;
    const only = wish === 'only' ? (this.#staying[whom % this.#staying.length] ?? null) : null;
    const prefer = wish === 'prefers' ? { agentId: `a${whom}`, until: this.now + patienceMs } : null;
    return waitingCall(id, { queue: name, also, require, relax, priority, only, prefer, enqueuedAt: this.now });
  }

  /** A campaign rings somebody, who answers after a while or does not, or has answered. */
  #dialOf(id: string, what: 'rung' | 'dial', { require, talkMs, priority }: Omit<Arrival, 'what' | 'whom'>): void {
    const campaign = { queue: 'campaign:spring', campaignId: 'spring', require };
    for (const ripe of this.#ripe.values()) ripe.ahead += what === 'dial' ? 2 : 1;
    if (what === 'rung') {
      this.#wait(waitingCall(id, { ...campaign, enqueuedAt: this.now }));
      return;
    }
    this.#dials += 2;
    this.#pool.hold(waitingCall(id, campaign), this.now);
    this.#end(talkMs, () => {
      this.#dials -= 2;
      this.#pool.release(id);
      if (priority > 0) this.#wait(waitingCall(id, { ...campaign, enqueuedAt: this.now }));
    });
  }

  #wait(call: Call): void {
    this.#waiting.set(call.callId, call);
    this.#pool.putCall(call, this.now);
  }

  #end(afterMs: number, act: () => void): void {
    this.#ends.push({ at: this.now + afterMs, act });
  }

  #put(agent: PoolAgent): void {
    this.#agents.set(agent.id, agent);
    this.#pool.putAgent(agent, this.now);
  }

  /** He logs in, goes to lunch, logs out; not while he talks. */
  #turn(id: string): void {
    const agent = this.#agent(id);
    const next = { out: 'free', free: 'away', away: 'out', busy: 'busy' } as const;
    this.#put({ ...agent, presence: next[agent.presence], idleSince: this.now });
  }

  #agent(id: string): PoolAgent {
    const agent = this.#agents.get(id);
    if (!agent) throw new Error(`Nobody is called ${id}.`);
    return agent;
  }

  #serve(): void {
    for (let why = this.#pool.next(this.now); why; why = this.#pool.next(this.now)) this.#take(why);
    const kept = new Set(this.#pool.kept());
    const idle = [...this.#agents.values()].filter(({ id, presence }) => presence === 'free' && !kept.has(id));
    for (const call of this.#heldNoMore()) expect(idle.filter((agent) => this.#canTake(agent, call))).toEqual([]);
  }

  #take({ callId, agentIds, through: name }: Why): void {
    const call = this.#waiting.get(callId);
    if (!call) throw new Error(`${callId} does not wait.`);
    for (const id of agentIds) this.#expectNobodyBefore(call, this.#agent(id), name);
    this.#expectInTime(call);
    this.#waiting.delete(callId);
    this.#ripe.delete(callId);
    this.served.push(callId);
    const [first, ...others] = agentIds.map((id) => this.#agent(id));
    for (const agent of others) this.#put({ ...agent, occupancy: agent.occupancy + 1e-9 });
    if (!first) return;
    const handled = { ...first.handled, [name]: (first.handled[name] ?? 0) + 1 };
    this.#put({ ...first, presence: 'busy', handled, offeredAt: this.now });
    this.#end(this.#talkMs.get(callId) ?? TALK_MS, () => this.#free(first.id));
  }

  #free(id: string): void {
    this.#put({ ...this.#agent(id), presence: 'free', idleSince: this.now });
  }

  /** This agent could serve nobody whom nothing holds back any more and who has more age and credit. */
  #expectNobodyBefore(taken: Call, agent: PoolAgent, name: string): void {
    const his = taken.only !== null || (taken.prefer?.agentId === agent.id && this.now < taken.prefer.until);
    const total = (call: Call, breaks: boolean) => ageAndCredit(call, this.now) - (breaks ? 1_000 * SHARE_DEBIT : 0);
    const its = total(taken, !his && breaksShareOf(agent, name));
    const before = [...this.#heldNoMore()].filter((call) => {
      if (call === taken || !this.#canTake(agent, call)) return false;
      const theirs = total(call, this.#breaksShare(agent, call));
      return theirs > its || (theirs === its && inOrder([call, taken])[0] === call);
    });
    expect(before.map(({ callId }) => `${callId} before ${taken.callId} for ${agent.id}`)).toEqual([]);
  }

  /** Each who stays and could serve it has served no more than were ahead. */
  #expectInTime(call: Call): void {
    const ripe = this.#ripe.get(call.callId);
    if (!ripe || this.#ableToStay(call).length === 0) return;
    expect(this.now - ripe.at, `${call.callId}, ${ripe.ahead} ahead`).toBeLessThanOrEqual(TALK_MS * (1 + ripe.ahead));
  }

  /** Of each who stays and could serve it the queue has a share only. */
  #isLimited(call: Call): boolean {
    return this.#ableToStay(call).every(
      (agent) => call.only === null && agent.profile.shares?.[this.#through(agent, call)] !== undefined,
    );
  }

  *#heldNoMore(): Iterable<Call> {
    for (const call of this.#waiting.values()) if (this.#heldUntil(call) <= this.now) yield call;
  }

  #ableToStay(call: Call): readonly PoolAgent[] {
    return this.#staying.map((id) => this.#agent(id)).filter((agent) => this.#canTake(agent, call));
  }

  #canTake(agent: PoolAgent, call: Call): boolean {
    return call.only === null ? this.#through(agent, call) !== '' : call.only === agent.id;
  }

  #breaksShare(agent: PoolAgent, call: Call): boolean {
    return call.only === null && breaksShareOf(agent, this.#through(agent, call));
  }

  /** The queue through which he could serve it once its last step is due; empty: through none. */
  #through({ profile }: PoolAgent, call: Call): string {
    const serving = [call.queue, ...call.also].map((name) => queueNamed(this.#queues, name));
    return through(profile, serving, stepsOf(call, this.#queues).at(-1)?.require ?? [])?.name ?? '';
  }
}
type Profile = Partial<AgentProfile>;

describe('nobody starves', () => {
  it('waits longer than its steps, its patience and the others’ credit say, beside agents who serve others', () => {
    fc.assert(
      fc.property(
        queuesArb,
        fc.array(profileArb, { minLength: 1, maxLength: 4 }),
        fc.tuple(profileArb, profileArb),
        fc.array(arrivalArb, { minLength: 60, maxLength: 120, size: 'max' }),
        (queues, stay, come, arrivals) => {
          const floor = new Floor(queues, stay, come);
          for (const [n, arrival] of arrivals.entries()) floor.come(`c${n}`, arrival);
          floor.advance(floor.now + arrivals.length * 2 * TALK_MS);
          expect(floor.forgotten()).toEqual([]);
          expect(new Set(floor.served).size).toBe(floor.served.length);
        },
      ),
      { numRuns: 60, endOnFailure: true }, // to find a shorter course of so many events takes minutes
    );
  });

  it('waits for more calls of other queues than bring its own back to its share', () => {
    const shareArb = fc.constantFrom(0.1, 0.25, 0.5, 0.9);
    fc.assert(
      fc.property(shareArb, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (share, own, others) => {
        const pool = poolOf({}, { name: 'billing' });
        const profile = { queues: ['support', 'billing'], shares: { support: share } };
        pool.putCall(waitingCall('patient'), T0);
        let n = 0;
        for (let served: string | undefined; served !== 'patient'; n += 1) {
          pool.putCall(waitingCall(`other${n}`, { queue: 'billing', enqueuedAt: T0 + 1 + n }), T0 + n);
          pool.putAgent(poolAgent('a', profile, { handled: { support: own, billing: others + n } }), T0 + n);
          served = pool.next(T0 + n)?.callId;
          expect(n).toBeLessThanOrEqual(Math.max(0, Math.ceil(own / share - own - others)));
        }
      }),
    );
  });

  it('waits for no more than five minutes of calls that came later, where the share is nothing', () => {
    const pool = poolOf({}, { name: 'billing' });
    const profile = { queues: ['support', 'billing'], shares: { support: 0 } };
    pool.putCall(waitingCall('patient'), T0);
    let at = T0;
    for (let n = 0, served: string | undefined; served !== 'patient'; n += 1) {
      at += 10_000;
      pool.putCall(waitingCall(`other${n}`, { queue: 'billing', enqueuedAt: at }), at);
      pool.putAgent(poolAgent('a', profile, { handled: { support: 1, billing: n } }), at);
      served = pool.next(at)?.callId;
      expect(at - T0).toBeLessThanOrEqual(310_000);
    }
    expect(at - T0).toBeGreaterThanOrEqual(300_000);
  });
});

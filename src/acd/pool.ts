import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { PoolAgent, Why } from './decision.ts';
import type { Estimate } from './estimate.ts';
import { type Pace, PoolEstimates } from './estimate-pool.ts';
import { Board, inTurn } from './pool-board.ts';
import { FirstTurns } from './pool-first.ts';
import type { Mark } from './pool-free.ts';
import type { Crew, Member, Waiting } from './pool-groups.ts';
import { breaksIt, Merits } from './pool-merits.ts';
import { debitOf, type Queues } from './pool-rules.ts';
import { Staff } from './pool-staff.ts';
import { Waiters } from './pool-waiters.ts';
import { TOLD, type Turn, whyOf } from './pool-why.ts';
import type { WaitingCall } from './queue.ts';

/** How a queue stands: who waits in it, and of the agents who serve it how many are logged in, ready and free. */
export interface Standing {
  readonly waiting: number;
  readonly able: number;
  readonly ready: number;
  readonly free: number;
}

/** A call whose turn it is, and the one agent for whom it is; null: whoever is best. */
interface Pick extends Turn {
  readonly member: Member | null;
  /** The next of his turns, where they were looked up already. */
  readonly others?: Turn[];
}

/**
 * All who wait for an agent and all who may serve them. `next` pairs them by these rules, but looks only at those whom a
 * change concerns: what a decision costs does not grow with how many wait or serve.
 *
 * - **Turn.** Calls are served by age and credit (`turnOf`), a person rung by a campaign before all others.
 * - **Able** is who serves the call's queue, or one in `also`, with every skill at the level which that queue and the
 *   call ask. A call with `only` asks for nothing but that agent.
 * - **Steps.** What the call asks is relaxed as it waits, by its own steps or its queue's. A step that nobody logged in
 *   could meet gives way to the next that somebody can, at once and as long as that is so.
 * - **Preferred.** Before its patience ends the call waits for that agent, while he is ready and able.
 * - **Shares.** An agent's calls of a queue of which he has had more than his share lose five minutes of credit; not
 *   those that wait for him alone.
 * - **Who.** Of the free and able the one of the lowest rank in the queue through which he serves; then by the strategy of
 *   the call's queue; then who has been idle longest; then by id. `ring-several` rings more of the same rank, but nobody
 *   whom another waiting call could have.
 * - **Dials that ring** keep an agent each: only a person whom a campaign rang may be given him.
 *
 * Between changes nobody stays free who could take a call that waits; so whatever comes next concerns an agent who became
 * free, a call that came, or the few calls whose time has come to ask for less.
 */
export class Pool {
  readonly #merits: Merits;
  readonly #orders = new Map<AgentId, number>();
  #board: Board;
  #staff: Staff;
  #waiters: Waiters;
  #first: FirstTurns;
  #estimates: PoolEstimates;

  /** `seed` decides what is left to chance: the same seed and the same course of events, the same choices. */
  constructor(queues: Queues, seed: number) {
    this.#merits = new Merits(seed);
    this.#board = new Board(queues);
    this.#staff = new Staff(this.#board, this.#merits, this.#orders);
    this.#waiters = new Waiters(this.#board, this.#staff.members);
    this.#first = new FirstTurns(this.#board.tally);
    this.#estimates = new PoolEstimates(this.#board, this.#staff, () => this.#waiters.all());
  }

  /** The rules changed; waiting calls follow at once, and dials that ring are given agents anew. */
  setQueues(queues: Queues, now: EpochMs): void {
    const [agents, dials, calls] = [[...this.agents()], [...this.#staff.dials.values()], [...this.calls()]];
    this.#board = new Board(queues);
    this.#staff = new Staff(this.#board, this.#merits, this.#orders);
    this.#waiters = new Waiters(this.#board, this.#staff.members);
    this.#first = new FirstTurns(this.#board.tally);
    this.#estimates = new PoolEstimates(this.#board, this.#staff, () => this.#waiters.all());
    for (const agent of agents) this.#staff.put(agent);
    for (const { call } of dials) this.hold(call, now);
    for (const call of calls) this.putCall(call, now);
  }

  /** A new agent, or one who changed. Who is put first comes first in `linear`. */
  putAgent(agent: PoolAgent, _now: EpochMs): void {
    this.#staff.put(agent);
    this.#waiters.changed(agent.id);
  }

  removeAgent(id: AgentId): void {
    this.#staff.remove(id);
    this.#waiters.changed(id);
  }

  /** A new waiting call, or one that changed. */
  putCall(call: WaitingCall, now: EpochMs): void {
    this.#waiters.put(call, now);
  }

  removeCall(id: CallId): void {
    this.#waiters.remove(id);
  }

  /** Keeps an agent for a dial that rings, now or as soon as one is free, until `release`; only persons rung by a campaign go before. */
  hold(dial: WaitingCall, _now: EpochMs): void {
    this.#staff.hold(dial);
  }

  /** The dial is over, or answered: then the person is put as a call. */
  release(id: CallId): void {
    this.#staff.release(id);
  }

  /** Takes the next pairing out of the pool: the call is gone, its agents are busy until they are put again. Null: there is none. */
  next(now: EpochMs): Why | null {
    this.#waiters.advance(now);
    let pick = this.#pick();
    if (!pick?.waiting.call.campaignId && this.#staff.keep()) pick = this.#pick();
    return pick && this.#pair(pick, now);
  }

  /** When time alone may change what `next` says; null: never. */
  nextAt(now: EpochMs): EpochMs | null {
    this.#waiters.advance(now);
    return this.#waiters.nextAt();
  }

  /** The call's place in its queue, 1 being the next; 0 when it does not wait. */
  position(id: CallId): number {
    const waiting = this.#waiters.get(id);
    return waiting ? waiting.post.turns.placeOf(waiting) : 0;
  }

  /** How many calls wait in the queue. */
  waiting(queue: QueueName): number {
    return this.#board.post(queue).turns.size;
  }

  standing(queue: QueueName): Standing {
    const { able, ready, free, turns } = this.#board.post(queue);
    return { waiting: turns.size, able, ready, free };
  }

  /** Is anybody logged in who could take the call, now or once it asks for less? */
  isStaffed(call: WaitingCall): boolean {
    return this.#board.ladder(call).steps.some(({ crew }) => crew.staff > 0);
  }

  /** How long the call will wait yet; null when it does not wait, or nobody knows. */
  estimate(id: CallId, pace: Pace, now: EpochMs): Estimate | null {
    this.#waiters.advance(now);
    const waiting = this.#waiters.get(id);
    return waiting ? this.#estimates.of(waiting, pace, now) : null;
  }

  /** How long this call would wait if it came now. */
  estimateOfNew(call: WaitingCall, pace: Pace, now: EpochMs): Estimate | null {
    return this.#estimates.ofNew(call, pace, now);
  }

  *calls(): Iterable<WaitingCall> {
    for (const { call } of this.#waiters.all()) yield call;
  }

  /** In the order in which they were put first. */
  *agents(): Iterable<PoolAgent> {
    for (const { agent, presence } of this.#staff.members.values()) {
      yield presence === agent.presence ? agent : { ...agent, presence };
    }
  }

  /** Free agents who are kept for dials that ring. */
  *kept(): Iterable<AgentId> {
    for (const { agent } of this.#staff.kept) yield agent.id;
  }

  #pick(): Pick | null {
    const { fresh, wanting } = this.#staff;
    const quiet = wanting.size === 0 && this.#board.touched.length === 0 && this.#waiters.touched.size === 0;
    const [member] = quiet && fresh.length === 1 ? fresh : [];
    if (member) {
      const [turn, ...others] = this.#turnsFor(member, 1 + TOLD);
      if (turn) return { waiting: turn.waiting, breaksShare: turn.breaksShare, member, others };
      this.#staff.settle();
      return null;
    }
    if (fresh.length > 0) {
      for (const { agent } of fresh) this.#waiters.touched.add(agent.id);
      this.#staff.settle();
    }
    return this.#firstBound(this.#firstOfCrews());
  }

  #firstOfCrews(): Pick | null {
    let first: Pick | null = null;
    const { touched } = this.#board;
    for (let at = touched.length - 1; at >= 0; at -= 1) {
      const crew = touched[at] as Crew;
      const { head: waiting } = crew;
      const top = waiting && this.#staff.top(crew);
      if (!top) this.#board.calm(crew);
      else first = sooner(first, { waiting, breaksShare: breaksIt(top.tier), member: null });
    }
    return first;
  }

  #firstBound(other: Pick | null): Pick | null {
    let first = other;
    if (this.#waiters.touched.size === 0) return first;
    for (const id of this.#waiters.touched) {
      const member = this.#staff.members.get(id);
      const waiting = member && member.spot !== 'off' && this.#waiters.boundTo(id, member.spot === 'kept');
      if (waiting) first = sooner(first, { waiting, breaksShare: false, member });
      else this.#waiters.touched.delete(id);
    }
    return first;
  }

  #pair(pick: Pick, now: EpochMs): Why {
    const { waiting, member } = pick;
    const { call, line, boundTo } = waiting;
    const { crew, step } = line;
    const phones = crew.own.strategy === 'ring-several' ? crew.own.ringAtOnce : 1;
    const marks = member ? [this.#staff.mark(member, crew, boundTo !== null)] : this.#staff.best(crew, phones + TOLD);
    const fresh = member?.spot === 'fresh' ? 1 : 0; // the only one who is not noted yet
    const candidates =
      boundTo === null ? { able: crew.staff, free: fresh + this.#staff.freeOf(crew) } : { able: 1, free: 1 };
    this.#waiters.drop(waiting);
    const rung = this.#rung(marks, phones);
    const [first] = rung;
    if (!first) throw new Error(`Nobody is there for call ${call.callId}, who was picked.`);
    const { kind } = this.#memberOf(first);
    const behind = this.#behind(pick, this.#memberOf(first));
    this.#merits.won(crew, first, this.#staff.freeOf(crew));
    for (const mark of rung) this.#staff.take(this.#memberOf(mark));
    const lost = rung.length === 1 ? marks.slice(1) : marks.filter((mark) => !rung.includes(mark));
    const { own, require } = crew;
    const through = (kind.through[kind.crews.indexOf(crew)] ?? own).name;
    return whyOf(
      { call, own, step, require, through, taken: rung, lost: lost.slice(0, TOLD), candidates, behind },
      now,
    );
  }

  /** The calls that he could have had beside this one, which waits no more: one more of its need has come to the front. */
  #behind({ waiting, breaksShare, others }: Pick, member: Member): readonly Turn[] {
    if (!others || waiting.boundTo !== null) return this.#turnsFor(member, TOLD);
    const { head } = waiting.line.crew;
    if (head) insert(others, head, breaksShare, TOLD);
    return others;
  }

  #memberOf({ order }: Mark): Member {
    return this.#board.roster.members[order] as Member;
  }

  /** Who rings: the best, and as many more of his rank as may ring at once and no other call could have. */
  #rung(marks: readonly Mark[], phones: number): readonly Mark[] {
    const rung = marks.slice(0, phones);
    const [first] = rung;
    if (rung.length < 2 || !first) return rung;
    const isNeeded = (mark: Mark) => this.#turnsFor(this.#memberOf(mark), 1).length > 0;
    return rung.filter((mark) => mark === first || (mark.tier === first.tier && !isNeeded(mark)));
  }

  /** The calls that this agent could take, of each need the first one; at most `count`, the first ones first. */
  #turnsFor(member: Member, count: number): readonly Turn[] {
    const found = this.#first.of(member, count);
    const bound = this.#waiters.boundTo(member.agent.id, member.spot === 'kept');
    if (bound) insert(found, bound, false, count);
    return found;
  }
}

function isSooner(a: Waiting, breaksShare: boolean, b: Turn): boolean {
  const later = a.turn + debitOf(breaksShare) - (b.waiting.turn + debitOf(b.breaksShare));
  return later === 0 ? inTurn(a, b.waiting) < 0 : later < 0;
}

function sooner(first: Pick | null, other: Pick): Pick {
  return first === null || isSooner(other.waiting, other.breaksShare, first) ? other : first;
}

/** Keeps the first few, in order. */
function insert(found: Turn[], waiting: Waiting, breaksShare: boolean, count: number): void {
  let at = found.length;
  while (at > 0 && isSooner(waiting, breaksShare, found[at - 1] as Turn)) at -= 1;
  if (at === count) return;
  for (let to = Math.min(found.length, count - 1); to > at; to -= 1) found[to] = found[to - 1] as Turn;
  found[at] = { waiting, breaksShare };
}

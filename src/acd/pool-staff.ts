import type { AgentId, CallId } from '../call/ids.ts';
import type { PoolAgent } from './decision.ts';
import type { Board } from './pool-board.ts';
import { byMark, type FreeLane, type Mark } from './pool-free.ts';
import type { Crew, Dial, Member } from './pool-groups.ts';
import type { Merits } from './pool-merits.ts';
import { Notes } from './pool-notes.ts';
import { rankOf } from './pool-rules.ts';
import type { WaitingCall } from './queue.ts';

/** The agents, and the dials that ring and keep some of them. */
export class Staff {
  readonly members = new Map<AgentId, Member>();
  /** Free, and not yet in the lanes of their crews: most are given a call at once. */
  readonly fresh: Member[] = [];
  readonly kept = new Set<Member>();
  readonly dials = new Map<CallId, Dial>();
  /** Crews with dials that have no agent. */
  readonly wanting = new Set<Crew>();
  readonly #board: Board;
  readonly #merits: Merits;
  readonly #notes: Notes;
  /** Places in the site's list, also of those who may come back. */
  readonly #orders: Map<AgentId, number>;
  #dialled = 0;

  constructor(board: Board, merits: Merits, orders: Map<AgentId, number>) {
    this.#board = board;
    this.#merits = merits;
    this.#notes = new Notes(board, merits);
    this.#orders = orders;
  }

  put(agent: PoolAgent): void {
    const member = this.members.get(agent.id);
    if (!member) {
      this.#add(agent);
      return;
    }
    if (isSame(agent, member)) return;
    const kind = agent.profile === member.agent.profile ? member.kind : this.#board.kind(agent.profile);
    const stays = member.dial !== null && agent.presence === 'free' && member.dial.crew.kinds.has(kind);
    if (stays) this.#unkeep(member);
    else this.#letGo(member);
    if (kind !== member.kind) this.#board.leave(member);
    member.agent = agent;
    if (kind === member.kind) this.#board.appear(member, agent.presence);
    else this.#board.join(member, kind, agent.presence);
    if (stays) this.#keepAsHeIs(member);
    if (!stays && agent.presence === 'free') this.#free(member);
  }

  remove(id: AgentId): void {
    const member = this.members.get(id);
    if (!member) return;
    this.members.delete(id);
    this.#letGo(member);
    this.#board.leave(member);
  }

  /** He was given a call. */
  take(member: Member): void {
    this.#letGo(member);
    this.#board.appear(member, 'busy');
  }

  /** Notes the fresh ones in the lanes of their crews. */
  settle(): void {
    for (const member of this.fresh) {
      member.spot = 'settled';
      this.#notes.note(member);
    }
    this.fresh.length = 0;
  }

  hold(call: WaitingCall): void {
    if (this.dials.has(call.callId)) return;
    const crew = this.#board.crew(this.#board.serving(call), call.require, call.campaignId !== null);
    const dial: Dial = { call, order: (this.#dialled += 1), crew, member: null };
    this.dials.set(call.callId, dial);
    crew.dials += 1;
    this.#want(dial);
  }

  release(id: CallId): void {
    const dial = this.dials.get(id);
    if (!dial) return;
    this.dials.delete(id);
    dial.crew.dials -= 1;
    const { member } = dial;
    if (member) this.#letGo(member);
    const at = dial.crew.wanting.indexOf(dial);
    if (at >= 0) dial.crew.wanting.splice(at, 1);
    if (dial.crew.wanting.length === 0) this.wanting.delete(dial.crew);
    if (member) this.#free(member);
  }

  /** Gives dials an agent that have none, in order of coming, as far as there are any. Answers whether one got one. */
  keep(): boolean {
    let kept = false;
    for (let dial = this.#nextDial(); dial; dial = this.#nextDial()) {
      this.#notes.wake(dial.crew);
      const first = dial.crew.lane.peek();
      const member = first && this.#board.roster.members[first.order];
      if (!member) return kept; // those who are free are not settled yet
      dial.crew.wanting.shift();
      if (dial.crew.wanting.length === 0) this.wanting.delete(dial.crew);
      this.#letGo(member);
      dial.member = member;
      Object.assign(member, { spot: 'kept', dial });
      this.kept.add(member);
      this.#notes.keep(member);
      kept = true;
    }
    return kept;
  }

  #nextDial(): Dial | undefined {
    let next: Dial | undefined;
    for (const crew of this.wanting) {
      const { wanting } = crew;
      if (this.#board.free(crew) > 0 && wanting[0] && wanting[0].order < (next?.order ?? Number.POSITIVE_INFINITY))
        next = wanting[0];
    }
    return next;
  }

  /** The best who is free for the calls of this crew. */
  top(crew: Crew): Mark | undefined {
    const kept = this.#keptOf(crew)?.peek();
    if (this.#board.free(crew) === 0) return kept;
    this.#notes.wake(crew);
    const free = crew.lane.peek();
    return kept && (!free || byMark(kept, free) < 0) ? kept : free;
  }

  /** The first of them in order, those kept for dials among them where the call may be given one. */
  best(crew: Crew, count: number): readonly Mark[] {
    this.#notes.wake(crew);
    const free = crew.lane.first(count);
    const kept = this.#keptOf(crew)?.first(count);
    return kept ? [...free, ...kept].sort(byMark).slice(0, count) : free;
  }

  /** Those kept for dials whom a call of this crew may be given. */
  #keptOf(crew: Crew): FreeLane | null {
    const { kept } = crew;
    if (!kept || kept.count === 0) return null;
    this.#notes.wakeKept(crew, kept, this.kept);
    return kept.lane;
  }

  /** What he is worth to this crew. Who is rung for himself alone need not be of it, and breaks no share. */
  mark(member: Member, crew: Crew, alone = false): Mark {
    const { agent, order, kind } = member;
    const at = kind.crews.indexOf(crew);
    const rank = rankOf(agent, (kind.through[at] ?? crew.own).name);
    const tier = alone || at < 0 ? rank : this.#merits.tier(member, at);
    const key = at < 0 ? 0 : this.#merits.key(member, at, tier);
    return { id: agent.id, order, tier, key, idleSince: agent.idleSince };
  }

  /** How many of the crew are free for such a call. */
  freeOf(crew: Crew): number {
    return this.#board.free(crew) + (crew.kept?.count ?? 0);
  }

  #add(agent: PoolAgent): void {
    const order = this.#orders.get(agent.id) ?? this.#orders.size;
    this.#orders.set(agent.id, order);
    const kind = this.#board.kind(agent.profile);
    const member: Member = { agent, presence: 'out', order, kind, spot: 'off', freshAt: 0, dial: null };
    this.#board.roster.add(member);
    this.members.set(agent.id, member);
    this.#board.join(member, kind, agent.presence);
    if (agent.presence === 'free') this.#free(member);
  }

  #free(member: Member): void {
    member.spot = 'fresh';
    member.freshAt = this.fresh.push(member) - 1;
  }

  /** He is free no more, or for something else; a dial that kept him wants another. */
  #letGo(member: Member): void {
    const { spot, dial } = member;
    member.spot = 'off';
    member.dial = null;
    this.#board.roster.letGo(member);
    if (spot === 'fresh') this.#noLongerFresh(member);
    if (spot === 'kept') {
      this.kept.delete(member);
      this.#notes.unkeep(member);
    }
    if (spot === 'settled') this.#notes.unnote(member);
    if (!dial) return;
    dial.member = null;
    if (this.dials.has(dial.call.callId)) this.#want(dial);
  }

  /** What was noted of him is void, though his dial keeps him. */
  #unkeep(member: Member): void {
    this.#board.roster.letGo(member);
    this.#notes.unkeep(member);
  }

  /** He may be able for more than before. */
  #keepAsHeIs(member: Member): void {
    this.#notes.keep(member);
    for (const crew of member.kind.crews) if (crew.head) this.#board.touch(crew);
  }

  /** The last takes his place: where another process pairs, everybody stays fresh. */
  #noLongerFresh(member: Member): void {
    const last = this.fresh.pop();
    if (!last || last === member) return;
    this.fresh[member.freshAt] = last;
    last.freshAt = member.freshAt;
  }

  #want(dial: Dial): void {
    const { wanting } = dial.crew;
    const before = wanting.findLastIndex(({ order }) => order < dial.order); // most come last
    wanting.splice(before + 1, 0, dial);
    this.wanting.add(dial.crew);
  }
}

/** Nothing about him changed that a choice may hang on. */
function isSame(a: PoolAgent, { agent: b, presence }: Member): boolean {
  return (
    a.profile === b.profile &&
    a.presence === presence &&
    a.idleSince === b.idleSince &&
    a.occupancy === b.occupancy &&
    a.handled === b.handled &&
    a.offeredAt === b.offeredAt
  );
}

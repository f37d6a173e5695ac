import type { QueueName } from '../call/ids.ts';
import type { AgentProfile, QueueProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { Asks } from './pool-asks.ts';
import { FreeLane, Roster } from './pool-free.ts';
import type { Crew, Kind, Ladder, Line, Member, Post, Waiting } from './pool-groups.ts';
import { admit, crewKey, dismiss, enrol, kindKey } from './pool-kinds.ts';
import { Lane } from './pool-lane.ts';
import { ladderOf, type Queues, queueOf, stepInForce } from './pool-rules.ts';
import { Tally } from './pool-tally.ts';
import { Turns } from './pool-turns.ts';
import { byTurn, qualified, type WaitingCall } from './queue.ts';

/** Past so many unused ladders the board forgets them; no site has as many that it uses. */
const UNUSED = 512;
/** So many may be in a line for nothing. */
const SLACK = 64;

/**
 * Who can take what: calls are grouped by what they ask, agents by what they can do. A call or an agent who comes, goes or
 * changes concerns only the groups it belongs to. What nobody asked before costs one look at each kind of agent, once.
 */
export class Board {
  readonly roster = new Roster();
  readonly tally = new Tally();
  /** Crews of which a member and a call may have come together. */
  readonly touched: Crew[] = [];
  /** Lines in which a step came into force or went out of it since this was last emptied. */
  readonly restepped = new Set<Line>();
  readonly #queues: Queues;
  readonly #crews = new Map<string, Crew>();
  readonly #kinds = new Map<string, Kind>();
  readonly #ladders = new Set<Ladder>();
  readonly #asks = new Asks<Ladder>();
  readonly #posts = new Map<QueueName, Post>();
  #forgetAt = UNUSED;

  constructor(queues: Queues) {
    this.#queues = queues;
  }

  /** The books of a queue. */
  post(name: QueueName): Post {
    const known = this.#posts.get(name);
    if (known) return known;
    const post: Post = {
      queue: queueOf(this.#queues, name),
      able: 0,
      ready: 0,
      free: 0,
      turns: new Turns(turnOfWaiting, inTurn),
    };
    this.#posts.set(name, post);
    for (const kind of this.#kinds.values()) {
      if (!qualified(kind.profile, post.queue, [])) continue;
      kind.posts = [...kind.posts, post];
      for (const { presence } of kind.members) count(post, presence, 1);
    }
    return post;
  }

  kinds(): Iterable<Kind> {
    return this.#kinds.values();
  }

  /** Those who can do what this agent can. */
  kind(profile: AgentProfile): Kind {
    const key = kindKey(profile);
    const known = this.#kinds.get(key);
    if (known) return known;
    const posts = [...this.#posts.values()].filter(({ queue }) => qualified(profile, queue, []));
    const none = { crews: [], indexes: [], through: [], ranks: [], figures: [], alike: [] };
    const kind: Kind = { key, profile, ...none, posts, members: new Set() };
    for (const crew of this.#crews.values()) admit(kind, crew);
    this.#kinds.set(key, kind);
    return kind;
  }

  join(member: Member, kind: Kind, presence: PoolAgent['presence']): void {
    member.kind = kind;
    kind.members.add(member);
    this.appear(member, presence);
  }

  leave(member: Member): void {
    this.appear(member, 'out');
    const { members, key, crews } = member.kind;
    members.delete(member);
    if (members.size > 0) return;
    this.#kinds.delete(key);
    for (const crew of crews) crew.kinds.delete(member.kind);
  }

  /** He is ready, busy or gone, and can do what he could. */
  appear(member: Member, presence: PoolAgent['presence']): void {
    const before = member.presence;
    if (presence === before) return;
    member.presence = presence;
    for (const post of member.kind.posts) {
      count(post, before, -1);
      count(post, presence, 1);
    }
    const came = Number(presence !== 'out') - Number(before !== 'out');
    if (came !== 0) for (const crew of member.kind.crews) this.#staff(crew, came);
  }

  #staff(crew: Crew, by: number): void {
    const before = crew.staff;
    crew.staff += by;
    if (before > 0 && crew.staff > 0) return;
    for (const ladder of crew.ladders) for (const line of ladder.lines) if (line) this.#step(line);
  }

  /** The queues whose agents may take the call, its own first. */
  serving({ queue, also }: Pick<WaitingCall, 'queue' | 'also'>): readonly QueueProfile[] {
    return [queue, ...also].map((name) => this.post(name).queue);
  }

  /** What this call asks for over time. */
  ladder(call: WaitingCall): Ladder {
    const known = this.#asks.get(call);
    if (known) return known;
    if (this.#ladders.size >= this.#forgetAt) this.#forget();
    const serving = this.serving(call);
    const campaign = call.campaignId !== null;
    const steps = ladderOf(call, this.#queues).map(({ afterMs, require }) => ({
      afterMs,
      crew: this.crew(serving, require, campaign),
    }));
    const ladder: Ladder = { steps, lines: [], calls: 0 };
    for (const { crew } of steps) crew.ladders.add(ladder);
    this.#ladders.add(ladder);
    this.#asks.set(call, ladder);
    return ladder;
  }

  /** The calls of a ladder of which this step is due. */
  line(ladder: Ladder, due: number): Line {
    const known = ladder.lines[due];
    if (known) return known;
    const crew = ladder.steps[due]?.crew;
    if (!crew) throw new Error(`A ladder of ${ladder.steps.length} steps has no step ${due}.`);
    const lane: Lane<Waiting> = new Lane(
      (a, b) => inTurn(a, b) < 0,
      (waiting) => waiting.line === line && waiting.spot === 'line',
    );
    const line: Line = { due, ladder, step: due, crew, lane, calls: 0, preferring: new Set() };
    ladder.lines[due] = line;
    crew.lines.push(line);
    this.#step(line);
    return line;
  }

  /** Brings the step into force that somebody can meet. */
  #step(line: Line): void {
    const { steps } = line.ladder;
    const step = stepInForce(steps.length, line.due, (at) => (steps[at]?.crew.staff ?? 0) > 0);
    const crew = steps[step]?.crew;
    line.step = step;
    if (!crew || crew === line.crew) return;
    remove(line.crew.lines, line);
    this.look(line.crew);
    line.crew = crew;
    crew.lines.push(line);
    this.look(crew);
    this.touch(crew);
    this.restepped.add(line);
  }

  /** Finds anew whose turn is next among those who need this crew. */
  look(crew: Crew): void {
    let head: Waiting | null = null;
    for (const { lane } of crew.lines) {
      const first = lane.peek();
      if (first && (head === null || inTurn(first, head) < 0)) head = first;
    }
    this.#head(crew, head);
  }

  #head(crew: Crew, head: Waiting | null): void {
    crew.head = head;
    this.tally.turns[crew.index] = head?.turn ?? Number.POSITIVE_INFINITY;
  }

  /** How many of the crew are noted as free. */
  free({ index }: Crew): number {
    return this.tally.free[index] as number;
  }

  touch(crew: Crew): void {
    if (crew.touched) return;
    crew.touched = true;
    this.touched.push(crew);
  }

  /** Nothing is to be done for this crew. */
  calm(crew: Crew): void {
    if (!crew.touched) return;
    crew.touched = false;
    remove(this.touched, crew);
  }

  /** The call joins its line. */
  queueUp(waiting: Waiting): void {
    const { line } = waiting;
    line.lane.push(waiting);
    line.calls += 1;
    const { crew } = line;
    if (crew.head === null || inTurn(waiting, crew.head) < 0) this.#head(crew, waiting);
    if (this.free(crew) > 0 || crew.campaign) this.touch(crew);
  }

  /** The call has left its line. */
  stepOut(waiting: Waiting): void {
    const { line } = waiting;
    line.calls -= 1;
    if (line.lane.size > 2 * line.calls + SLACK) line.lane.tidy();
    if (line.crew.head === waiting) this.look(line.crew);
  }

  crew(serving: readonly QueueProfile[], require: readonly Requirement[], campaign: boolean): Crew {
    const key = crewKey(serving, require, campaign);
    const known = this.#crews.get(key);
    if (known) return known;
    const [own] = serving;
    if (!own) throw new Error('A call waits in no queue.');
    const crew = newCrew(this.tally.add(), this.roster, own, { serving, require, campaign });
    this.#crews.set(key, crew);
    for (const kind of this.#kinds.values()) {
      if (admit(kind, crew)) for (const member of kind.members) enrol(member, crew, this.tally);
    }
    return crew;
  }

  /** Drops what no call asks for any more, so that odd wishes do not pile up for ever. */
  #forget(): void {
    for (const ladder of this.#ladders) {
      if (ladder.calls > 0) continue;
      this.#ladders.delete(ladder);
      for (const { crew } of ladder.steps) crew.ladders.delete(ladder);
      for (const line of ladder.lines) if (line) remove(line.crew.lines, line);
    }
    this.#asks.retain((ladder) => this.#ladders.has(ladder));
    const gone = new Set<Crew>();
    for (const [key, crew] of this.#crews) {
      if (crew.ladders.size > 0 || crew.dials > 0) continue;
      this.#crews.delete(key);
      this.calm(crew);
      this.tally.remove(crew.index);
      gone.add(crew);
    }
    for (const kind of this.#kinds.values()) dismiss(kind, gone);
    this.#forgetAt = 2 * this.#ladders.size + UNUSED;
  }
}

function count(post: Post, presence: PoolAgent['presence'], by: number): void {
  if (presence === 'out') return;
  post.able += by;
  if (presence !== 'away') post.ready += by;
  if (presence === 'free') post.free += by;
}

const turnOfWaiting = ({ turn }: Waiting): number => turn;

/** `byTurn` for calls whose turn is known. */
export function inTurn(a: Waiting, b: Waiting): number {
  return a.turn - b.turn || byTurn(a.call, b.call);
}

function newCrew(
  index: number,
  roster: Roster,
  own: QueueProfile,
  asks: Pick<Crew, 'serving' | 'require' | 'campaign'>,
): Crew {
  const lane = new FreeLane(roster);
  const kept = asks.campaign ? { lane: new FreeLane(roster), count: 0, awake: false, used: false } : null;
  const none = { head: null, staff: 0, dials: 0, used: false, touched: false, kinds: new Set<Kind>() };
  return { index, own, ...asks, ...none, lane, kept, ladders: new Set(), lines: [], wanting: [], won: new Map() };
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

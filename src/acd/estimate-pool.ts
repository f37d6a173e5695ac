import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { Estimate } from './estimate.ts';
import { Fluid } from './estimate-fluid.ts';
import { inTurn, type Board } from './pool-board.ts';
import type { Crew, Kind, Member, Waiting } from './pool-groups.ts';
import type { Staff } from './pool-staff.ts';
import { turnOf, type WaitingCall } from './queue.ts';

/** How fast work goes, from what was seen lately. */
export interface Pace {
  /** Talks, and how long they kept agents in all, from the ring to the end of wrap-up. */
  ofQueue(queue: QueueName): Talks;
  ofAgent(agent: AgentId): Talks;
  /** How many of those who wait give up per ms that one of them waits; 0: nobody, or nobody knows. */
  givesUp(queue: QueueName): number;
}

export interface Talks {
  readonly talks: number;
  readonly totalMs: number;
}

/** An agent's own talks weigh as so many of his queues' do: few of them say little. */
const PRIOR_TALKS = 10;
/** Of more calls, every second, third… is looked at for all of them; of more kinds of agents likewise. */
const MOST_CALLS = 512;
const MOST_KINDS = 1_024;
/** While no more wait and serve, every estimate is made anew, to the moment; else one outlook serves for so long. */
const SMALL = 300;
const GOOD_FOR_MS = 1_000;
/** Levels are kept at every so many calls. */
const CHECKPOINT = 16;

interface Entry {
  readonly waiting: Waiting;
  readonly groups: readonly number[];
  /** Of the calls it stands for, those who will not have given up. */
  readonly calls: number;
}

/**
 * How long those who wait in a pool will wait yet, by place, skills and agents: all who are before them, in their turn,
 * are poured onto the agents who can take them (`Fluid`), less those who will have given up by then. It knows of no calls
 * that are yet to come with more credit, and takes everybody who is ready now to stay so.
 */
export class PoolEstimates {
  readonly #board: Board;
  readonly #staff: Staff;
  readonly #calls: () => Iterable<Waiting>;
  #outlook: { readonly at: EpochMs; readonly size: number; readonly seen: Outlook } | null = null;

  constructor(board: Board, staff: Staff, calls: () => Iterable<Waiting>) {
    this.#board = board;
    this.#staff = staff;
    this.#calls = calls;
  }

  /** Null: nobody who could take the call is ready, it waits for one agent alone, or nobody knows how long talks take. */
  of(waiting: Waiting, pace: Pace, now: EpochMs): Estimate | null {
    if (waiting.boundTo !== null) return null;
    const { steps } = waiting.ladder;
    let best: Estimate | null = null;
    for (let step = waiting.line.step; step < steps.length; step += 1) {
      const { crew, afterMs } = steps[step] as (typeof steps)[number];
      const found = this.#through(crew, waiting, pace, now);
      if (!found) continue;
      // With a later step it is not served before that is due.
      const dueMs = step === waiting.line.step ? 0 : waiting.call.enqueuedAt + afterMs - now;
      const estimate = { ...found, ms: Math.max(dueMs, found.ms) };
      if (best === null || estimate.ms < best.ms) best = estimate;
    }
    return best;
  }

  /** For who would begin to wait now. */
  ofNew(call: WaitingCall, pace: Pace, now: EpochMs): Estimate | null {
    const ladder = this.#board.ladder(call);
    const [post, line] = [this.#board.post(call.queue), this.#board.line(ladder, 0)];
    const none = { spot: 'off', boundTo: null, nextAt: Number.POSITIVE_INFINITY } as const;
    return this.of({ call, turn: turnOf(call), ladder, post, line, ...none }, pace, now);
  }

  #through(crew: Crew, waiting: Waiting, pace: Pace, now: EpochMs): Estimate | null {
    const talks = crew.serving.reduce((sum, { name }) => sum + pace.ofQueue(name).talks, 0);
    if (this.#isFree(crew)) return { ms: 0, ends: 1, talks };
    const seen = this.#look(pace, now).before(crew, waiting);
    return seen && { ...seen, talks };
  }

  /** Those who are not noted yet are free, too: where another process pairs, nobody ever is. */
  #isFree(crew: Crew): boolean {
    if (this.#board.free(crew) > 0) return true;
    for (const { kind } of this.#staff.fresh) if (crew.kinds.has(kind)) return true;
    return false;
  }

  #look(pace: Pace, now: EpochMs): Outlook {
    const known = this.#outlook;
    if (known && known.size > SMALL && now - known.at < GOOD_FOR_MS) return known.seen;
    const calls = [...this.#calls()].sort(inTurn);
    const seen = new Outlook([...this.#board.kinds()], calls, this.#staff.members, pace);
    this.#outlook = { at: now, size: calls.length + this.#staff.members.size, seen };
    return seen;
  }
}

/** Everybody who waits at one moment, and how the agents are taken up by them. */
class Outlook {
  readonly #group = new Map<Kind, number>();
  readonly #groups = new Map<Crew, readonly number[]>();
  readonly #rates: Float64Array;
  readonly #entries: Entry[] = [];
  readonly #checkpoints: Float64Array[] = [];

  constructor(all: readonly Kind[], calls: readonly Waiting[], members: ReadonlyMap<AgentId, Member>, pace: Pace) {
    const every = Math.ceil(all.length / MOST_KINDS);
    const kinds = oneOf(all, every);
    const anybody = meanOf([...new Set(kinds.flatMap(({ posts }) => posts))], pace);
    this.#rates = Float64Array.from(kinds, (kind) => rateOf(kind, pace, anybody) * every);
    for (const [at, kind] of kinds.entries()) if ((this.#rates[at] as number) > 0) this.#group.set(kind, at);
    const stride = Math.ceil(calls.length / MOST_CALLS);
    const fluid = new Fluid(this.#rates);
    for (const waiting of oneOf(calls, stride)) {
      this.#pour(fluid, waiting, this.#groupsFor(waiting, members), stride, pace);
    }
  }

  /** The mean wait of who needs this crew and has his turn there. */
  before(crew: Crew, waiting: Waiting): Omit<Estimate, 'talks'> | null {
    const groups = this.#groupsOf(crew);
    if (groups.length === 0) return null;
    const ms = Math.round(this.#until(waiting).levelAfter(groups, 1));
    const rate = groups.reduce((sum, group) => sum + (this.#rates[group] as number), 0);
    return { ms, ends: Math.max(1, ms * rate) };
  }

  #pour(fluid: Fluid, waiting: Waiting, groups: readonly number[], stride: number, pace: Pace): void {
    if (groups.length === 0) return;
    if (this.#entries.length % CHECKPOINT === 0) this.#checkpoints.push(fluid.levels.slice());
    const stays = Math.exp(-pace.givesUp(waiting.call.queue) * fluid.levelAfter(groups, 1));
    const entry = { waiting, groups, calls: stride * stays };
    this.#entries.push(entry);
    fluid.pour(groups, entry.calls);
  }

  /** The agents as all before this one leave them. */
  #until(waiting: Waiting): Fluid {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = (this.#entries[middle] as Entry).waiting;
      if (other !== waiting && inTurn(other, waiting) < 0) low = middle + 1;
      else high = middle;
    }
    const checkpoint = Math.max(0, Math.min(Math.floor(low / CHECKPOINT), this.#checkpoints.length - 1));
    const fluid = new Fluid(this.#rates, this.#checkpoints[checkpoint]?.slice());
    for (const { groups, calls } of this.#entries.slice(checkpoint * CHECKPOINT, low)) fluid.pour(groups, calls);
    return fluid;
  }

  #groupsFor({ boundTo, line }: Waiting, members: ReadonlyMap<AgentId, Member>): readonly number[] {
    if (boundTo === null) return this.#groupsOf(line.crew);
    const member = members.get(boundTo);
    const group = member && this.#group.get(member.kind);
    return group === undefined ? [] : [group];
  }

  #groupsOf(crew: Crew): readonly number[] {
    const known = this.#groups.get(crew);
    if (known) return known;
    const groups = [...crew.kinds].flatMap((kind) => this.#group.get(kind) ?? []);
    this.#groups.set(crew, groups);
    return groups;
  }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** One of every so many, in order, each from another place among its neighbours: no pattern in the list is met every time. */
function oneOf<T>(list: readonly T[], every: number): readonly T[] {
  if (every <= 1) return list;
  return Array.from({ length: Math.floor(list.length / every) }, (_, part) => {
    const within = Math.floor(((part * GOLDEN) % 1) * every);
    return list[part * every + within] as T;
  });
}

const isReady = ({ presence }: Member) => presence === 'busy' || presence === 'free';

/** How many talks these agents end per ms while all of them talk. */
function rateOf({ members, posts }: Kind, pace: Pace, anybody: number | null): number {
  const usual = meanOf(posts, pace) ?? anybody;
  let rate = 0;
  for (const member of members) {
    if (!isReady(member)) continue;
    const { talks, totalMs } = pace.ofAgent(member.agent.id);
    const handleMs = usual === null ? totalMs / talks : (totalMs + PRIOR_TALKS * usual) / (talks + PRIOR_TALKS);
    if (handleMs > 0) rate += 1 / handleMs;
  }
  return rate;
}

function meanOf(posts: Kind['posts'], pace: Pace): number | null {
  const known = posts.map(({ queue }) => pace.ofQueue(queue.name));
  const talks = known.reduce((sum, one) => sum + one.talks, 0);
  return talks === 0 ? null : known.reduce((sum, one) => sum + one.totalMs, 0) / talks;
}

import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import type { Board } from './pool-board.ts';
import { inTurn } from './pool-board.ts';
import type { Member, Waiting } from './pool-groups.ts';
import { Lane } from './pool-lane.ts';
import { boundTo, dueStep } from './pool-rules.ts';
import { turnOf, type WaitingCall } from './queue.ts';

/** So many timers may be kept for nothing. */
const SLACK = 64;

interface Timer {
  readonly at: EpochMs;
  readonly waiting: Waiting;
}

/** The calls that wait, each among those of the same need or for the one agent whom it rings. */
export class Waiters {
  /** Agents for whom alone a call waits since the last look. */
  readonly touched = new Set<AgentId>();
  readonly #board: Board;
  readonly #members: ReadonlyMap<AgentId, Member>;
  readonly #calls = new Map<CallId, Waiting>();
  readonly #bound = new Map<AgentId, Set<Waiting>>();
  /** Calls that prefer an agent, by him: where they wait depends on how he is. */
  readonly #preferring = new Map<AgentId, Set<Waiting>>();
  readonly #changed = new Set<AgentId>();
  readonly #timers = new Lane<Timer>(
    (a, b) => a.at < b.at,
    ({ at, waiting }) => waiting.nextAt === at && waiting.spot !== 'off',
  );

  constructor(board: Board, members: ReadonlyMap<AgentId, Member>) {
    this.#board = board;
    this.#members = members;
  }

  get(id: CallId): Waiting | undefined {
    return this.#calls.get(id);
  }

  all(): Iterable<Waiting> {
    return this.#calls.values();
  }

  put(call: WaitingCall, now: EpochMs): void {
    this.remove(call.callId);
    const ladder = this.#board.ladder(call);
    const post = this.#board.post(call.queue);
    const line = this.#board.line(ladder, 0);
    const [turn, nextAt] = [turnOf(call), Number.POSITIVE_INFINITY];
    const waiting: Waiting = { call, turn, ladder, post, line, spot: 'off', boundTo: null, nextAt };
    ladder.calls += 1;
    post.turns.add(waiting);
    this.#calls.set(call.callId, waiting);
    if (call.prefer) addTo(this.#preferring, call.prefer.agentId, waiting);
    this.#place(waiting, now);
  }

  remove(id: CallId): void {
    const waiting = this.#calls.get(id);
    if (waiting) this.drop(waiting);
  }

  drop(waiting: Waiting): void {
    this.#calls.delete(waiting.call.callId);
    this.#displace(waiting);
    waiting.ladder.calls -= 1;
    waiting.post.turns.delete(waiting);
    if (waiting.call.prefer) takeFrom(this.#preferring, waiting.call.prefer.agentId, waiting);
    if (this.#timers.size > 2 * this.#calls.size + SLACK) this.#timers.tidy();
  }

  /** An agent came, went, or can do something else. */
  changed(id: AgentId): void {
    if (this.#preferring.has(id)) this.#changed.add(id);
  }

  /** Brings every call to where it waits at this time. */
  advance(now: EpochMs): void {
    if (this.#board.restepped.size > 0 || this.#changed.size > 0) this.#moveWhoPrefer(now);
    for (let timer = this.#timers.peek(); timer && timer.at <= now; timer = this.#timers.peek()) {
      this.#move(timer.waiting, now);
    }
  }

  #moveWhoPrefer(now: EpochMs): void {
    const { restepped } = this.#board;
    for (const { preferring } of restepped) {
      const concerned = [...preferring]; // who is moved joins them anew
      for (const waiting of concerned) this.#move(waiting, now);
    }
    for (const id of this.#changed) for (const waiting of this.#preferring.get(id) ?? []) this.#move(waiting, now);
    restepped.clear();
    this.#changed.clear();
  }

  /** When the next call will wait elsewhere by time alone. */
  nextAt(): EpochMs | null {
    return this.#timers.peek()?.at ?? null;
  }

  /** The next of the calls that wait for this agent alone. */
  boundTo(id: AgentId, campaignsOnly: boolean): Waiting | null {
    let first: Waiting | null = null;
    const all = this.#bound.size > 0 && this.#bound.get(id);
    for (const waiting of all || []) {
      if (campaignsOnly && waiting.call.campaignId === null) continue;
      if (first === null || inTurn(waiting, first) < 0) first = waiting;
    }
    return first;
  }

  #move(waiting: Waiting, now: EpochMs): void {
    this.#displace(waiting);
    this.#place(waiting, now);
  }

  #place(waiting: Waiting, now: EpochMs): void {
    const { call, ladder } = waiting;
    const line = this.#board.line(ladder, dueStep(ladder.steps, now - call.enqueuedAt));
    waiting.line = line;
    if (call.prefer) line.preferring.add(waiting);
    waiting.boundTo = call.prefer ? boundTo(call, this.#preferred(waiting), now) : call.only;
    if (waiting.boundTo === null) {
      waiting.spot = 'line';
      this.#board.queueUp(waiting);
    } else {
      waiting.spot = 'bound';
      addTo(this.#bound, waiting.boundTo, waiting);
      this.touched.add(waiting.boundTo);
    }
    this.#setTimer(waiting, now);
  }

  #displace(waiting: Waiting): void {
    const { spot, line, call } = waiting;
    waiting.spot = 'off';
    if (call.prefer) line.preferring.delete(waiting);
    if (spot === 'line') this.#board.stepOut(waiting);
    else if (waiting.boundTo !== null) takeFrom(this.#bound, waiting.boundTo, waiting);
  }

  #preferred({ call, line }: Waiting): Parameters<typeof boundTo>[1] {
    const member = call.prefer && this.#members.get(call.prefer.agentId);
    if (!member) return null;
    return { presence: member.presence, able: line.crew.kinds.has(member.kind) };
  }

  #setTimer(waiting: Waiting, now: EpochMs): void {
    const { call, ladder, line } = waiting;
    const next = ladder.steps[line.due + 1];
    let at = next ? call.enqueuedAt + next.afterMs : Number.POSITIVE_INFINITY;
    if (call.prefer && call.prefer.until > now) at = Math.min(at, call.prefer.until);
    if (at === waiting.nextAt) return;
    waiting.nextAt = at;
    if (at < Number.POSITIVE_INFINITY) this.#timers.push({ at, waiting });
  }
}

function addTo(sets: Map<AgentId, Set<Waiting>>, id: AgentId, waiting: Waiting): void {
  const set = sets.get(id);
  if (set) set.add(waiting);
  else sets.set(id, new Set([waiting]));
}

function takeFrom(sets: Map<AgentId, Set<Waiting>>, id: AgentId, waiting: Waiting): void {
  const set = sets.get(id);
  set?.delete(waiting);
  if (set?.size === 0) sets.delete(id);
}

import type { AgentId, EpochMs, QueueName } from '../../call/ids.ts';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';
import type { Why } from '../decision.ts';
import { Pool } from '../pool.ts';
import { queueOf } from '../pool-rules.ts';
import { PLAIN_TICKET, type WaitingCall } from '../queue.ts';
import { Crew, type Member } from './crew.ts';
import type { AgentMove, Day, Dial, Visit } from './day.ts';
import { Timeline } from './timeline.ts';

/** The rules of a house, as far as they decide who gets which call. */
export interface Rules {
  readonly queues: ReadonlyMap<QueueName, QueueProfile>;
  readonly agents: readonly AgentProfile[];
}

/** How a stay in a queue went, or would have gone. */
export interface Outcome {
  readonly visit: Visit;
  readonly how: 'answered' | 'abandoned' | 'left' | 'open';
  readonly agentId: AgentId | null;
  /** Until the answer, or the end. */
  readonly waitedMs: number;
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly occupancy: number | null;
}

const SEED = 1;

/**
 * Plays a day again by the given rules: the same callers with the same patience and the same talks, the same agents at work
 * at the same times. Who gave up at 60 s gives up at 60 s; who was answered waits until somebody answers, or as long as the
 * queue lets anybody wait, since how patient he was nobody knows. Offers that an agent did not take are not taken again.
 */
export function replay(day: Day, rules: Rules): Run {
  return new Player(day, rules).play();
}

/** What the day looked like. */
export function asItWas(day: Day): readonly Outcome[] {
  return day.visits.map((visit) => {
    const { end, enqueuedAt } = visit;
    const waitedMs = (end.how === 'open' ? day.to : end.at) - enqueuedAt;
    if (end.how === 'connected') return { visit, how: 'answered', agentId: end.agentId, waitedMs };
    return { visit, how: end.how, agentId: null, waitedMs };
  });
}

/** Somebody waits; otherwise it is a promise or a message, which counts in no figure of the queue. */
export const isOnTheLine = ({ kind }: Visit): boolean => kind === 'call' || kind === 'campaign';

interface Stay {
  readonly visit: Visit;
  call: WaitingCall;
  readonly failed: Visit['failed'][number][];
  state: 'waiting' | 'offered' | 'over';
  /** He is asked for his number: nobody is rung for him. */
  aside: boolean;
}

class Player {
  readonly #day: Day;
  readonly #rules: Rules;
  readonly #pool: Pool;
  readonly #crew: Crew;
  readonly #timeline = new Timeline();
  readonly #stays = new Map<string, Stay>();
  readonly #outcomes: Outcome[] = [];
  readonly #usual: { readonly setupMs: number; readonly talkMs: number };
  #wakeAt: EpochMs | null = null;

  constructor(day: Day, rules: Rules) {
    this.#day = day;
    this.#rules = rules;
    this.#pool = new Pool(rules.queues, SEED);
    this.#crew = new Crew(rules.agents, day.from);
    this.#usual = usualIn(day);
  }

  play(): Run {
    const { visits, moves, dials, from, to } = this.#day;
    for (const member of this.#crew.all()) this.#pool.putAgent(member.seen(from), from);
    for (const move of moves) this.#timeline.add(move.at, (now) => this.#move(move, now));
    const kept = dials.filter(({ keeps }) => keeps !== 'nobody');
    for (const dial of kept) this.#timeline.add(dial.at, (now) => this.#dial(dial, now));
    for (const visit of visits) this.#timeline.add(visit.at, (now) => this.#arrive(visit, now));
    for (let entry = this.#timeline.take(); entry && entry.at <= to; entry = this.#timeline.take()) {
      entry.run(entry.at);
      if (this.#timeline.nextAt !== entry.at) this.#pair(entry.at);
    }
    for (const stay of this.#stays.values()) if (stay.state !== 'over') this.#end(stay, 'open', null, to);
    return { outcomes: this.#outcomes, occupancy: this.#crew.occupancy(to) };
  }

  #move(move: AgentMove, now: EpochMs): void {
    const member = this.#crew.get(move.agentId);
    if (!member) return;
    member.pass(now);
    if (move.type === 'engaged') return this.#engage(member, now, move.until, (at) => (member.idleSince = at));
    member.move(move);
    if (move.type === 'held' && move.until > now) this.#timeline.add(move.until, (at) => this.#show(member, at));
    this.#show(member, now);
  }

  #show(member: Member, now: EpochMs): void {
    this.#pool.putAgent(member.seen(now), now);
  }

  /** Busy until then; `after` is what it leaves behind. */
  #engage(member: Member, now: EpochMs, until: EpochMs, after: (at: EpochMs) => void): void {
    member.pass(now);
    member.engaged += 1;
    this.#show(member, now);
    this.#timeline.add(Math.max(now, until), (at) => {
      member.pass(at);
      member.engaged -= 1;
      after(at);
      this.#show(member, at);
    });
  }

  /** A number rings: whoever answers must find an agent, as he did then. */
  #dial({ id: callId, campaignId, require, until }: Dial, now: EpochMs): void {
    const queue = `campaign:${campaignId}`;
    this.#pool.hold({ ...PLAIN_TICKET, kind: 'campaign', callId, queue, require, enqueuedAt: now, campaignId }, now);
    this.#timeline.add(Math.max(now, until), () => this.#pool.release(callId));
  }

  #arrive(visit: Visit, now: EpochMs): void {
    const { id: callId, kind, queue, require, relax, priority, enqueuedAt, campaignId, prefer } = visit;
    const asks = { queue, require, relax, priority, prefer } as const;
    const call = { ...PLAIN_TICKET, ...asks, kind, callId, enqueuedAt, campaignId } as const;
    const stay: Stay = { visit, call, failed: [...visit.failed], state: 'waiting', aside: false };
    this.#stays.set(callId, stay);
    this.#pool.putCall(call, now);
    this.#foresee(stay, now);
  }

  /** What happens to a call while it waits, if it still does, and how long that can be. */
  #foresee(stay: Stay, now: EpochMs): void {
    const { visit } = stay;
    const { queue, enqueuedAt, end } = visit;
    for (const raise of visit.raised) this.#timeline.add(raise.at, (at) => this.#change(stay, raise, at));
    const { helped } = visit;
    if (helped) this.#timeline.add(helped.at, (at) => this.#change(stay, { also: [helped.by] }, at));
    for (const { at, until } of visit.asides) {
      this.#timeline.add(at, () => this.#stepAside(stay));
      if (until !== null) this.#timeline.add(until, (back) => this.#stepBack(stay, back));
    }
    if (end.how === 'abandoned' || end.how === 'left') {
      this.#timeline.add(end.at, (at) => this.#end(stay, end.how, null, at));
      return;
    }
    // A promise waits for as long as it was given, and not for its queue's longest wait.
    if (!isOnTheLine(visit)) return;
    const { maxWaitMs } = queueOf(this.#rules.queues, queue);
    this.#timeline.add(Math.max(now, enqueuedAt + maxWaitMs), (at) => this.#tooLong(stay, at));
  }

  #change(stay: Stay, change: Partial<Pick<WaitingCall, 'priority' | 'also'>>, now: EpochMs): void {
    const { priority = stay.call.priority, also = stay.call.also } = change;
    stay.call = { ...stay.call, priority, also };
    if (stay.state === 'waiting' && !stay.aside) this.#pool.putCall(stay.call, now);
  }

  #stepAside(stay: Stay): void {
    stay.aside = true;
    if (stay.state === 'waiting') this.#pool.removeCall(stay.call.callId);
  }

  #stepBack(stay: Stay, now: EpochMs): void {
    stay.aside = false;
    if (stay.state === 'waiting') this.#pool.putCall(stay.call, now);
  }

  /** A phone that rings already may still be answered. */
  #tooLong(stay: Stay, now: EpochMs): void {
    if (stay.state === 'waiting') this.#end(stay, 'left', null, now);
  }

  #end(stay: Stay, how: Outcome['how'], agentId: AgentId | null, now: EpochMs): void {
    if (stay.state === 'over') return;
    if (stay.state === 'waiting') this.#pool.removeCall(stay.call.callId);
    stay.state = 'over';
    this.#outcomes.push({ visit: stay.visit, how, agentId, waitedMs: now - stay.visit.enqueuedAt });
  }

  #pair(now: EpochMs): void {
    for (let why = this.#pool.next(now); why; why = this.#pool.next(now)) this.#offer(why, now);
    const at = this.#pool.nextAt(now);
    if (at === null || (this.#wakeAt !== null && this.#wakeAt > now && this.#wakeAt <= at)) return;
    this.#wakeAt = at;
    this.#timeline.add(at, () => undefined);
  }

  #offer({ callId, agentIds }: Why, now: EpochMs): void {
    const stay = this.#stays.get(callId);
    const members = agentIds.map((id) => this.#crew.get(id)).filter((member) => member !== undefined);
    if (!stay || members.length === 0) return;
    stay.state = 'offered';
    for (const member of members) member.offeredAt = now;
    const { end } = stay.visit;
    const first = members.find(({ profile }) => end.how === 'connected' && profile.id === end.agentId) ?? members[0];
    if (first)
      this.#ring(
        stay,
        first,
        members.filter((member) => member !== first),
        now,
      );
  }

  #ring(stay: Stay, member: Member, others: readonly Member[], now: EpochMs): void {
    const failure = stay.failed.findIndex(({ agentId }) => agentId === member.profile.id);
    const [failed] = failure < 0 ? [] : stay.failed.splice(failure, 1);
    const { end } = stay.visit;
    const real = end.how === 'connected' ? end : null;
    const gone = waitsUntil(stay.visit, now);
    const cutShort = failed?.busyMs === null && gone < Infinity;
    const setupMs = cutShort ? gone - now : (failed?.busyMs ?? real?.setupMs ?? this.#usual.setupMs);
    const until = Math.min(now + setupMs, Math.max(now, gone));
    const keepsPlace = () => undefined;
    for (const other of others) this.#engage(other, now, until, keepsPlace);
    if (failed || until < now + setupMs) {
      return this.#engage(member, now, until, () => this.#waitOn(stay, until));
    }
    this.#timeline.add(until, (at) => this.#end(stay, 'answered', member.profile.id, at));
    const { wrapUpMs } = queueOf(this.#rules.queues, stay.visit.queue);
    const talkMs = real ? (real.talkMs ?? Infinity) : this.#usual.talkMs;
    const work = talkMs + (real?.wrapUpMs ?? wrapUpMs);
    return this.#engage(member, now, until + work, (at) => {
      member.idleSince = at;
      member.handled = { ...member.handled, [stay.visit.queue]: (member.handled[stay.visit.queue] ?? 0) + 1 };
    });
  }

  #waitOn(stay: Stay, now: EpochMs): void {
    if (stay.state !== 'offered') return;
    stay.state = 'waiting';
    if (!stay.aside) this.#pool.putCall(stay.call, now);
  }
}

/** When he gives up, leaves or steps aside, whichever comes first. */
function waitsUntil({ end, asides }: Visit, now: EpochMs): EpochMs {
  const left = end.how === 'abandoned' || end.how === 'left' ? [end.at] : [];
  return Math.min(Infinity, ...left, ...asides.flatMap(({ at }) => (at >= now ? [at] : [])));
}

/** For calls that nobody answered then: how long answers and talks usually took. */
function usualIn({ visits }: Day): { readonly setupMs: number; readonly talkMs: number } {
  const answered = visits.filter(isOnTheLine).flatMap(({ end }) => (end.how === 'connected' ? [end] : []));
  const median = (values: readonly number[], other: number) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? other;
  return {
    setupMs: median(
      answered.map(({ setupMs }) => setupMs),
      3_000,
    ),
    talkMs: median(
      answered.flatMap(({ talkMs }) => (talkMs === null ? [] : [talkMs])),
      180_000,
    ),
  };
}

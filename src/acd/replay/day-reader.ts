import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import { DialReader } from './day-dials.ts';
import { ErrandReader } from './day-errands.ts';
import type { AgentMove, Day, Visit, VisitEnd } from './day.ts';

/** A time in which an agent was busy. */
interface Spell {
  readonly agentId: AgentId;
  readonly callId: CallId | null;
  readonly from: EpochMs;
  talkFrom: EpochMs | null;
  talkTo: EpochMs | null;
  to: EpochMs | null;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

const CAMPAIGN = 'campaign:';

/** Reads a journal, in its order, for what a replay needs. */
export class DayReader {
  readonly #visits: Visit[] = [];
  readonly #moves: AgentMove[] = [];
  readonly #open = new Map<CallId, Visit>();
  readonly #ofCall = new Map<CallId, Visit[]>();
  readonly #kept = new Map<CallId, number>();
  readonly #spells: Spell[] = [];
  readonly #busy = new Map<AgentId, Spell>();
  readonly #dials = new DialReader();
  readonly #errands = new ErrandReader();
  readonly #from: EpochMs;
  #to: EpochMs;

  /** @param from of what was before it only the doings of agents are read */
  constructor(from: EpochMs) {
    this.#from = from;
    this.#to = from;
  }

  see(event: JournalEvent): void {
    this.#to = Math.max(this.#to, event.at);
    const callId = event.subject.startsWith('call/') ? event.subject.slice('call/'.length) : '';
    this.#dials.see(event, callId);
    if (event.at < this.#from) return this.#agent(event);
    switch (event.type) {
      case 'call.queued':
        return this.#queued(callId, event);
      case 'call.place.kept':
        return this.#placeKept(callId, event);
      case 'call.raised':
        return void this.#open.get(callId)?.raised.push({ at: event.at, priority: event.data.priority });
      case 'call.assigned':
        return this.#assigned(callId, event);
      case 'call.connected':
        return this.#close(callId, {
          how: 'connected',
          agentId: event.data.agentId,
          at: event.at,
          setupMs: event.data.rangMs,
          talkMs: null,
          wrapUpMs: null,
        });
      case 'call.abandoned':
        return this.#close(callId, { how: 'abandoned', at: event.at });
      case 'call.queue.left':
        return this.#close(callId, { how: 'left', at: event.at, outcome: event.data.outcome });
      case 'callback.wanted':
        return void this.#open.get(callId)?.asides.push({ at: event.at, until: null });
      case 'callback.declined':
        return this.#waitsOn(callId, event.at);
      case 'call.ended':
        return this.#errands.ended(callId, event);
      default:
        return this.#agent(event);
    }
  }

  day(): Day {
    for (const spell of this.#spells) this.#account(spell);
    const moves = this.#moves.toSorted((a, b) => a.at - b.at);
    const [from, to] = [this.#from, this.#to];
    const visits = [...this.#visits, ...this.#errands.visits()].toSorted((a, b) => a.at - b.at);
    return { visits, moves, dials: [...this.#dials.dials(from, to)], from, to };
  }

  #queued(callId: CallId, { at, data }: Of<'call.queued'>): void {
    this.#close(callId, { how: 'left', at, outcome: data.again ?? 'moved' });
    const stays = this.#ofCall.get(callId) ?? [];
    this.#ofCall.set(callId, stays);
    const { queue, require, relax = [], priority } = data;
    const campaignId = queue.startsWith(CAMPAIGN) ? queue.slice(CAMPAIGN.length) : null;
    const visit: Visit = {
      id: `${callId}#${stays.length + 1}`,
      callId,
      kind: campaignId === null ? 'call' : 'campaign',
      queue,
      require,
      relax,
      campaignId,
      at,
      enqueuedAt: at - (this.#kept.get(callId) ?? 0),
      priority,
      raised: [],
      asides: [],
      helped: null,
      prefer: null,
      failed: [],
      end: { how: 'open' },
    };
    this.#kept.delete(callId);
    this.#open.set(callId, visit);
    this.#visits.push(visit);
    stays.push(visit);
  }

  /** Told before the call joins, or after. */
  #placeKept(callId: CallId, { at, data }: Of<'call.place.kept'>): void {
    const visit = this.#open.get(callId);
    if (visit) visit.enqueuedAt = at - data.waitedMs;
    else this.#kept.set(callId, data.waitedMs);
  }

  #waitsOn(callId: CallId, at: EpochMs): void {
    const aside = this.#open.get(callId)?.asides.at(-1);
    if (aside) aside.until = at;
  }

  #assigned(callId: CallId, event: Of<'call.assigned'>): void {
    const { at, data } = event;
    const visit = this.#open.get(callId);
    if (!visit) return this.#errands.assigned(callId, event);
    if (data.callId !== callId) return;
    visit.enqueuedAt = Math.round(data.at - data.score.waited * 1_000);
    if (data.through !== data.queue) visit.helped ??= { at: at - 1, by: data.through };
    if (!data.preferred) return;
    const { agentId, outcome } = data.preferred;
    visit.prefer ??= { agentId, until: outcome === 'taken' ? at + 1 : at - 1 };
  }

  #close(callId: CallId, end: VisitEnd): void {
    const visit = this.#open.get(callId);
    if (!visit) return;
    visit.end = end;
    this.#open.delete(callId);
  }

  #agent(event: JournalEvent): void {
    const { at } = event;
    if (event.type === 'agent.status.changed') {
      const { agentId, status } = event.data;
      this.#moves.push({ type: 'status', at, agentId, status });
    } else if (event.type === 'agent.backed.off' || event.type === 'agent.rest.began') {
      const { agentId, until } = event.data;
      this.#moves.push({ type: 'held', at, agentId, until });
    } else if (event.type === 'agent.rest.ended') {
      this.#moves.push({ type: 'held', at, agentId: event.data.agentId, until: at });
    } else if (event.type === 'agent.changed') this.#moves.push({ type: 'changed', at, ...event.data });
    else if (event.type === 'agent.state.changed') this.#spell(event);
  }

  #spell({ at, data: { agentId, state, callId } }: Of<'agent.state.changed'>): void {
    const known = this.#busy.get(agentId);
    if (state === 'idle') {
      if (known) known.to = at;
      this.#busy.delete(agentId);
      return;
    }
    const spell = known ?? { agentId, callId, from: at, talkFrom: null, talkTo: null, to: null };
    if (!known) this.#spells.push(spell);
    this.#busy.set(agentId, spell);
    if (state === 'talking') spell.talkFrom ??= at;
    if (state === 'wrap-up') spell.talkTo ??= at;
  }

  /** A spell belongs to a stay in a queue, as its talk or as an offer that failed, or else stands for itself. */
  #account({ agentId, callId, from, talkFrom, talkTo, to }: Spell): void {
    const visits = this.#ofCall.get(callId ?? '') ?? [];
    const until = to ?? this.#to;
    if (!visits.some((each) => each.at <= from) && this.#errands.did(callId ?? '', { agentId, from, talkFrom, until }))
      return;
    if (talkFrom === null) {
      const visit = visits.findLast((each) => each.at <= from && endOf(each) >= from);
      if (visit && lostTheRace(visit, until)) return;
      if (visit) return void visit.failed.push({ agentId, busyMs: wasCutShort(visit, until) ? null : until - from });
    } else {
      const visit = visits.find(
        ({ end }) => end.how === 'connected' && end.agentId === agentId && end.at >= from && end.at <= until,
      );
      if (visit?.end.how === 'connected') {
        visit.end.setupMs = talkFrom - from;
        visit.end.talkMs = (talkTo ?? until) - talkFrom;
        visit.end.wrapUpMs = talkTo === null ? 0 : until - talkTo;
        return;
      }
    }
    this.#moves.push({ type: 'engaged', at: from, agentId, until });
  }
}

const endOf = ({ end }: Visit): EpochMs => (end.how === 'open' ? Infinity : end.at);

/** Several phones rang, and another was answered: he did not fail to take it, and what rings is decided anew. */
const lostTheRace = ({ end }: Visit, until: EpochMs): boolean => end.how === 'connected' && until >= end.at;

/** Between the caller's word and the moment in which the agent is free again. */
const LET_GO_MS = 1_000;

/** The phone rang until the caller would not wait for it any more. */
function wasCutShort({ end, asides }: Visit, until: EpochMs): boolean {
  const left = end.how === 'abandoned' || end.how === 'left' ? [end.at] : [];
  return [...left, ...asides.map(({ at }) => at)].some((at) => until >= at && until <= at + LET_GO_MS);
}

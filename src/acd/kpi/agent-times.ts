import type { AgentId, CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AgentState, AgentStatus } from '../../call/routing.ts';
import type { Span } from './intervals.ts';
import { ratio } from './spread.ts';
import type { OpenCall } from './story.ts';
import type { KpiReport } from './words.ts';

interface Spell {
  readonly agentId: AgentId;
  status: AgentStatus;
  state: AgentState;
  since: EpochMs;
  busyMs: number;
  idleMs: number;
  handled: number;
  outbound: number;
  /** The call he is busy with, or wraps up: kept, since the call itself has ended when its wrap-up does. */
  callId: CallId | null;
  /** Null of a call that arrived before the span, or has not arrived yet. */
  call: OpenCall | null;
  /** The queue of the talk that his wrap-up follows. */
  queue: QueueName | null;
}

/** A while that an agent was busy, or idle and ready. */
export interface Spent {
  readonly agentId: AgentId;
  readonly busy: boolean;
  /** Within the span that is counted. */
  readonly span: Span;
  /** The call he was busy with, and for how long: also after the end of the span. */
  readonly call: OpenCall | null;
  readonly callMs: number;
}

/** A wrap-up that has just ended. */
export interface WrappedUp {
  readonly agentId: AgentId;
  readonly call: OpenCall;
  readonly queue: QueueName | null;
  readonly wrapUpMs: number;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;
type CallOf = (subject: string) => OpenCall | undefined;

/**
 * How agents spent their time, from the changes of their status and state. A spell that goes on counts as far as it is known,
 * just as a replay of the day counts it.
 */
export class AgentTimes {
  readonly #agents = new Map<AgentId, Spell>();
  readonly #span: Span;
  readonly #spent: (spent: Spent) => void;

  /** @param span what lay before is known, and not counted; `spent` is told of each while that is over */
  constructor(span: Span, spent: (spent: Spent) => void) {
    this.#span = span;
    this.#spent = spent;
  }

  /** Answers the wrap-up of an inbound call that has just ended, and of which queue it was. */
  see(event: JournalEvent, callOf: CallOf): WrappedUp | null {
    if (event.type === 'call.connected') this.#connected(event, callOf);
    if (event.type === 'agent.status.changed') {
      const spell = this.#of(event.data.agentId, event.at);
      this.#close(spell, event.at);
      spell.status = event.data.status;
    }
    return event.type === 'agent.state.changed' ? this.#moved(event, callOf) : null;
  }

  /** Whiles that go on. @param until the last moment of which anything is known */
  ongoing(until: EpochMs): readonly Spent[] {
    return [...this.#agents.values()].flatMap((spell) => this.#at(spell, until) ?? []);
  }

  /** Somebody is busy with a call of the span, so that not all is known of it. */
  get isBusy(): boolean {
    return [...this.#agents.values()].some(({ state, call }) => state !== 'idle' && call !== null);
  }

  /** @param ongoing whiles that count as if they were over now */
  each(ongoing: readonly Spent[]): KpiReport['agents'] {
    const more = new Map(ongoing.map((spent) => [spent.agentId, spent]));
    const each = [...this.#agents.values()].map(({ agentId, handled, outbound, ...spell }) => {
      const spent = more.get(agentId);
      const ms = spent ? lengthOf(spent.span) : 0;
      const busyMs = spell.busyMs + (spent?.busy ? ms : 0);
      const idleMs = spell.idleMs + (spent && !spent.busy ? ms : 0);
      return [agentId, { handled, outbound, occupancy: ratio(busyMs, busyMs + idleMs) }] as const;
    });
    return Object.fromEntries(each);
  }

  #connected({ subject, at, data }: Of<'call.connected'>, callOf: CallOf): void {
    const spell = this.#of(data.agentId, at);
    busyWith(spell, subject.slice('call/'.length), callOf);
    spell.queue = data.queue;
    if (at < this.#span.from || !spell.call) return;
    if (spell.call.inbound) spell.handled += 1;
    else spell.outbound += 1;
  }

  #moved({ at, data }: Of<'agent.state.changed'>, callOf: CallOf): WrappedUp | null {
    const { agentId, state, previous, callId, lastedMs } = data;
    const spell = this.#of(agentId, at);
    if (callId !== null) busyWith(spell, callId, callOf);
    spell.state = previous;
    this.#close(spell, at);
    spell.state = state;
    const { call, queue } = spell;
    if (state === 'talking') spell.queue = call?.queue ?? null;
    // Of what he does next nothing is known yet: it is no longer this call.
    if (state === 'idle') spell.call = null;
    const isCounted = previous === 'wrap-up' && at >= this.#span.from && call?.inbound === true;
    return isCounted ? { agentId, call, queue, wrapUpMs: lastedMs } : null;
  }

  #close(spell: Spell, at: EpochMs): void {
    const spent = this.#at(spell, at);
    spell.since = at;
    if (!spent) return;
    spell[spent.busy ? 'busyMs' : 'idleMs'] += lengthOf(spent.span);
    this.#spent(spent);
  }

  #at({ agentId, state, status, since, call }: Spell, at: EpochMs): Spent | null {
    const { from, to } = this.#span;
    const begin = Math.max(since, from);
    const busy = state !== 'idle';
    // A reservation is the moment before the ring; idle counts for who would take a call.
    if (!busy && status !== 'ready') return null;
    const span = { from: begin, to: Math.max(begin, Math.min(at, to)) };
    return { agentId, busy, span, call: busy ? call : null, callMs: Math.max(0, at - begin) };
  }

  #of(agentId: AgentId, at: EpochMs): Spell {
    const known = this.#agents.get(agentId);
    if (known) return known;
    const [status, state] = ['logged-out', 'idle'] as const;
    const nothing = { busyMs: 0, idleMs: 0, handled: 0, outbound: 0, callId: null, call: null, queue: null };
    const spell: Spell = { agentId, status, state, since: at, ...nothing };
    this.#agents.set(agentId, spell);
    return spell;
  }
}

const lengthOf = ({ from, to }: Span): number => to - from;

/** A call that rings an agent back is told after he was reserved for it, so it is looked for until it is known. */
function busyWith(spell: Spell, callId: CallId, callOf: CallOf): void {
  if (spell.callId !== callId) {
    spell.callId = callId;
    spell.call = null;
    spell.queue = null;
  }
  spell.call ??= callOf(`call/${callId}`) ?? null;
}

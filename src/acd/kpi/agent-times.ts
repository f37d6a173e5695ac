import type { AgentId, CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AgentState, AgentStatus } from '../../call/routing.ts';
import type { OpenCall } from './seers.ts';
import { ratio, sum } from './spread.ts';
import type { KpiReport } from './words.ts';

interface Spell {
  status: AgentStatus;
  state: AgentState;
  since: EpochMs;
  busyMs: number;
  idleMs: number;
  /** Of the time he was busy: with inbound calls. */
  inboundMs: number;
  handled: number;
  outbound: number;
  /** The call he is busy with, or wraps up: kept, since the call itself has ended when its wrap-up does. */
  callId: CallId | null;
  /** Null of a call that arrived before the span, or has not arrived yet. */
  call: OpenCall | null;
  /** The queue of the talk that his wrap-up follows. */
  queue: QueueName | null;
}

type Spent = Pick<Spell, 'busyMs' | 'idleMs' | 'inboundMs'>;
type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;
type CallOf = (subject: string) => OpenCall | undefined;

interface Worked {
  /** Ring, talk, hold and wrap-up of inbound calls. */
  readonly inboundMs: number;
  /** Of all together. */
  readonly occupancy: number | null;
  readonly each: KpiReport['agents'];
}

/**
 * How agents spent their time, from the changes of their status and state. A spell that goes on counts as far as it is known,
 * just as a replay of the day counts it.
 */
export class AgentTimes {
  readonly #agents = new Map<AgentId, Spell>();
  readonly #from: EpochMs;

  /** @param from what lay before is known, and not counted */
  constructor(from: EpochMs) {
    this.#from = from;
  }

  /** Answers the wrap-up of an inbound call that has just ended, and of which queue it was. */
  see(event: JournalEvent, callOf: CallOf): { readonly queue: QueueName | null; readonly wrapUpMs: number } | null {
    if (event.type === 'call.connected') this.#connected(event, callOf);
    if (event.type === 'agent.status.changed') {
      const spell = this.#of(event.data.agentId, event.at);
      this.#close(spell, event.at);
      spell.status = event.data.status;
    }
    return event.type === 'agent.state.changed' ? this.#moved(event, callOf) : null;
  }

  /** @param until the last moment of which anything is known */
  until(until: EpochMs): Worked {
    const times = [...this.#agents].map(([id, { handled, outbound, ...spell }]) => {
      return { id, handled, outbound, ...this.#at(spell, until) };
    });
    const total = (name: keyof Spent) => sum(times.map((each) => each[name]));
    const each = times.map(({ id, handled, outbound, ...spent }) => {
      return [id, { handled, outbound, occupancy: occupancyOf(spent) }] as const;
    });
    return {
      inboundMs: total('inboundMs'),
      occupancy: occupancyOf({ busyMs: total('busyMs'), idleMs: total('idleMs') }),
      each: Object.fromEntries(each),
    };
  }

  #connected({ subject, at, data }: Of<'call.connected'>, callOf: CallOf): void {
    const spell = this.#of(data.agentId, at);
    busyWith(spell, subject.slice('call/'.length), callOf);
    spell.queue = data.queue;
    if (at < this.#from || !spell.call) return;
    if (spell.call.inbound) spell.handled += 1;
    else spell.outbound += 1;
  }

  #moved({ at, data }: Of<'agent.state.changed'>, callOf: CallOf) {
    const { agentId, state, previous, callId, lastedMs } = data;
    const spell = this.#of(agentId, at);
    if (callId !== null) busyWith(spell, callId, callOf);
    spell.state = previous;
    this.#close(spell, at);
    spell.state = state;
    if (state === 'talking') spell.queue = spell.call?.queue ?? null;
    const isCounted = previous === 'wrap-up' && at >= this.#from && spell.call?.inbound === true;
    return isCounted ? { queue: spell.queue, wrapUpMs: lastedMs } : null;
  }

  #close(spell: Spell, at: EpochMs): void {
    Object.assign(spell, this.#at(spell, at));
    spell.since = at;
  }

  #at({ state, status, since, call, ...spent }: Omit<Spell, 'handled' | 'outbound'>, at: EpochMs): Spent {
    const { busyMs, idleMs, inboundMs } = spent;
    const ms = Math.max(0, at - Math.max(since, this.#from));
    // A reservation is the moment before the ring; idle counts for who would take a call.
    if (state === 'idle') return { busyMs, idleMs: status === 'ready' ? idleMs + ms : idleMs, inboundMs };
    return { busyMs: busyMs + ms, idleMs, inboundMs: call?.inbound ? inboundMs + ms : inboundMs };
  }

  #of(id: AgentId, at: EpochMs): Spell {
    const known = this.#agents.get(id);
    if (known) return known;
    const spell: Spell = {
      status: 'logged-out',
      state: 'idle',
      since: at,
      busyMs: 0,
      idleMs: 0,
      inboundMs: 0,
      handled: 0,
      outbound: 0,
      callId: null,
      call: null,
      queue: null,
    };
    this.#agents.set(id, spell);
    return spell;
  }
}

const occupancyOf = ({ busyMs, idleMs }: Omit<Spent, 'inboundMs'>): number | null => ratio(busyMs, busyMs + idleMs);

/** A call that rings an agent back is told after he was reserved for it, so it is looked for until it is known. */
function busyWith(spell: Spell, callId: CallId, callOf: CallOf): void {
  if (spell.callId !== callId) {
    spell.callId = callId;
    spell.call = null;
    spell.queue = null;
  }
  spell.call ??= callOf(`call/${callId}`) ?? null;
}

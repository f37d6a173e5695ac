import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AgentState, AgentStatus } from '../../call/routing.ts';
import { ratio, sum } from './spread.ts';

interface Spell {
  status: AgentStatus;
  state: AgentState;
  since: EpochMs;
  busyMs: number;
  idleMs: number;
  handled: number;
  /** The queue of the talk that his wrap-up follows. */
  queue: string | null;
}

type Spent = Pick<Spell, 'busyMs' | 'idleMs'>;

interface Worked {
  readonly busyMs: number;
  /** Of all together. */
  readonly occupancy: number | null;
  readonly each: Record<AgentId, { readonly handled: number; readonly occupancy: number | null }>;
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

  /** Answers the wrap-up that has just ended, and of which queue it was. */
  see(event: JournalEvent): { readonly queue: string | null; readonly wrapUpMs: number } | null {
    if (event.type === 'call.connected') {
      const spell = this.#of(event.data.agentId, event.at);
      if (event.at >= this.#from) spell.handled += 1;
      spell.queue = event.data.queue;
    }
    if (event.type === 'agent.status.changed') {
      const spell = this.#of(event.data.agentId, event.at);
      this.#close(spell, event.at);
      spell.status = event.data.status;
    }
    if (event.type !== 'agent.state.changed') return null;
    const { agentId, state, previous, lastedMs } = event.data;
    const spell = this.#of(agentId, event.at);
    spell.state = previous;
    this.#close(spell, event.at);
    spell.state = state;
    return previous === 'wrap-up' && event.at >= this.#from ? { queue: spell.queue, wrapUpMs: lastedMs } : null;
  }

  /** @param until the last moment of which anything is known */
  until(until: EpochMs): Worked {
    const times = [...this.#agents].map(([id, spell]) => ({ id, handled: spell.handled, ...this.#at(spell, until) }));
    const [busyMs, idleMs] = [sum(times.map((each) => each.busyMs)), sum(times.map((each) => each.idleMs))];
    const each = times.map(({ id, handled, ...spent }) => [id, { handled, occupancy: occupancyOf(spent) }]);
    return { busyMs, occupancy: occupancyOf({ busyMs, idleMs }), each: Object.fromEntries(each) };
  }

  #close(spell: Spell, at: EpochMs): void {
    Object.assign(spell, this.#at(spell, at));
    spell.since = at;
  }

  #at({ state, status, since, busyMs, idleMs }: Spell, at: EpochMs): Spent {
    const ms = Math.max(0, at - Math.max(since, this.#from));
    // A reservation is the moment before the ring; idle counts for who would take a call.
    if (state !== 'idle') return { busyMs: busyMs + ms, idleMs };
    return { busyMs, idleMs: status === 'ready' ? idleMs + ms : idleMs };
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
      handled: 0,
      queue: null,
    };
    this.#agents.set(id, spell);
    return spell;
  }
}

const occupancyOf = ({ busyMs, idleMs }: Spent): number | null => ratio(busyMs, busyMs + idleMs);

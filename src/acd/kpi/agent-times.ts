import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AgentState, AgentStatus } from '../../call/routing.ts';
import { ratio } from './spread.ts';

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

/** How agents spent their time, from the changes of their status and state. A spell counts when it ends. */
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

  occupancy(): number | null {
    const all = [...this.#agents.values()];
    const busy = all.reduce((ms, spell) => ms + spell.busyMs, 0);
    return ratio(busy, busy + all.reduce((ms, spell) => ms + spell.idleMs, 0));
  }

  busyMs(): number {
    return [...this.#agents.values()].reduce((ms, spell) => ms + spell.busyMs, 0);
  }

  each(): Record<AgentId, { readonly handled: number; readonly occupancy: number | null }> {
    return Object.fromEntries(
      [...this.#agents].map(([id, { handled, busyMs, idleMs }]) => [
        id,
        { handled, occupancy: ratio(busyMs, busyMs + idleMs) },
      ]),
    );
  }

  #close(spell: Spell, at: EpochMs): void {
    const ms = Math.max(0, at - Math.max(spell.since, this.#from));
    // A reservation is the moment before the ring; idle counts for who would take a call.
    if (spell.state !== 'idle') spell.busyMs += ms;
    else if (spell.status === 'ready') spell.idleMs += ms;
    spell.since = at;
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

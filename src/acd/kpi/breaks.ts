import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';

export interface Overrun {
  readonly agentId: AgentId;
  /** When it should have been over. */
  readonly dueAt: EpochMs;
  readonly overMs: number;
}

/** Breaks that last longer than their reason allows. */
export class Breaks {
  readonly #over = new Map<AgentId, EpochMs>();

  /** Answers a break that was too long and is over now. */
  see(event: JournalEvent): Overrun | null {
    if (event.type === 'agent.status.overran') this.#over.set(event.data.agentId, event.data.dueAt);
    if (event.type !== 'agent.status.changed') return null;
    const { agentId } = event.data;
    const dueAt = this.#over.get(agentId);
    this.#over.delete(agentId);
    return dueAt === undefined ? null : overrunOf(agentId, dueAt, event.at);
  }

  ongoing(until: EpochMs): readonly Overrun[] {
    return [...this.#over].map(([agentId, dueAt]) => overrunOf(agentId, dueAt, until));
  }

  /** Somebody who was due before that moment is not back yet. */
  hasSince(from: EpochMs, to: EpochMs): boolean {
    return [...this.#over.values()].some((dueAt) => dueAt >= from && dueAt < to);
  }
}

const overrunOf = (agentId: AgentId, dueAt: EpochMs, at: EpochMs): Overrun => ({
  agentId,
  dueAt,
  overMs: Math.max(0, at - dueAt),
});

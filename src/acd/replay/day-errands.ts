import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { Visit } from './day.ts';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

interface Errand {
  readonly visit: Visit;
  /** Who was rung for it; others who were busy with the call were asked into the talk. */
  readonly rung: Set<AgentId>;
}

/** Reads promised callbacks and messages: things to be done that wait for an agent among the callers, with nobody on the line. */
export class ErrandReader {
  readonly #errands = new Map<CallId, Errand>();

  /** An agent was chosen for it. Nothing was told of it before. */
  assigned(callId: CallId, { data }: Of<'call.assigned'>): void {
    const { kind, queue, require, score } = data;
    if (data.callId !== callId || (kind !== 'callback' && kind !== 'voicemail')) return;
    const known = this.#errands.get(callId);
    if (known) return data.agentIds.forEach((id) => known.rung.add(id));
    const enqueuedAt = Math.round(data.at - score.waited * 1_000);
    const visit: Visit = {
      id: `${callId}#${kind}`,
      callId,
      kind,
      queue,
      require,
      relax: [],
      campaignId: null,
      at: data.at,
      enqueuedAt,
      priority: score.priority,
      raised: [],
      asides: [],
      helped: data.through === queue ? null : { at: data.at - 1, by: data.through },
      prefer: null,
      failed: [],
      end: { how: 'open' },
    };
    this.#errands.set(callId, { visit, rung: new Set(data.agentIds) });
  }

  /** It began to wait when its call began, of which only the end tells. */
  ended(callId: CallId, { at, data }: Of<'call.ended'>): void {
    const errand = this.#errands.get(callId);
    if (errand) errand.visit.at = Math.min(errand.visit.at, at - data.durationMs);
  }

  /** An agent was busy with it; the last who was did it. Answers whether that was so. */
  did(callId: CallId, { agentId, from, talkFrom, until }: Busy): boolean {
    const errand = this.#errands.get(callId);
    if (!errand?.rung.has(agentId)) return false;
    const { visit } = errand;
    const { end, failed } = visit;
    if (end.how === 'connected') {
      failed.push({ agentId: end.agentId, busyMs: end.setupMs + (end.talkMs ?? 0) });
    }
    const setupMs = (talkFrom ?? until) - from;
    visit.end = { how: 'connected', agentId, at: from + setupMs, setupMs, talkMs: until - from - setupMs, wrapUpMs: 0 };
    return true;
  }

  visits(): readonly Visit[] {
    return [...this.#errands.values()].flatMap(({ visit }) => (visit.end.how === 'open' ? [] : [visit]));
  }
}

interface Busy {
  readonly agentId: AgentId;
  readonly from: EpochMs;
  readonly talkFrom: EpochMs | null;
  readonly until: EpochMs;
}

import type { JournalEvent } from '../call/journal.ts';

export interface EndedCall {
  readonly direction: 'inbound' | 'outbound' | 'unknown';
  readonly outcome: string;
}

/** More calls than any node carries at once; beyond it the oldest, whose end was never seen, are forgotten. */
const MOST_CALLS = 20_000;

/**
 * What became of each call, read from its events: the last of rejected, handled, abandoned and transferred; else the caller
 * was served by the flow alone (contained), or the leg's verdict says it. A call that another process began is known
 * from its adoption.
 */
export class CallOutcomes {
  readonly #open = new Map<string, EndedCall>();

  /** Takes one event in; answers the call when this was its last. */
  take(event: JournalEvent): EndedCall | null {
    switch (event.type) {
      case 'call.arrived':
        return this.#keep(event.subject, { direction: event.data.direction, outcome: '' });
      case 'call.adopted':
        return this.#open.has(event.subject)
          ? null
          : this.#keep(event.subject, { direction: event.data.direction, outcome: '' });
      case 'call.rejected':
        return this.#became(event.subject, 'rejected');
      case 'call.connected':
        return this.#became(event.subject, 'handled');
      case 'call.abandoned':
        return this.#became(event.subject, 'abandoned');
      case 'call.transferred':
        return event.data.outcome === 'answeredEnd' ? this.#became(event.subject, 'transferred') : null;
      case 'call.ended':
        return this.#end(event.subject, event.data.verdict, event.data.agentId !== null);
      default:
        return null;
    }
  }

  #became(subject: string, outcome: string): null {
    return this.#keep(subject, { direction: this.#open.get(subject)?.direction ?? 'unknown', outcome });
  }

  #keep(subject: string, call: EndedCall): null {
    this.#open.set(subject, call);
    if (this.#open.size > MOST_CALLS) this.#open.delete(this.#open.keys().next().value ?? subject);
    return null;
  }

  #end(subject: string, verdict: string, handled: boolean): EndedCall {
    const call = this.#open.get(subject) ?? { direction: 'unknown', outcome: '' };
    this.#open.delete(subject);
    if (call.outcome !== '') return call;
    if (handled) return { ...call, outcome: 'handled' };
    return { ...call, outcome: verdict === 'completed' ? 'contained' : verdict };
  }
}

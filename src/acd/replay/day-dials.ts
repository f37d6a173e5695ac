import type { CallId, CampaignId } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { Dial } from './day.ts';

interface Open extends Omit<Dial, 'until'> {
  until: number | null;
}

/** Reads which numbers rang for campaigns, and whether each kept an agent from other calls until it was answered, or was not. */
export class DialReader {
  readonly #dials = new Map<CallId, Open>();
  /** What campaigns ask of their agents; told by people who were reached. */
  readonly #asked = new Map<CampaignId, Dial['require']>();

  see(event: JournalEvent, callId: CallId): void {
    const { at } = event;
    if (event.type === 'attempt.started') {
      const { campaignId, keeps } = event.data;
      const kept = keeps === undefined ? {} : { keeps };
      this.#dials.set(callId, { id: `${callId}~dial`, campaignId, require: [], at, until: null, ...kept });
      return;
    }
    const dial = this.#dials.get(callId);
    if (!dial || dial.until !== null) return;
    if (event.type === 'call.queued') this.#asked.set(dial.campaignId, event.data.require);
    if (event.type === 'call.queued' || event.type === 'attempt.ended' || event.type === 'call.ended') dial.until = at;
  }

  /** Those that rang in the span. */
  dials(from: number, to: number): readonly Dial[] {
    const rang = [...this.#dials.values()].map((dial) => ({ ...dial, until: dial.until ?? to }));
    return rang
      .filter(({ until }) => until >= from)
      .map((dial) => ({ ...dial, require: this.#asked.get(dial.campaignId) ?? [] }));
  }
}

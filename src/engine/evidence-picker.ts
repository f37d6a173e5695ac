import type { CallId, CampaignId, EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { AnsweredDial } from '../dialer/compliance/answered.ts';
import { answeredOf, callAfter, type EvidenceCall, saysMachine } from '../dialer/evidence.ts';
import { campaignOf, isOfCall } from '../dialer/evidence-facts.ts';
import type { AnsweredRow, AnsweredWord, KeptFact } from './ports/evidence.ts';

/** Of so many calls that are over it is still known what they were when their agents say whom they met. */
const REMEMBERED = 5_000;

/** A dial became another in the eyes of the ledger of abandonment; null: it was, or is, none that was picked up. */
export interface DialNews {
  readonly campaignId: CampaignId;
  readonly callId: CallId;
  readonly before: AnsweredDial | null;
  /** Null: an agent spoke of a call that nobody here remembers. */
  readonly after: AnsweredDial | null;
}

/** What one fact of the journal is to the books; null: nothing. */
interface Picked {
  readonly fact: KeptFact | null;
  readonly news: DialNews | null;
  readonly row: AnsweredRow | null;
  readonly word: AnsweredWord | null;
}

interface Seen {
  readonly campaignId: CampaignId;
  readonly startedAt: EpochMs;
  readonly seq: number;
  readonly call: EvidenceCall;
  readonly dial: AnsweredDial | null;
}

const NOTHING: Picked = { fact: null, news: null, row: null, word: null };
const CALL = 'call/';

/** Picks from the journal's facts those that tell how campaigns dialled, and what each means for the rate of abandonment. */
export class EvidencePicker {
  readonly #calls = new Map<string, Seen>();
  readonly #over = new Map<string, Seen>();

  pick(event: JournalEvent): Picked {
    if (event.type === 'call.disposed') return this.#disposed(event);
    const seen = event.type === 'attempt.started' ? begun(event) : this.#calls.get(event.subject);
    if (!seen) return { ...NOTHING, fact: factOfCampaign(event) };
    // It was read from the journal before, or is about to be heard a second time.
    if (event.seq <= seen.seq) return NOTHING;
    return isOfCall(event.type) ? this.#ofCall(seen, event) : NOTHING;
  }

  #ofCall(seen: Seen, event: JournalEvent): Picked {
    const { campaignId, startedAt, dial: before } = seen;
    const { seq, subject } = event;
    const call = callAfter(seen.call, event);
    const dial = answeredOf(call, before?.metMachine ?? false);
    const next = { campaignId, startedAt, seq, call, dial };
    if (event.type === 'call.ended') this.#end(subject, next);
    else this.#calls.set(subject, next);
    const { callId } = call;
    const fact = { campaignId, startedAt, event: withoutLead(event) };
    if (!dial || same(before, dial)) return { ...NOTHING, fact };
    return {
      fact,
      news: { campaignId, callId, before, after: dial },
      row: { campaignId, callId, seq, dial },
      word: null,
    };
  }

  #end(subject: string, seen: Seen): void {
    this.#calls.delete(subject);
    this.#over.set(subject, seen);
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED && oldest !== undefined) this.#over.delete(oldest);
  }

  /** Said again, the last word counts. */
  #disposed(event: Extract<JournalEvent, { type: 'call.disposed' }>): Picked {
    const campaignId = campaignOf(event);
    if (campaignId === null) return NOTHING;
    const { callId } = event.data;
    const metMachine = saysMachine(event.data);
    const fact = { campaignId, startedAt: event.at, event };
    const word = { callId, metMachine, at: event.at };
    const [subject, among] = [CALL + callId, this.#calls.has(CALL + callId) ? this.#calls : this.#over];
    const seen = among.get(subject);
    if (!seen?.dial)
      return { fact, news: metMachine ? { campaignId, callId, before: null, after: null } : null, row: null, word };
    const after = { ...seen.dial, metMachine };
    among.set(subject, { ...seen, dial: after });
    return { fact, news: { campaignId, callId, before: seen.dial, after }, row: null, word };
  }
}

/** What a list says of a person is no evidence, and is not kept for good. */
function withoutLead(event: JournalEvent): JournalEvent {
  if (event.type !== 'attempt.started') return event;
  const { lead: _lead, ...data } = event.data;
  return { ...event, data };
}

const begun = (event: Extract<JournalEvent, { type: 'attempt.started' }>): Seen => ({
  campaignId: event.data.campaignId,
  startedAt: event.at,
  seq: event.seq - 1,
  call: callAfter(null, event),
  dial: null,
});

function factOfCampaign(event: JournalEvent): KeptFact | null {
  const campaignId = campaignOf(event);
  return campaignId === null ? null : { campaignId, startedAt: event.at, event };
}

function same(a: AnsweredDial | null, b: AnsweredDial): boolean {
  const keys = Object.keys(b) as readonly (keyof AnsweredDial)[];
  return a !== null && keys.every((key) => a[key] === b[key]);
}

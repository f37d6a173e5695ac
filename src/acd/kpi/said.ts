import type { CallId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { Place } from './shelf.ts';
import type { Mark } from './story.ts';
import type { Result } from './results.ts';

/** So long a later word is known to be about the same call. */
const REMEMBERED_MS = 86_400_000;

interface Said {
  readonly at: EpochMs;
  readonly result: Result;
  readonly mark: Mark;
  readonly place: Place;
}

/** What was said last of each call: a later word takes back the one before. */
export class SaidOfCalls {
  readonly #said = new Map<CallId, Said>();

  /** Answers what the word before it counted for, to be taken back there. */
  replace(callId: CallId, said: Said): Said | null {
    const before = this.#said.get(callId) ?? null;
    this.#said.delete(callId);
    this.#said.set(callId, said);
    for (const [old, { at }] of this.#said) {
      if (said.at - at <= REMEMBERED_MS) break;
      this.#said.delete(old);
    }
    return before;
  }
}

export function resultOf({ data }: Extract<JournalEvent, { type: 'call.disposed' }>): Result {
  const { disposition, payment } = data;
  return { name: disposition, amount: payment ? { currency: payment.currency, minor: payment.amount } : null };
}

/** What a flow emitted; `amount` (minor units) and `currency` among its data make it a sum. */
export function resultOfFlow({ data: told }: Extract<JournalEvent, { type: 'flow.emitted' }>): Result {
  const { flow, event, data } = told;
  const [minor, currency] = [data['amount'], data['currency']];
  const isSum = typeof minor === 'number' && Number.isSafeInteger(minor) && typeof currency === 'string';
  return { name: `${flow}/${event}`, amount: isSum ? { currency, minor } : null };
}

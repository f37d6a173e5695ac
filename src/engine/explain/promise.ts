import type { EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { CallbackRequest } from '../ports/flow-store.ts';
import type { ExplainLine } from '../ports/explain.ts';
import { storyOf } from './story.ts';
import { counted, lasting, type NameOf } from './words.ts';

/** What became of a promised callback, in a sentence. */
export function promiseSentence(promise: CallbackRequest, name: NameOf, now: EpochMs): string {
  const { state, tries, closedAt, closedBy, requestedAt, dueBy } = promise;
  const after = lasting((closedAt ?? now) - requestedAt);
  const tried = tries === 0 ? 'the customer was never rung' : `the customer was rung ${counted(tries, 'time')}`;
  switch (state) {
    case 'waiting':
      return `The callback waits and is due in ${lasting(dueBy - now)}; ${tries === 0 ? 'the customer has not been rung yet' : tried}${later(promise, now)}.`;
    case 'done':
      return `${closedBy ? name(closedBy) : 'An agent'} called back after ${after}.`;
    case 'cancelled':
      return `The callback was called off by ${closedBy ? name(closedBy) : 'somebody'} after ${after}.`;
    case 'withdrawn':
      return `The caller rang again after ${after}, and had the place in the queue${closedBy ? ` (${closedBy})` : ''}.`;
    case 'failed':
      return `The callback was given up after ${after}: ${tried} and not reached.`;
    case 'expired':
      return `Nobody called back in time, which was ${lasting(dueBy - requestedAt)}; ${tried}.`;
  }
}

const later = ({ notBefore }: CallbackRequest, now: EpochMs): string =>
  notBefore > now ? `, and its turn comes again in ${lasting(notBefore - now)}` : '';

/** The promise that a call was given, below its story. */
export const promiseLine = (promise: CallbackRequest, name: NameOf, now: EpochMs): ExplainLine => ({
  at: promise.closedAt,
  text: promiseSentence(promise, name, now),
  details: [`More: callwright explain call ${promise.id}`],
});

/** Finds in a journal what was done for one promise: by whom it was taken in hand, and what was changed of it. */
export class PromiseReader {
  readonly #promise: CallbackRequest;
  readonly #own: JournalEvent[] = [];
  /** Calls of ours to its number: who of them did it is told only later. */
  readonly #calls = new Map<string, JournalEvent[]>();

  constructor(promise: CallbackRequest) {
    this.#promise = promise;
  }

  see(event: JournalEvent): void {
    const { id, number } = this.#promise;
    const { subject, type, data } = event;
    if (type === 'call.arrived' && data.direction === 'outbound' && data.dnis === number) this.#calls.set(subject, []);
    const ofCall = this.#calls.get(subject);
    if (ofCall) ofCall.push(event);
    else if ('callbackId' in data && data.callbackId === id) this.#own.push(event);
  }

  /** In order of time. */
  story(name: NameOf): readonly ExplainLine[] {
    const { queue } = this.#promise;
    const isIts = (event: JournalEvent) =>
      event.type === 'call.assigned' && event.data.kind === 'callback' && event.data.queue === queue;
    const done = [...this.#calls.values()].filter((events) => events.some(isIts));
    const events = [...this.#own, ...done.flat()].filter(({ type }) => type !== 'call.arrived');
    return storyOf(
      events.toSorted((a, b) => a.at - b.at),
      name,
    );
  }
}

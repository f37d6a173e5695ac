import type { EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { QueueTally } from './queue-tally.ts';
import type { Surveys } from './surveys.ts';

/** What is known of a call that has not ended. */
export interface OpenCall {
  readonly ani: string | null;
  readonly arrivedAt: EpochMs;
  readonly inbound: boolean;
  answered: boolean;
  refused: boolean;
  /** Somebody was rung for it, it waited for somebody, or somebody is to ring back or to hear its message. */
  metSomebody: boolean;
  /** Queues in which a callback was promised. */
  readonly promisedIn: QueueName[];
  /** Queues in which an agent answered it. */
  readonly handledIn: QueueName[];
  transferred: boolean;
  queue: QueueName | null;
  /** The first estimate that was announced. */
  estimate: { readonly ms: number; readonly waitedMs: number } | null;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** What who sees one kind of event may ask of the book. */
export interface Seen {
  call(subject: string): OpenCall | undefined;
  open(subject: string, call: OpenCall): void;
  close(subject: string): void;
  /** Counts for all calls, and for the queue. */
  each(queue: QueueName | null, count: (tally: QueueTally) => void): void;
  /** Counts for the queue alone. */
  only(queue: QueueName, count: (tally: QueueTally) => void): void;
  target(queue: QueueName): number;
  arrival(call: OpenCall): void;
  refusal(): void;
  repeat(ani: string, queue: QueueName, at: EpochMs): boolean;
  readonly surveys: Surveys;
  transfer(kind: string, between: string): void;
  ended(call: OpenCall, durationMs: number): void;
}

/** What each kind of event counts for; all others count for nothing. */
export const SEERS: { readonly [T in JournalEvent['type']]?: (book: Seen, event: Of<T>) => void } = {
  'call.arrived': (book, { subject, at, data }) => {
    const inbound = data.direction === 'inbound';
    const call: OpenCall = {
      ani: data.ani,
      arrivedAt: at,
      inbound,
      answered: false,
      refused: false,
      metSomebody: false,
      promisedIn: [],
      handledIn: [],
      transferred: false,
      queue: null,
      estimate: null,
    };
    book.open(subject, call);
    if (inbound) book.arrival(call);
  },
  'call.rejected': (book, { subject }) => refuse(book, book.call(subject)),
  'call.answered': (book, { subject }) => {
    const call = book.call(subject);
    if (call) call.answered = true;
  },
  'call.queued': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    call.metSomebody = true;
    if (call.queue === null) book.each(data.queue, (tally) => (tally.offered += 1));
    else if (call.queue !== data.queue) book.only(data.queue, (tally) => (tally.offered += 1));
    call.queue = data.queue;
  },
  'call.estimate.announced': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) call.estimate ??= { ms: data.estimateMs, waitedMs: data.waitedMs };
  },
  'call.connected': (book, { subject, at, data }) => connected(book, book.call(subject), at, data),
  'call.abandoned': (book, { subject, data }) => {
    if (!book.call(subject)?.inbound) return;
    book.each(data.queue, (tally) => tally.gaveUp(data.waitedMs, book.target(data.queue)));
  },
  'call.queue.left': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    const promised = call.promisedIn.includes(data.queue);
    if (call.queue === null && ['full', 'closed'].includes(data.outcome)) refuse(book, call);
    else if (['timeout', 'closed', 'noAgents'].includes(data.outcome) && call.queue === data.queue && !promised) {
      book.each(data.queue, (tally) => (tally.unserved += 1));
    }
    call.estimate = null;
  },
  'call.disconnected': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call?.inbound) book.each(call.queue, (tally) => (tally.workMs += data.talkedMs + (data.heldMs ?? 0)));
  },
  'call.transferred': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    call.metSomebody = true;
    if (!HANDED_OVER.has(data.outcome)) return;
    const { kind = 'flow', from = 'flow', to } = data;
    book.transfer(`${kind}, ${isOutside(data) ? 'outside' : 'inside'}`, `${from} → ${to}`);
    if (call.handledIn.length === 0 || call.transferred) return;
    call.transferred = true;
    book.each(call.queue, (tally) => (tally.transferred += 1));
  },
  // However it came to be promised: by key in the queue, by the flow, or when the queue closed.
  'callback.requested': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    call.metSomebody = true;
    call.promisedIn.push(data.queue);
    book.each(data.queue, (tally) => (tally.callbacksTaken += 1));
  },
  'voicemail.left': (book, { subject }) => {
    const call = book.call(subject);
    if (call) call.metSomebody = true;
  },
  'callback.answered': (book, { data }) => {
    if (data.of === 'callback') book.each(data.queue, (tally) => (tally.callbacksAnswered += 1));
  },
  'survey.answered': ({ surveys }, event) => surveys.answered(event),
  'survey.finished': ({ surveys }, event) => surveys.finished(event),
  'call.ended': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) book.ended(call, data.durationMs);
    book.close(subject);
  },
};

/** He has been taken by somebody, or waits in the queue he was sent to; every other outcome left him where he was. */
const HANDED_OVER: ReadonlySet<string> = new Set(['answered', 'queued', 'answeredEnd']);

/** A flow does not say what it rings: numbers outside begin with +, and phones of the house do not. */
function isOutside({ to, toKind }: Of<'call.transferred'>['data']): boolean {
  return toKind === undefined ? to.startsWith('+') : toKind === 'number';
}

function refuse(book: Seen, call: OpenCall | undefined): void {
  if (!call?.inbound || call.refused) return;
  call.refused = true;
  book.refusal();
}

function connected(book: Seen, call: OpenCall | undefined, at: EpochMs, data: Of<'call.connected'>['data']): void {
  if (!call?.inbound) return;
  const { queue, waitedMs } = data;
  const { estimate } = call;
  const first = call.handledIn.length === 0;
  const firstHere = !call.handledIn.includes(queue);
  book.each(queue, (tally) => {
    tally.answered(waitedMs, book.target(queue));
    if (estimate) tally.ewtErrors.push(Math.abs(estimate.waitedMs + estimate.ms - waitedMs));
  });
  if (first) served(book, call, at, queue);
  else if (firstHere) book.only(queue, (tally) => (tally.handled += 1));
  if (firstHere) call.handledIn.push(queue);
  call.queue = queue;
  call.estimate = null;
}

/** An agent answers this call for the first time. */
function served(book: Seen, { ani, arrivedAt }: OpenCall, at: EpochMs, queue: QueueName): void {
  const repeat = ani === null ? null : book.repeat(ani, queue, at);
  book.each(queue, (tally) => {
    tally.handled += 1;
    tally.firstResponses.push(Math.max(0, at - arrivedAt));
    if (repeat === null) return;
    tally.known += 1;
    if (repeat) tally.repeats += 1;
  });
}

import type { CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import { AgentTimes } from './agent-times.ts';
import { Customers } from './customers.ts';
import { QueueTally } from './queue-tally.ts';
import { ratio, sum } from './spread.ts';
import type { KpiFigures, KpiReport, KpiSettings } from './words.ts';

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const TARGET_MS = 20_000;

/** What is known of a call that has not ended. */
interface OpenCall {
  readonly ani: string | null;
  readonly arrivedAt: EpochMs;
  readonly inbound: boolean;
  answered: boolean;
  refused: boolean;
  /** Somebody was rung for it, or it waited for somebody. */
  metSomebody: boolean;
  /** Queues in which an agent answered it. */
  readonly handledIn: QueueName[];
  transferred: boolean;
  queue: QueueName | null;
  /** The first estimate that was announced. */
  estimate: { readonly ms: number; readonly waitedMs: number } | null;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/**
 * The figures of shared definitions, from journal events alone, in their order: the same events give the same figures, so
 * that a day can be counted again and by somebody else. An event told twice must be left out by who feeds it.
 */
export class KpiBook {
  readonly #settings: KpiSettings;
  readonly #calls = new Map<CallId, OpenCall>();
  readonly #all = new QueueTally();
  readonly #queues = new Map<QueueName, QueueTally>();
  readonly #agents: AgentTimes;
  readonly #begin: EpochMs;
  readonly #customers: Customers;
  readonly #minutes = new Map<EpochMs, number>();
  readonly #transfers = { kinds: new Map<string, number>(), matrix: new Map<string, number>() };
  readonly #answers = new Map<string, number[]>();
  #from: EpochMs | null = null;
  #to: EpochMs | null = null;
  #arrived = 0;
  #refused = 0;
  #redials = 0;
  #contained = 0;
  #callMs = 0;

  /** @param begin events before it tell what agents were doing, and count for nothing else */
  constructor(settings: KpiSettings, begin: EpochMs = 0) {
    this.#settings = settings;
    this.#begin = begin;
    this.#agents = new AgentTimes(begin);
    this.#customers = new Customers(settings.repeatMs);
  }

  see(event: JournalEvent): void {
    const wrapUp = this.#agents.see(event);
    if (event.at < this.#begin) return;
    this.#from ??= event.at;
    this.#to = Math.max(this.#to ?? event.at, event.at);
    if (wrapUp) this.#each(wrapUp.queue, (tally) => (tally.workMs += wrapUp.wrapUpMs));
    const seer = SEERS[event.type] as ((book: Seen, event: JournalEvent) => void) | undefined;
    seer?.(this.#seen, event);
  }

  report(): KpiReport {
    const { perMinute, perAgentSecond } = this.#settings;
    const cost = (this.#callMs / MINUTE_MS) * perMinute + (this.#agents.busyMs() / 1_000) * perAgentSecond;
    const all = {
      ...this.#all.figures(this.#settings),
      arrived: this.#arrived,
      redials: this.#redials,
      contained: this.#contained,
      blocked: ratio(this.#refused, this.#arrived),
      occupancy: this.#agents.occupancy(),
      cost: ratio(cost, this.#all.handled),
      peakMinute: this.#peakMinute(),
      ...this.#surveys(),
    };
    const queues: Record<QueueName, KpiFigures> = {};
    for (const [name, tally] of this.#queues) queues[name] = tally.figures(this.#settings);
    return {
      from: this.#from,
      to: this.#to,
      all,
      queues,
      agents: this.#agents.each(),
      transfers: {
        kinds: Object.fromEntries(this.#transfers.kinds),
        matrix: Object.fromEntries(this.#transfers.matrix),
      },
      arrivals: this.#arrivals(),
    };
  }

  /** What those who see one kind of event may use. */
  readonly #seen: Seen = {
    call: (subject) => this.#calls.get(subject),
    open: (subject, call) => void this.#calls.set(subject, call),
    close: (subject) => void this.#calls.delete(subject),
    each: (queue, count) => this.#each(queue, count),
    only: (queue, count) => count(this.#queue(queue)),
    target: (queue) => this.#settings.targetMs.get(queue) ?? TARGET_MS,
    arrival: (call) => this.#arrival(call),
    refusal: () => (this.#refused += 1),
    repeat: (ani, queue, at) => this.#customers.handled(ani, queue, at),
    answer: (question, value) => {
      const answers = this.#answers.get(question) ?? [];
      this.#answers.set(question, answers);
      answers.push(value);
    },
    transfer: (kind, between) => {
      count(this.#transfers.kinds, kind);
      count(this.#transfers.matrix, between);
    },
    ended: (call, durationMs) => {
      this.#callMs += durationMs;
      if (call.inbound && call.answered && !call.metSomebody && !call.refused) this.#contained += 1;
    },
  };

  #each(queue: QueueName | null, count: (tally: QueueTally) => void): void {
    count(this.#all);
    if (queue !== null) count(this.#queue(queue));
  }

  #queue(name: QueueName): QueueTally {
    const tally = this.#queues.get(name) ?? new QueueTally();
    this.#queues.set(name, tally);
    return tally;
  }

  #arrival({ ani, arrivedAt }: OpenCall): void {
    this.#arrived += 1;
    if (ani !== null && this.#customers.arrived(ani, arrivedAt)) this.#redials += 1;
    count(this.#minutes, arrivedAt - (arrivedAt % MINUTE_MS));
  }

  #peakMinute() {
    const [first, ...others] = this.#minutes;
    if (!first) return null;
    const [at, calls] = others.reduce((best, each) => (each[1] > best[1] ? each : best), first);
    return { at, calls };
  }

  #arrivals() {
    const quarters = new Map<EpochMs, number>();
    for (const [minute, calls] of this.#minutes) count(quarters, minute - (minute % QUARTER_MS), calls);
    return [...quarters].map(([at, calls]) => ({ at, calls })).toSorted((a, b) => a.at - b.at);
  }

  #surveys() {
    const [csat, nps, ces] = ['csat', 'nps', 'ces'].map((question) => this.#answers.get(question) ?? []) as [
      number[],
      number[],
      number[],
    ];
    const share = (answers: readonly number[], fits: (answer: number) => boolean) =>
      ratio(answers.filter(fits).length, answers.length);
    const promoters = share(nps, (answer) => answer >= 9);
    const detractors = share(nps, (answer) => answer <= 6);
    return {
      csat: { value: share(csat, (answer) => answer >= 4), answers: csat.length },
      nps: {
        value: promoters === null || detractors === null ? null : 100 * (promoters - detractors),
        answers: nps.length,
      },
      ces: { value: ratio(sum(ces), ces.length), answers: ces.length },
    };
  }
}

interface Seen {
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
  answer(question: string, value: number): void;
  transfer(kind: string, between: string): void;
  ended(call: OpenCall, durationMs: number): void;
}

function count<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const SEERS: { readonly [T in JournalEvent['type']]?: (book: Seen, event: Of<T>) => void } = {
  'call.arrived': (book, { subject, at, data }) => {
    const inbound = data.direction === 'inbound';
    const call: OpenCall = {
      ani: data.ani,
      arrivedAt: at,
      inbound,
      answered: false,
      refused: false,
      metSomebody: false,
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
  'call.connected': (book, { subject, at, data }) => connected(book, book.call(subject), at, data),
  'call.abandoned': (book, { subject, data }) => {
    if (!book.call(subject)?.inbound) return;
    book.each(data.queue, (tally) => tally.gaveUp(data.waitedMs, book.target(data.queue)));
  },
  'call.queue.left': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    if (data.outcome === 'callbackTaken') book.each(data.queue, (tally) => (tally.callbacksTaken += 1));
    else if (call.queue === null && ['full', 'closed'].includes(data.outcome)) refuse(book, call);
    else if (['timeout', 'closed', 'noAgents'].includes(data.outcome) && call.queue === data.queue) {
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
    if (!call) return;
    call.metSomebody = true;
    const { kind = 'flow', from = 'flow', to, toKind } = data;
    const where = toKind === 'agent' || toKind === 'queue' ? 'inside' : 'outside';
    book.transfer(`${kind}, ${where}`, `${from} → ${to}`);
    if (!call.inbound || call.handledIn.length === 0 || call.transferred) return;
    call.transferred = true;
    book.each(call.queue, (tally) => (tally.transferred += 1));
  },
  'callback.answered': (book, { data }) => {
    if (data.of === 'callback') book.each(data.queue, (tally) => (tally.callbacksAnswered += 1));
  },
  'survey.answered': (book, { data }) => {
    if (typeof data.answer === 'number') book.answer(data.question, data.answer);
  },
  'call.ended': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) book.ended(call, data.durationMs);
    book.close(subject);
  },
};

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

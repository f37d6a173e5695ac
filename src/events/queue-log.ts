import type { Fact, JournalEvent } from '../call/journal.ts';

type Data<T extends Fact['type']> = Extract<Fact, { type: T }>['data'];

/** A call as the log must remember it from one line to the next. */
interface Seen {
  readonly ani: string;
  /** Where it waits or was served last; empty before. */
  readonly queue: string;
  /** Its place when it came to that queue, from 1. */
  readonly entered: number;
  readonly waitedMs: number;
  /** An agent came to it from the queue and leads the talk. */
  readonly talks: boolean;
  /** He has hung up; what is written of it waits for the phones that rang. */
  readonly abandonedAfterMs?: number;
  /** The agent's hand-over: its two events come in either order. */
  readonly transfer?: Data<'call.transferred'>;
  readonly handed?: Data<'call.disconnected'>;
}

/** All that a line needs of earlier ones: plain JSON, kept across a restart. */
export interface QueueLogState {
  readonly calls: readonly (readonly [string, Seen])[];
  /** Calls that wait, by queue, in the order in which they came. */
  readonly waiting: readonly (readonly [string, readonly string[]])[];
}

/** The queues that an agent serves, by name. */
export type QueuesOf = (agentId: string) => readonly string[];

/**
 * Tells events in the lines that Asterisk's app_queue would write: `epoch|call|queue|agent|EVENT|data…`, times in seconds but the
 * ring time of RINGNOANSWER and RINGCANCELED, which is ms (Asterisk 22, app_queue.c). Positions count those who came earlier
 * and wait still.
 */
export class QueueLog {
  readonly #queuesOf: QueuesOf;
  readonly #calls: Map<string, Seen>;
  readonly #waiting: Map<string, readonly string[]>;

  constructor(queuesOf: QueuesOf, { calls, waiting }: QueueLogState = { calls: [], waiting: [] }) {
    this.#queuesOf = queuesOf;
    this.#calls = new Map(calls);
    this.#waiting = new Map(waiting);
  }

  get state(): QueueLogState {
    return { calls: [...this.#calls], waiting: [...this.#waiting] };
  }

  /** Lines without their breaks; most events have none. */
  see(event: JournalEvent): readonly string[] {
    const call = event.subject.startsWith('call/') ? event.subject.slice('call/'.length) : null;
    const entry = new Entry(event.at, call ?? 'NONE', this.#calls, this.#waiting);
    if (call === null) agentLines(entry, event, this.#queuesOf);
    else callLines(entry, event);
    return entry.lines;
  }
}

function agentLines(entry: Entry, event: JournalEvent, queuesOf: QueuesOf): void {
  if (event.type !== 'agent.status.changed') return;
  const { agentId, status, previous, reason } = event.data;
  const all = (name: string, ...data: string[]) => {
    for (const queue of queuesOf(agentId)) entry.line(queue, agentId, name, ...data);
  };
  if (status === 'logged-out') return all('REMOVEMEMBER', '');
  if (previous === 'logged-out') all('ADDMEMBER', status === 'not-ready' ? 'PAUSED' : '');
  if (status === 'not-ready') all('PAUSE', reason ?? '');
  else if (previous === 'not-ready') all('UNPAUSE', '');
}

function callLines(entry: Entry, event: JournalEvent): void {
  switch (event.type) {
    case 'call.arrived':
      return entry.remember({ ani: event.data.ani ?? '' });
    case 'call.queued':
      return queued(entry, event.data);
    case 'call.offer.failed':
      return offerFailed(entry, event.data);
    case 'call.connected':
      return connected(entry, event.data);
    case 'call.abandoned':
      return hungUp(entry, event.data);
    case 'call.queue.left':
      return wayOut(entry, event.data);
    case 'call.transferred':
      return transferred(entry, event.data);
    case 'call.disconnected':
      return disconnected(entry, event.data);
    case 'call.ended':
      abandoned(entry);
      return entry.forget();
    default:
      return;
  }
}

/** What app_queue calls the ways out of a queue; what it does not know has waited too long for it. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  noAgents: 'EXITEMPTY',
  closed: 'EXITEMPTY',
  error: 'EXITEMPTY',
  exitKey: 'EXITWITHKEY',
  callbackTaken: 'EXITWITHKEY',
  moved: 'WITHDRAW',
  overflow: 'WITHDRAW',
};

function queued(entry: Entry, { queue }: Data<'call.queued'>): void {
  const entered = entry.enter(queue);
  entry.remember({ queue, entered, waitedMs: 0, talks: false });
  entry.line(queue, 'NONE', 'ENTERQUEUE', '', entry.seen.ani, String(entered));
}

function offerFailed(entry: Entry, { queue, agentId, verdict, rangMs, guest }: Data<'call.offer.failed'>): void {
  if (guest !== undefined) return;
  entry.line(queue, agentId, verdict === 'cancelled' ? 'RINGCANCELED' : 'RINGNOANSWER', String(rangMs));
  abandoned(entry);
}

function connected(entry: Entry, { queue, agentId, waitedMs, rangMs }: Data<'call.connected'>): void {
  entry.leave();
  entry.remember({ queue, waitedMs, talks: true });
  entry.line(queue, agentId, 'CONNECT', seconds(waitedMs), entry.call, seconds(rangMs));
}

/** Where a phone rang for him, app_queue first writes that it stops. */
function hungUp(entry: Entry, { waitedMs, while: during }: Data<'call.abandoned'>): void {
  entry.remember({ abandonedAfterMs: waitedMs });
  if (during === 'waiting') abandoned(entry);
}

function abandoned(entry: Entry): void {
  const { abandonedAfterMs } = entry.seen;
  if (abandonedAfterMs !== undefined) left(entry, 'ABANDON', abandonedAfterMs);
  entry.forgetAbandoned();
}

function wayOut(entry: Entry, { outcome, waitedMs, key = '' }: Data<'call.queue.left'>): void {
  const name = WAYS_OUT[outcome] ?? 'EXITWITHTIMEOUT';
  if (name === 'EXITWITHKEY') left(entry, name, waitedMs, [key]);
  else left(entry, name, waitedMs, [], name === 'WITHDRAW' ? [outcome] : []);
}

/** Who was turned away at the door was never in the queue: app_queue writes nothing of him either. */
function left(entry: Entry, name: string, waitedMs: number, first: string[] = [], last: string[] = []): void {
  const { queue, entered } = entry.seen;
  const position = entry.leave();
  if (position === 0) return;
  entry.line(queue, 'NONE', name, ...first, String(position), String(entered), seconds(waitedMs), ...last);
}

function transferred(entry: Entry, transfer: Data<'call.transferred'>): void {
  if (!entry.seen.talks || transfer.from === undefined) return;
  entry.remember({ transfer });
  handedOver(entry);
}

function disconnected(entry: Entry, end: Data<'call.disconnected'>): void {
  if (!entry.seen.talks) return;
  if (end.by !== 'transfer') return complete(entry, end);
  entry.remember({ handed: end });
  handedOver(entry);
}

function complete(entry: Entry, { agentId, by, talkedMs, heldMs = 0 }: Data<'call.disconnected'>): void {
  const { waitedMs, entered } = entry.seen;
  const name = by === 'caller' ? 'COMPLETECALLER' : 'COMPLETEAGENT';
  entry.lineOf(agentId, name, seconds(waitedMs), seconds(talkedMs + heldMs), String(entered));
  entry.remember({ talks: false });
}

function handedOver(entry: Entry): void {
  const { transfer, handed, waitedMs, entered } = entry.seen;
  if (!transfer || !handed) return;
  const times = [seconds(waitedMs), seconds(handed.talkedMs + (handed.heldMs ?? 0)), String(entered)];
  if (transfer.kind === 'attended') entry.lineOf(handed.agentId, 'ATTENDEDTRANSFER', 'APP', transfer.to, ...times);
  else entry.lineOf(handed.agentId, 'BLINDTRANSFER', transfer.to, transfer.toKind ?? '', ...times);
  entry.handedOver();
}

const seconds = (ms: number) => String(Math.round(ms / 1_000));

const UNKNOWN: Seen = { ani: '', queue: '', entered: 0, waitedMs: 0, talks: false };

/** What is written of one event, and remembered after it. */
class Entry {
  readonly call: string;
  readonly lines: string[] = [];
  readonly #at: number;
  readonly #calls: Map<string, Seen>;
  readonly #waiting: Map<string, readonly string[]>;

  constructor(at: number, call: string, calls: Map<string, Seen>, waiting: Map<string, readonly string[]>) {
    this.#at = at;
    this.call = call;
    this.#calls = calls;
    this.#waiting = waiting;
  }

  get seen(): Seen {
    return this.#calls.get(this.call) ?? UNKNOWN;
  }

  remember(news: Partial<Seen>): void {
    this.#calls.set(this.call, { ...this.seen, ...news });
  }

  handedOver(): void {
    const { transfer: _, handed: __, ...seen } = this.seen;
    this.#calls.set(this.call, { ...seen, talks: false });
  }

  forgetAbandoned(): void {
    const { abandonedAfterMs, ...seen } = this.seen;
    if (abandonedAfterMs !== undefined) this.#calls.set(this.call, seen);
  }

  forget(): void {
    this.leave();
    const { seen } = this;
    if (seen.handed && seen.talks) complete(this, seen.handed);
    this.#calls.delete(this.call);
  }

  /** Its place at the end of the queue. */
  enter(queue: string): number {
    this.leave();
    const waiting = [...(this.#waiting.get(queue) ?? []), this.call];
    this.#waiting.set(queue, waiting);
    return waiting.length;
  }

  /** The place that it gives up; 0: it waited in none. */
  leave(): number {
    const { queue } = this.seen;
    const waiting = this.#waiting.get(queue) ?? [];
    const position = waiting.indexOf(this.call) + 1;
    if (position === 0) return 0;
    const others = waiting.filter((call) => call !== this.call);
    if (others.length > 0) this.#waiting.set(queue, others);
    else this.#waiting.delete(queue);
    return position;
  }

  lineOf(agent: string, name: string, ...data: readonly string[]): void {
    if (this.seen.queue !== '') this.line(this.seen.queue, agent, name, ...data);
  }

  line(queue: string, agent: string, name: string, ...data: readonly string[]): void {
    const cells = [this.call, queue, agent, name, ...data].map(cell);
    this.lines.push([Math.floor(this.#at / 1_000), ...cells].join('|'));
  }
}

/** A name from outside must not end a cell or a line. */
// oxlint-disable-next-line no-control-regex -- it is they that are taken out
const cell = (text: string) => text.replace(/[|\u0000-\u001f\u007f]/gu, '_');

import type { AgentId, EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import { resultOfFlow } from './said.ts';
import { type Mark, newCall, type OpenCall } from './story.ts';
import { countUp, type Tally } from './tally.ts';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;
type Count = (tally: Tally) => void;

/** What who sees one kind of event may ask of the book. */
export interface Seen {
  call(subject: string): OpenCall | undefined;
  open(subject: string, call: OpenCall): void;
  close(subject: string, at: EpochMs): void;
  mark(call: OpenCall, mark: Mark): void;
  /** Counts in the queue, of what no call is known. */
  loose(at: EpochMs, mark: Mark): void;
  /** The agent, or his teams where cells are told apart by them. */
  desks(agent: AgentId): readonly string[];
  target(queue: QueueName): number;
  readonly shortMs: number;
  /** Answers whether he had called within the last minutes. */
  arrival(call: OpenCall): boolean;
  repeat(ani: string, queue: QueueName, at: EpochMs): boolean;
}

/** What each kind of event counts for; all others count for nothing. */
export const SEERS: { readonly [T in JournalEvent['type']]?: (book: Seen, event: Of<T>) => void } = {
  'call.arrived': (book, { subject, at, data }) => {
    const call = newCall({ ani: data.ani, arrivedAt: at, inbound: data.direction === 'inbound', did: data.dnis });
    book.open(subject, call);
    if (!call.inbound) return;
    const redial = book.arrival(call);
    whole(book, call, ({ n }) => {
      n.arrived += 1;
      if (redial) n.redials += 1;
    });
  },
  'call.rejected': (book, { subject }) => refuse(book, book.call(subject)),
  'call.answered': (book, { subject }) => {
    const call = book.call(subject);
    if (call) call.answered = true;
  },
  'call.language.set': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) call.language = data.language;
  },
  'flow.started': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) call.flow ??= data.flow;
  },
  'flow.emitted': (book, event) => {
    const call = book.call(event.subject);
    if (!call) return;
    const result = resultOfFlow(event);
    withAgent(book, call, call.agent, ({ results }) => results.add(result));
  },
  'call.queued': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call) return;
    call.language ??= data.language;
    if (!call.inbound) return;
    call.metSomebody = true;
    const count: Count = ({ n }) => (n.offered += 1);
    if (call.queue !== data.queue) book.mark(call, { whole: call.queue === null, queue: data.queue, desks: [], count });
    call.queue = data.queue;
  },
  'call.estimate.announced': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) call.estimate ??= { ms: data.estimateMs, waitedMs: data.waitedMs };
  },
  'call.connected': (book, { subject, at, data }) => {
    const call = book.call(subject);
    if (!call) return;
    call.agent = data.agentId;
    if (call.inbound) connected(book, call, at, data);
    else inTalk(book, call, data.agentId, ({ n }) => (n.outConnected += 1));
  },
  'call.abandoned': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    const against = { targetMs: book.target(data.queue), shortMs: book.shortMs };
    inQueue(book, call, data.queue, (tally) => tally.gaveUp(data.waitedMs, against));
  },
  'call.queue.left': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    const promised = call.promisedIn.includes(data.queue);
    if (call.queue === null && ['full', 'closed'].includes(data.outcome)) refuse(book, call);
    else if (['timeout', 'closed', 'noAgents'].includes(data.outcome) && call.queue === data.queue && !promised) {
      inQueue(book, call, data.queue, ({ n }) => (n.unserved += 1));
    }
    call.estimate = null;
  },
  'call.disconnected': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call) return;
    const ms = data.talkedMs + (data.heldMs ?? 0);
    if (!call.inbound) return inTalk(book, call, data.agentId, ({ n }) => (n.outTalkMs += ms));
    call.agent = data.agentId;
    spokenWith(book, call, data.agentId);
    withAgent(book, call, data.agentId, ({ n }) => (n.workMs += ms));
  },
  'call.transferred': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    call.metSomebody = true;
    if (HANDED_OVER.has(data.outcome)) transferred(book, call, data);
  },
  // However it came to be promised: by key in the queue, by the flow, or when the queue closed.
  'callback.requested': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call?.inbound) return;
    call.metSomebody = true;
    call.promisedIn.push(data.queue);
    inQueue(book, call, data.queue, ({ n }) => (n.callbacksTaken += 1));
  },
  'voicemail.left': (book, { subject }) => {
    const call = book.call(subject);
    if (call) call.metSomebody = true;
  },
  'callback.answered': (book, { at, data }) => {
    if (data.of !== 'callback') return;
    const count: Count = ({ n }) => (n.callbacksAnswered += 1);
    book.loose(at, { whole: true, queue: data.queue, desks: book.desks(data.agentId), count });
  },
  'survey.answered': (book, event) => inSurvey(book, event, ({ surveys }) => surveys.answered(event)),
  'survey.finished': (book, event) => inSurvey(book, event, ({ surveys }) => surveys.finished(event)),
  'attempt.started': (book, { subject, data }) => {
    const call = book.call(subject);
    if (!call) return;
    call.campaign = data.campaignId;
    whole(book, call, ({ n }) => (n.dials += 1));
  },
  'attempt.ended': (book, { subject, data }) => {
    const call = book.call(subject);
    if (call) whole(book, call, ({ outcomes }) => countUp(outcomes, data.outcome));
  },
  'call.ended': (book, { subject, at, data }) => {
    const call = book.call(subject);
    if (call?.inbound) ended(book, call, data.durationMs);
    book.close(subject, at);
  },
};

const whole = (book: Seen, call: OpenCall, count: Count) =>
  book.mark(call, { whole: true, queue: null, desks: [], count });

const inQueue = (book: Seen, call: OpenCall, queue: QueueName, count: Count) =>
  book.mark(call, { whole: true, queue, desks: [], count });

/** Of the queue that the call is in now, and of that agent. */
const withAgent = (book: Seen, call: OpenCall, agent: AgentId | null, count: Count) =>
  book.mark(call, { whole: true, queue: call.queue, desks: agent === null ? [] : book.desks(agent), count });

/** For those that are not in the list yet, which puts them there. */
function firstOf(list: Set<string>, desks: readonly string[]): readonly string[] {
  const fresh = desks.filter((desk) => !list.has(desk));
  for (const desk of fresh) list.add(desk);
  return fresh;
}

/** Calls of yours belong to no queue of callers, also where one that waits there is rung back. */
const inTalk = (book: Seen, call: OpenCall, agent: AgentId, count: Count) =>
  book.mark(call, { whole: true, queue: null, desks: book.desks(agent), count });

/** Asked of the service of that queue, and of who spoke with him last. */
function inSurvey(book: Seen, { subject }: JournalEvent, count: Count): void {
  const call = book.call(subject);
  if (call) withAgent(book, call, call.agent, count);
}

function ended(book: Seen, call: OpenCall, durationMs: number): void {
  const contained = call.answered && !call.metSomebody && !call.refused;
  whole(book, call, ({ n }) => {
    n.callMs += durationMs;
    if (contained) n.contained += 1;
  });
}

/** He has been taken by somebody, or waits in the queue he was sent to; every other outcome left him where he was. */
const HANDED_OVER: ReadonlySet<string> = new Set(['answered', 'queued', 'answeredEnd']);

/** A flow does not say what it rings: numbers outside begin with +, and phones of the house do not. */
function isOutside({ to, toKind }: Of<'call.transferred'>['data']): boolean {
  return toKind === undefined ? to.startsWith('+') : toKind === 'number';
}

function refuse(book: Seen, call: OpenCall | undefined): void {
  if (!call?.inbound || call.refused) return;
  call.refused = true;
  whole(book, call, ({ n }) => (n.refused += 1));
}

function transferred(book: Seen, call: OpenCall, data: Of<'call.transferred'>['data']): void {
  const { kind = 'flow', from = 'flow', to } = data;
  const told = [`${kind}, ${isOutside(data) ? 'outside' : 'inside'}`, `${from} → ${to}`] as const;
  const { queue } = call;
  const by = data.from ?? null;
  withAgent(book, call, by, (tally) => tally.transfer(...told));
  if (call.handledIn.length === 0) return;
  const count: Count = ({ n }) => (n.transferred += 1);
  const desks = by === null ? [] : firstOf(call.transferredBy, book.desks(by));
  book.mark(call, { whole: false, queue: null, desks, count });
  if (call.transferred) return;
  call.transferred = true;
  book.mark(call, { whole: true, queue, desks: [], count });
}

function connected(book: Seen, call: OpenCall, at: EpochMs, data: Of<'call.connected'>['data']): void {
  const { queue, agentId: agent, waitedMs } = data;
  const { estimate } = call;
  const targetMs = book.target(queue);
  const count: Count = (tally) => {
    tally.answered(waitedMs, targetMs);
    if (estimate) tally.ewtErrors.add(Math.abs(estimate.waitedMs + estimate.ms - waitedMs));
  };
  book.mark(call, { whole: true, queue, desks: book.desks(agent), count });
  const first = call.handledIn.length === 0;
  if (first) served(book, call, at, data);
  else if (!call.handledIn.includes(queue)) book.mark(call, { whole: false, queue, desks: [], count: HANDLED });
  spokenWith(book, call, agent);
  if (!call.handledIn.includes(queue)) call.handledIn.push(queue);
  call.queue = queue;
  call.estimate = null;
}

const HANDLED: Count = ({ n }) => (n.handled += 1);

/** Each agent and team handles a call once, also one who was handed it and was offered nothing. */
function spokenWith(book: Seen, call: OpenCall, agent: AgentId): void {
  const desks = firstOf(call.handledBy, book.desks(agent));
  if (desks.length > 0) book.mark(call, { whole: false, queue: null, desks, count: HANDLED });
}

/** An agent answers this call for the first time. */
function served(book: Seen, call: OpenCall, at: EpochMs, { queue, agentId }: Of<'call.connected'>['data']): void {
  const { ani, arrivedAt } = call;
  const repeat = ani === null ? null : book.repeat(ani, queue, at);
  const count: Count = ({ n, firstResponses }) => {
    firstResponses.add(Math.max(0, at - arrivedAt));
    if (repeat === null) return;
    n.known += 1;
    if (repeat) n.repeats += 1;
  };
  inQueue(book, call, queue, (tally) => {
    tally.n.handled += 1;
    count(tally);
  });
  book.mark(call, { whole: false, queue: null, desks: book.desks(agentId), count });
}

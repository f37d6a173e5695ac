import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { Deed } from './call/deeds.ts';
import { type CallState, customer } from './call/state.ts';
import type { CallWorld } from './call/world.ts';
import { CAUSE, verdictOf } from '../call/cause.ts';
import { type Customer, customerAt, NO_CUSTOMERS } from '../call/customer.ts';
import { e164Of } from '../call/number.ts';
import type { SwitchCommand } from '../call/switch.ts';
import type { CallSession } from './call-session.ts';
import type { CallTrunks } from './call-trunks.ts';
import { closeAttempt } from './close-attempt.ts';
import { faultName, type FlowServices } from './flow-services.ts';
import type { Callers } from './callers.ts';
import { askLeave, settleErrand } from './errand-deeds.ts';
import { insist } from './insist.ts';
import type { ProfileOf } from './lead-after.ts';
import type { LeadWays } from './lead-ways.ts';
import type { Lines } from './lines.ts';
import { findEnd } from './kept-words.ts';
import type { CallbackRequest, FlowStore } from './ports/flow-store.ts';
import type { CallRecord, History } from './ports/history.ts';
import type { OutsideLegs } from './outside-legs.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Releases } from './releases.ts';
import type { TalkRecordings } from './talk-recordings.ts';

interface Books {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly history: History;
  readonly releases: Releases;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
  readonly switchPort: SwitchPort;
  readonly flows: FlowStore;
  readonly services: FlowServices;
  readonly callers: Pick<Callers, 'find'>;
  readonly outside: Pick<OutsideLegs, 'refusal'>;
  readonly lines: Pick<Lines, 'back'>;
  /** Nobody calls the number any more. */
  readonly optOut: (number: string) => Promise<boolean>;
  readonly isUnwanted: (callback: CallbackRequest) => boolean;
  /** Calls off a callback, and tells so. */
  readonly callOff: (id: string, by: string) => Promise<unknown>;
  /** Lines of trunks, for calls that keep a promise. */
  readonly trunkLines: () => Pick<CallTrunks, 'way' | 'takeFor' | 'giveBack'>;
  readonly talks: Pick<TalkRecordings, 'begun' | 'keep' | 'drop'>;
  readonly env: ReadonlyMap<string, string>;
  /** The compliance profile that a campaign dials by; null: there is none. */
  readonly profileOf: ProfileOf;
  readonly ways: Pick<LeadWays, 'wish' | 'ended'>;
  readonly settings: { readonly country: string | null };
}

/** What calls read of the house, and what they have done in it besides telephone verbs. */
export function bookkeeping(books: Books) {
  const { releases, dispatcher, env, outside } = books;
  const outsideRefusal: CallWorld['outsideRefusal'] = (number, asker) => outside.refusal(number, asker);
  const way: CallWorld['way'] = (order) => books.trunkLines().way(order);
  const customerOf = (number: string | null) => customerIn(books, number);
  const queueFacts: CallWorld['queueFacts'] = (queue, asked) => dispatcher.outlook.queueFacts(queue, asked);
  const world = ({ release }: Pick<CallState, 'release'>): CallWorld => {
    const { flows, calendars, prompts, queues } = releases.site(release);
    return { flows, calendars, prompts, env, queues, customerOf, outsideRefusal, way, queueFacts };
  };
  return {
    world,
    voiced: (command: SwitchCommand, release: string) => releases.voiced(command, release),
    perform: (session: CallSession, deed: Deed) => perform(books, session, deed),
    redo: (call: CallState) => redo(books, call),
  };
}

function customerIn({ releases, settings }: Books, number: string | null): Customer | null {
  const customers = releases.current.site.customers ?? NO_CUSTOMERS;
  if (number === null || customers.size === 0) return null;
  return customerAt(customers, e164Of(number, settings.country) ?? number);
}

async function perform(books: Books, session: CallSession, deed: Deed): Promise<void> {
  // What takes its time is not waited for: the caller's next key must not, either.
  if (deed.type === 'request') return void askWorld(books, session, deed.requestId);
  if (deed.type === 'recording.find') return void tellEnd(books, session, deed);
  if (deed.type === 'caller.find') return void books.callers.find(session);
  if (deed.type === 'errand.try') return void askLeave(books, session, deed);
  if (deed.type === 'line.back') return giveBack(books, session, deed);
  return settle(books, session.state, deed);
}

/** Deeds that the adopting process does again by itself, once it knows what became of the call. */
type SessionDeed = Extract<Deed, { type: 'request' | 'recording.find' | 'line.back' | 'errand.try' | 'caller.find' }>;

const SESSION_DEEDS: readonly Deed['type'][] = ['request', 'recording.find', 'line.back', 'errand.try', 'caller.find'];
const isSessionDeed = (deed: Deed): deed is SessionDeed => SESSION_DEEDS.includes(deed.type);

/** For the call its leg is as good as hung up. */
function giveBack({ lines, clock }: Books, session: CallSession, deed: Extract<Deed, { type: 'line.back' }>): void {
  const { legId, q850 } = deed;
  lines.back(legId);
  session.post({ type: 'leg.ended', legId, at: clock.now(), cause: { q850 } });
}

/** The question of an `ask` is answered over HTTP; all others here. */
async function askWorld({ services }: Books, session: CallSession, requestId: string): Promise<void> {
  const { asked, id: callId, attempt, source, deciding } = session.state;
  const { ani: from, dnis: to } = session.state;
  // To a flow the caller is the person, also when it is we who called.
  const [ani, dnis] = attempt ? [to, from ?? ''] : [from, to];
  if (asked?.requestId !== requestId || asked.request.kind === 'ask') return;
  const campaignId = attempt?.campaignId ?? null;
  const wait = deciding && { since: deciding.enqueuedAt, request: deciding.request };
  const answer = await services.ask({ callId, ani, source, dnis, wait, campaignId }, requestId, asked.request);
  session.post({ type: 'answer', requestId, answer });
}

async function tellEnd(books: Books, session: CallSession, deed: Extract<Deed, { type: 'recording.find' }>) {
  const { legId, recordingId } = deed;
  const end = await findEnd(books, recordingId);
  session.post({ type: 'recording.finished', at: books.clock.now(), legId, recordingId, ...end });
}

async function settle(books: Books, call: CallState, deed: Exclude<Deed, SessionDeed>): Promise<void> {
  switch (deed.type) {
    case 'agent':
      return moveAgent(books, call, deed);
    case 'reservation.end':
      return insist(books, 'end of a reservation', () => books.live.endReservation(call.id, deed.fence));
    case 'attempt.end':
      return insist(books, 'end of an attempt', () => endAttempt(books, call, deed));
    case 'opt-out':
      return insist(books, 'opt-out by a key', async () => void (await books.optOut(call.dnis)));
    case 'remember':
      return insist(books, 'memory of a caller', () => remember(books, call, deed));
    case 'errand.heard':
    case 'errand.end':
      return settleErrand(books, call, deed);
    case 'recording.discard':
      return void books.switchPort.discard(deed.recordingId);
    case 'talk.record':
      return books.talks.begun(call.id, deed);
    case 'talk.keep':
      return books.talks.keep(deed.recordingId);
    case 'talk.drop':
      return books.talks.drop(deed.recordingId);
    case 'record': {
      const record = recordOf(call, books.clock.now());
      return insist(books, 'call record', () => books.history.saveCallRecord(record));
    }
  }
}

async function moveAgent({ desk, log }: Books, call: CallState, deed: Extract<Deed, { type: 'agent' }>): Promise<void> {
  const { agentId } = deed;
  const answer = await desk.apply(agentId, deed.event, call.id);
  if (!answer.ok) log.warn({ callId: call.id, agentId, sentence: answer.sentence }, 'agent step refused');
}

/** Who withholds the number is nobody we could know again. The log of a failure names no caller, so its fault is bared. */
async function remember(
  { flows }: Books,
  { attempt, ani: from, dnis }: CallState,
  deed: Extract<Deed, { type: 'remember' }>,
): Promise<void> {
  const ani = attempt ? dnis : from;
  const { what, value, until } = deed;
  if (ani === null) return;
  const written: Promise<unknown> = value === null ? flows.forget(ani, what) : flows.remember(ani, what, value, until);
  await written.catch((error: unknown) => Promise.reject(new Error(faultName(error))));
}

/** Does what a process that died had written and perhaps not done. An agent who has gone on since is left as he is. */
async function redo(books: Books, call: CallState): Promise<void> {
  for (const deed of call.deeds) {
    if (isSessionDeed(deed)) continue;
    if (deed.type !== 'agent') await settle(books, call, deed);
    else if (books.desk.holds(deed.agentId, call.id)) await books.desk.apply(deed.agentId, deed.event, call.id);
  }
}

async function endAttempt(books: Books, call: CallState, end: Extract<Deed, { type: 'attempt.end' }>): Promise<void> {
  if (!call.attempt) return;
  const { attemptId: id, campaignId, leadId } = call.attempt;
  const { id: callId, dnis: number, source: trunk, startedAt } = call;
  const { outcome, q850, sip, agentId, screened = null } = end;
  const ended = { endedAt: books.clock.now(), outcome, q850, sip, agentId, trunk, screened };
  await closeAttempt(books, { id, campaignId, leadId, callId, number, startedAt }, ended);
}

function recordOf(call: CallState, now: number): CallRecord {
  const cause = customer(call).cause ?? CAUSE.unknown;
  const verdict = verdictOf(cause, call.answeredAt !== null);
  const { id, direction, ani, dnis, source, language, startedAt, answeredAt, detected } = call;
  const about = { id, direction, ani, dnis, source, language, detected };
  const times = { startedAt, answeredAt, endedAt: now };
  const { outcome, ...found } = call.record;
  const campaignId = call.attempt?.campaignId ?? null;
  return { ...about, ...times, ...found, campaignId, outcome: outcome ?? verdict, verdict, q850: cause.q850 };
}

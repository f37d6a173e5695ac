import { afterAttempt } from '../dialer/attempt.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { Deed } from './call/deeds.ts';
import { type CallState, customer } from './call/state.ts';
import type { CallWorld } from './call/world.ts';
import { CAUSE, verdictOf } from '../call/cause.ts';
import type { CallSession } from './call-session.ts';
import { insist } from './insist.ts';
import type { CallRecord, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Site } from './site.ts';

interface Books {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly history: History;
  readonly site: Site;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
}

/** What calls read of the house, and what they have done in it besides telephone verbs. */
export function bookkeeping(books: Books) {
  const { site, dispatcher } = books;
  const world: CallWorld = {
    flows: site.flows,
    calendars: site.calendars,
    prompts: site.prompts,
    env: new Map(),
    queues: site.queues,
    queueFacts: (queue) => dispatcher.queueFacts(queue),
  };
  return {
    world: () => world,
    perform: (session: CallSession, deed: Deed) => perform(books, session.state, deed),
    redo: (call: CallState) => redo(books, call),
  };
}

async function perform(books: Books, call: CallState, deed: Deed): Promise<void> {
  if (deed.type === 'agent') {
    const answer = await books.desk.apply(deed.agentId, deed.event);
    if (!answer.ok)
      books.log.warn({ callId: call.id, agentId: deed.agentId, sentence: answer.sentence }, 'agent step refused');
    return;
  }
  if (deed.type === 'reservation.end')
    return insist(books, 'end of a reservation', () => books.live.endReservation(call.id, deed.fence));
  if (deed.type === 'attempt.end') return insist(books, 'end of an attempt', () => endAttempt(books, call, deed));
  const record = recordOf(call, books.clock.now());
  return insist(books, 'call record', () => books.history.saveCallRecord(record));
}

/** Does what a process that died had written and perhaps not done. An agent who has gone on since is left as he is. */
async function redo(books: Books, call: CallState): Promise<void> {
  for (const deed of call.deeds) {
    if (deed.type !== 'agent') await perform(books, call, deed);
    else if (books.desk.holds(deed.agentId, call.id)) await books.desk.apply(deed.agentId, deed.event);
  }
}

async function endAttempt(books: Books, call: CallState, end: Extract<Deed, { type: 'attempt.end' }>): Promise<void> {
  const { history, clock } = books;
  if (!call.attempt) return;
  const { attemptId, campaignId, leadId } = call.attempt;
  const { outcome, q850, sip, agentId } = end;
  const [campaign, lead] = await Promise.all([history.campaign(campaignId), history.lead(leadId)]);
  const rule = campaign ?? { maxAttempts: 1, retryAfterMs: 0 };
  const next = afterAttempt(rule, lead?.attempts ?? rule.maxAttempts, outcome, clock.now());
  await history.endAttempt({ attemptId, endedAt: clock.now(), outcome, q850, sip, agentId, lead: next });
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

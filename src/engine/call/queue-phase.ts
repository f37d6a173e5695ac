import { creditIn } from '../../acd/credit.ts';
import { refusalOf } from '../../acd/policy.ts';
import { startWaiting, type WaitCommand, type WaitEvent, waitStep } from '../../acd/waiting.ts';
import type { EpochMs, Language } from '../../call/ids.ts';
import type { Fact } from '../../call/journal.ts';
import type { QueueOutcome, QueueRequest } from '../../call/routing.ts';
import { SAY_LANGUAGES } from '../../call/say/index.ts';
import { hoursSeen } from '../../ivr/calendar.ts';
import type { Draft } from './actions.ts';
import { comeBack } from './guests.ts';
import { cancelRings } from './ring.ts';
import { type CallState, customer, isUp } from './state.ts';
import type { CallWorld } from './world.ts';

/** The flow asks for an agent: admitted to wait, or sent on at once with the outcome the flow names. */
export function enterQueue(draft: Draft, asked: QueueRequest, world: CallWorld): void {
  const { state, now } = draft;
  const profile = world.queues.get(asked.queue);
  if (!profile) return turnAway(draft, asked, 'error');
  const request = { ...asked, priority: creditIn(profile, asked, world.customerOf(state.ani)) };
  const facts = world.queueFacts(request.queue, request);
  const hours = hoursSeen(world.calendars.get(profile.calendar ?? ''), now);
  const refused = refusalOf({ profile, facts, hours, now });
  if (refused) return turnAway(draft, request, refused);
  if (!isUp(customer(state))) draft.tell({ type: 'answer', legId: customer(state).id });
  return stayIn(draft, request, now, world);
}

/** The wait begins, at the place that `enqueuedAt` gives; whoever comes back to his old place is turned away by nobody. */
export function stayIn(
  draft: Draft,
  request: QueueRequest,
  enqueuedAt: EpochMs,
  world: CallWorld,
  again?: 'transfer' | 'return' | 'moved',
): void {
  const { state, now } = draft;
  const profile = world.queues.get(request.queue);
  // What was said in an earlier stay had names too, and none is used twice.
  const callId = again === undefined ? state.id : `${state.id}-${state.made}`;
  const voice = { callId, language: voiceOf(state, request, world) };
  const waiting = profile ? startWaiting(profile, request, now, voice) : null;
  draft
    .set({
      phase: 'queued',
      visit: { request, enqueuedAt, since: now, treatment: waiting?.state ?? null, position: 0 },
    })
    .record({ queue: request.queue })
    .fact(queued(request, again));
  if (waiting) treat(draft, waiting.commands);
  else draft.tell({ type: 'music.start', legId: customer(state).id, class: request.announce?.music ?? 'default' });
}

/** Of the present stay, ms; what the customer waited or talked before he came back to his place is not counted again. */
export function waitedSoFar({ visit }: CallState, now: EpochMs): number {
  return visit ? Math.max(0, now - (visit.since ?? visit.enqueuedAt)) : 0;
}

const ESTIMATE = ['queue.estimate.between', 'queue.estimate.and', 'queue.estimate.most'];
const WORDS = ['queue.wait', 'queue.position', ...ESTIMATE];

/** The call's language if it has the words of a queue, else the flow's own: half a sentence in each would help nobody. */
function voiceOf({ flow }: CallState, { language }: QueueRequest, { prompts, flows }: CallWorld): Language {
  const tried = [language, flows.get(flow?.flowId ?? '')?.languages.default ?? language];
  const able = (each: Language) => SAY_LANGUAGES.includes(each) && WORDS.every((word) => prompts.get(each)?.has(word));
  return tried.find(able) ?? language;
}

/** The fact that a call waits now, for what. */
export function queued(
  { queue, language, require, priority, relax }: QueueRequest,
  again?: 'transfer' | 'return' | 'moved',
): Fact {
  const steps = relax.map(({ afterMs, require: weaker }) => ({ afterMs, require: [...weaker] }));
  const more = { ...(steps.length > 0 && { relax: steps }), ...(again !== undefined && { again }) };
  return { type: 'call.queued', data: { queue, language, require: [...require], priority, ...more } };
}

function turnAway(draft: Draft, { queue }: QueueRequest, outcome: QueueOutcome): void {
  draft
    .fact({ type: 'call.queue.left', data: { queue, outcome, waitedMs: 0 } })
    .resumeFlow({ type: 'queue.left', outcome });
}

/** The wait goes on: a position, a finished announcement, a timer. Also while an agent's phone rings. */
export function waitInput(draft: Draft, event: WaitEvent): void {
  const { visit } = draft.state;
  if (!visit?.treatment) return;
  const next = waitStep(visit.treatment, event, draft.now);
  draft.set({ visit: { ...visit, treatment: next.state } }).fact(...next.facts);
  treat(draft, next.commands);
}

/** Ends the stay in the queue, with no agent found. */
export function leaveQueue(draft: Draft, outcome: QueueOutcome, key?: string): void {
  const { visit, phase, record } = draft.state;
  // What waits for nobody on the line is put off or closed by its keeper.
  if (!visit || draft.state.errand || (phase !== 'queued' && phase !== 'offering')) return;
  const waitedMs = waitedSoFar(draft.state, draft.now);
  const pressed = key !== undefined && { key };
  cancelRings(draft, 'cancelled');
  hush(draft);
  draft
    .set({ visit: null })
    .record({ waitedMs: record.waitedMs + waitedMs })
    .fact({ type: 'call.queue.left', data: { queue: visit.request.queue, outcome, waitedMs, ...pressed } });
  if (visit.back !== undefined && NOBODY_CAME.has(outcome)) return comeBack(draft, visit.back);
  draft.resumeFlow({ type: 'queue.left', outcome, ...pressed });
}

/** With these a customer who was sent to the queue goes back to the agent who did that. */
const NOBODY_CAME: ReadonlySet<QueueOutcome> = new Set(['timeout', 'full', 'noAgents', 'closed', 'error']);

/** Announcements end: the caller is about to hear somebody, or his flow again. */
export function stopTreatment(draft: Draft): void {
  waitInput(draft, { type: 'connected' });
}

/** Words and music of the wait end, and his flow is heard again. */
export function hush(draft: Draft): void {
  const { visit } = draft.state;
  const music = visit?.treatment && visit.treatment.phase !== 'over';
  stopTreatment(draft);
  if (music) draft.tell({ type: 'music.stop', legId: customer(draft.state).id });
}

/** Does what the treatment of a wait asks for. */
export function treat(draft: Draft, commands: readonly WaitCommand[]): void {
  const legId = customer(draft.state).id;
  for (const command of commands) {
    if (command.type === 'leave') leaveQueue(draft, command.outcome);
    else if (command.type === 'timer') draft.timer(`wait:${command.name}`, command.at);
    else if (command.type === 'stop') draft.tell(command);
    else draft.tell({ ...command, legId });
  }
}

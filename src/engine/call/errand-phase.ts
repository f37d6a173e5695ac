import { CAUSE, type Verdict, verdictOf } from '../../call/cause.ts';
import type { LegId } from '../../call/ids.ts';
import type { Media } from '../../call/media.ts';
import type { Draft } from './actions.ts';
import { dropLeg } from './drop.ts';
import { endCall } from './ending.ts';
import { change, letGo } from './errand-end.ts';
import type { Errand } from './errand-state.ts';
import { type CallLeg, type CallState, customer } from './state.ts';
import { dialOut } from './way-out.ts';
import type { CallWorld, OutsideRefusal } from './world.ts';

/** What the keeper of errands, or the store, says of the errand of this call. */
export type ErrandNews =
  | 'begin'
  /** It is this call's to do. */
  | 'go'
  /** It is not, or no more: done elsewhere, cancelled, withdrawn, over its time. */
  | 'gone'
  /** Not now: the queue has closed, or its time was changed. */
  | 'put-off'
  /** Not now: its trunk has no line for it. */
  | 'no-line';

/** A call may not live longer than this once somebody is on the line. */
const CALL_LIMIT_MS = 4 * 3_600_000;

export function errandNews(draft: Draft, news: ErrandNews, world: CallWorld): void {
  const { errand, phase } = draft.state;
  if (!errand || errand.settled) return;
  if (news === 'go') return granted(draft, errand, world);
  if (news === 'gone') return gone(draft);
  if (news === 'put-off' && phase === 'promised') return putOff(draft);
  if (news === 'no-line' && phase === 'briefing' && errand.leave === 'asked') return noLine(draft);
}

/** Nobody is told, since nothing was begun: the errand waits in the store for another call. */
function putOff(draft: Draft): void {
  letGo(draft, 'again', 0);
  endCall(draft);
}

/** So long after its trunk was found full an agent is rung for it again. */
const LINE_AGAIN_MS = 15_000;

/** The agent is free at once, and no try is used up. */
function noLine(draft: Draft): void {
  draft.set({ wrapUpMs: 0 });
  letGo(draft, 'again', draft.now + LINE_AGAIN_MS);
  endCall(draft);
}

function gone(draft: Draft): void {
  const { phase } = draft.state;
  if (phase === 'talking' || phase === 'ending') return;
  change(draft, { settled: true }).set({ wrapUpMs: 0 });
  endCall(draft);
}

/** The first thing that is told of a call that had only waited till now. */
export function arrived(draft: Draft): void {
  const { seq, ani, dnis, source } = draft.state;
  if (seq > 0 || draft.facts.some(({ type }) => type === 'call.arrived')) return;
  const legId = customer(draft.state).id;
  draft.facts.unshift({ type: 'call.arrived', data: { direction: 'outbound', ani, dnis, source, legId } });
}

/** The agent is there, and nobody else yet: he hears what it is about. */
export function brief(draft: Draft, legId: LegId): void {
  const { errand } = draft.state;
  draft.set({ phase: 'briefing' }).timer('call:limit', draft.now + CALL_LIMIT_MS);
  change(draft, { told: 0, leave: 'none' });
  tell(draft, legId);
  if (errand?.kind === 'callback') askLeave(draft);
}

/** Is it still this call's? Asked before a number is rung, so that no two ring the same person. */
function askLeave(draft: Draft): void {
  const { errand } = draft.state;
  if (!errand) return;
  const { kind, id, tries } = errand;
  change(draft, { leave: 'asked' }).act({ type: 'errand.try', kind, id, tries: tries + 1 });
}

const file = (state: CallState, prompt: string): Media => ({ kind: 'file', path: `${state.language}/${prompt}` });

function say(draft: Draft, legId: string, prompts: readonly string[], recording: string | null = null): void {
  const { state } = draft;
  const words = prompts.map((prompt) => file(state, prompt));
  const [first, ...rest] = words;
  const media =
    recording === null || !first ? words : [first, { kind: 'recording', name: recording } as const, ...rest];
  change(draft, { plays: (state.errand?.plays ?? 0) + 1 });
  draft.tell({ type: 'play', legId, playbackId: briefingOf(draft.state), media, language: state.language });
}

const briefingOf = ({ id, errand }: CallState): string => `${id}-brief${errand?.plays ?? 0}`;

/** By which keys the agent says what becomes of a message. */
const choiceOf = ({ number }: Errand): string => (number === null ? 'work.choice.nobody' : 'work.choice');

/** That a customer is about to be rung, or what is in the message and what he may do with it. */
function tell(draft: Draft, legId: string): void {
  const { errand } = draft.state;
  if (errand?.kind === 'callback') say(draft, legId, ['callback.agent']);
  else if (errand) say(draft, legId, ['work.message', choiceOf(errand)], errand.file);
}

/** The agent has heard it. Answers whether this playback was of an errand. */
export function briefed(draft: Draft, playbackId: string, world: CallWorld): boolean {
  const { errand, phase, talk } = draft.state;
  if (!errand || phase !== 'briefing' || playbackId !== briefingOf(draft.state) || !talk) return false;
  if (errand.leave !== 'granted' && errand.kind === 'voicemail') draft.timer('errand:key', draft.now + THINK_MS);
  noteHeard(draft);
  dialWhenReady(draft, world);
  return true;
}

/** So long an agent may think about a message before he is asked again, and so often. */
const THINK_MS = 20_000;
const MOST_ASKED = 3;

function noteHeard(draft: Draft): void {
  const { errand, talk } = draft.state;
  if (!errand || !talk) return;
  const { told, id, box } = errand;
  change(draft, { told: told + 1 });
  if (told > 0 || errand.kind === 'callback') return;
  draft
    .act({ type: 'errand.heard', id, agentId: talk.agentId })
    .fact({ type: 'voicemail.heard', data: { box: box ?? '', messageId: id, agentId: talk.agentId } });
}

/** He says nothing: asked again, and then it goes back in line. */
export function thinkingTooLong(draft: Draft): void {
  const { errand, phase, talk } = draft.state;
  if (!errand || phase !== 'briefing' || !talk) return;
  if (errand.told >= MOST_ASKED) return dropLeg(draft, talk.legId, CAUSE.normal);
  say(draft, talk.legId, [choiceOf(errand)]);
}

const [RING_BACK, DONE, AGAIN] = ['1', '2', '3'];

/** A key of the agent who hears a message. */
export function errandKey(draft: Draft, legId: LegId, digit: string): void {
  const { errand, phase, talk } = draft.state;
  if (errand?.kind !== 'voicemail' || phase !== 'briefing' || talk?.legId !== legId || errand.leave !== 'none') return;
  const ringBack = digit === RING_BACK && errand.number !== null;
  if (!ringBack && digit !== DONE && digit !== AGAIN) return;
  draft.tell({ type: 'stop', playbackId: briefingOf(draft.state) }).timer('errand:key', null);
  if (digit === AGAIN) return tell(draft, legId);
  noteHeard(draft);
  if (ringBack) askLeave(draft);
  else messageDone(draft, errand, talk.agentId);
}

function messageDone(draft: Draft, { id, box }: Errand, agentId: string): void {
  draft
    .record({ agentId, outcome: 'handled' })
    .fact({ type: 'voicemail.done', data: { box: box ?? '', messageId: id, agentId } });
  letGo(draft, 'done', draft.now);
  endCall(draft);
}

function granted(draft: Draft, errand: Errand, world: CallWorld): void {
  if (errand.leave !== 'asked' || draft.state.phase !== 'briefing') return;
  change(draft, { leave: 'granted' });
  dialWhenReady(draft, world);
}

/** The customer is rung when the agent knows why, and the errand is this call's beyond doubt. */
function dialWhenReady(draft: Draft, world: CallWorld): void {
  const { errand, talk, phase } = draft.state;
  if (!errand || !talk || phase !== 'briefing' || errand.leave !== 'granted') return;
  if (errand.kind === 'callback' && errand.told === 0) return;
  const { number, trunk } = errand;
  const refused = number === null || trunk === null ? 'no-trunk' : world.outsideRefusal(number);
  if (refused !== null || number === null || trunk === null) return notReached(draft, refused ?? 'no-trunk');
  dial(draft, errand, { number, trunk });
}

function dial(draft: Draft, errand: Errand, { number, trunk }: { number: string; trunk: string }): void {
  const { state, now } = draft;
  const leg = customer(state);
  const { planned: _planned, ...rung } = { ...leg, startedAt: now, number };
  draft
    .set({ phase: 'calling-back', legs: state.legs.map((each) => (each === leg ? rung : each)) })
    .timer('call:dial', now + errand.ringMs)
    .fact({ type: 'callback.started', data: { ...about(state), waitedMs: waited(state, now) } })
    .tell({ type: 'ring', legId: state.talk?.legId ?? '' });
  const { callerId, ringMs } = errand;
  // He is shown the number that he knows; where there is none, that of the trunk by which he is rung.
  dialOut(draft, leg.id, { via: trunk, number, ringMs, ...(callerId !== null && { callerId }) });
}

/** What every fact of ringing back says. */
function about({ errand, record, talk }: CallState) {
  return {
    callbackId: errand?.id ?? '',
    of: errand?.kind ?? 'callback',
    queue: record.queue ?? '',
    agentId: talk?.agentId ?? '',
    attempt: (errand?.tries ?? 0) + 1,
  } as const;
}

const waited = ({ visit }: CallState, now: number): number => Math.max(0, now - (visit?.enqueuedAt ?? now));

/** Nobody picked up in the time allowed; how the leg ends tells the rest. */
export function rungTooLong(draft: Draft): void {
  if (draft.state.phase === 'calling-back') dropLeg(draft, customer(draft.state).id, CAUSE.noAnswer);
}

/** The customer is there: the two talk, and what was promised is kept. */
export function reached(draft: Draft): void {
  const { state, now } = draft;
  const { talk, record } = state;
  if (!talk) return endCall(draft);
  const waitedMs = waited(state, now);
  const data = about(state);
  draft
    .timer('call:dial', null)
    .set({ phase: 'talking', visit: null, talk: { ...talk, since: now }, room: talk.bridgeId, place: placeOf(state) })
    .record({ agentId: talk.agentId, waitedMs: record.waitedMs + waitedMs, outcome: 'handled' })
    .fact({
      type: 'call.connected',
      data: {
        queue: data.queue,
        agentId: talk.agentId,
        waitedMs,
        rangMs: now - customer(state).startedAt,
        of: data.of,
      },
    })
    .fact({ type: 'callback.answered', data: { ...data, waitedMs } });
  letGo(draft, 'done', now);
}

/** Where the customer goes back to when the agent is lost to him. */
const placeOf = ({ visit }: CallState) =>
  visit && { request: visit.request, enqueuedAt: visit.enqueuedAt, music: visit.treatment?.music ?? 'default' };

/** The customer's leg ended unanswered. */
export function missed(draft: Draft): void {
  const { cause } = customer(draft.state);
  const verdict = verdictOf(cause ?? CAUSE.unknown, false);
  notReached(draft, verdict === 'cancelled' && draft.state.timers['call:dial'] === undefined ? 'no-answer' : verdict);
}

/** This try came to nothing: the agent is free at once, and there may be another later. */
function notReached(draft: Draft, why: Verdict | OutsideRefusal | 'no-trunk'): void {
  const { state, now } = draft;
  const { errand } = state;
  if (!errand) return;
  const next = now + errand.retryAfterMs;
  // A message stays with people however often its caller was not reached; a promise has its end.
  const over = errand.tries + 1 >= errand.most || (errand.kind === 'callback' && next >= errand.dueBy);
  const retryAt = over ? null : next;
  draft.fact({ type: 'callback.failed', data: { ...about(state), why, retryAt } }).set({ wrapUpMs: 0 });
  letGo(draft, over ? 'failed' : 'again', next);
  endCall(draft);
}

/** The agent put down before anybody else was there: it goes back in line, with its place. */
export function agentGone(draft: Draft, leg: CallLeg): void {
  const { errand, phase, talk } = draft.state;
  if (!errand || talk?.legId !== leg.id) return;
  if (phase === 'calling-back') return notReached(draft, 'cancelled');
  draft.set({ phase: 'promised', talk: null }).clearTimers('errand:').timer('call:limit', null);
  change(draft, { leave: 'none', told: 0 });
  if (errand.kind !== 'voicemail') return;
  const data = { box: errand.box ?? '', messageId: errand.id, agentId: talk.agentId };
  draft.fact({ type: 'voicemail.returned', data });
}

/** After an outage: what the agent was hearing, and what was asked of the store, is done again. */
export function carryErrandOn(draft: Draft): void {
  const { errand, phase, talk } = draft.state;
  if (!errand || phase !== 'briefing' || !talk) return;
  draft.tell({ type: 'stop', playbackId: briefingOf(draft.state) });
  if (errand.kind === 'callback' || errand.leave === 'none') tell(draft, talk.legId);
  if (errand.leave === 'asked') askLeave(draft);
}

import { CAUSE } from '../../call/cause.ts';
import type { AmdInput } from '../../dialer/amd-hearing.ts';
import {
  GREETING_DEFAULTS,
  greetingBegin,
  greetingStep,
  type GreetingVerdict,
  playAgain,
} from '../../dialer/amd-greeting.ts';
import type { Draft } from './actions.ts';
import { hangUp } from './ending.ts';
import { customer } from './state.ts';

/** A message takes no longer; then the line is freed whatever the switch says. */
const MESSAGE_LIMIT_MS = 120_000;

/** A machine greets: the message begins when it has done, or its first words would not be on the tape. */
export function listenForGreeting(draft: Draft): void {
  const { listening, attempt } = draft.state;
  if (!listening || !attempt?.detect) return;
  // Where the switch listened nobody has told us of talk so far.
  const legId = customer(draft.state).id;
  if (!listening.amd) draft.tell({ type: 'talk.watch', legId, on: true, quietMs: attempt.detect.own.quietMs });
  const greeting = greetingBegin(draft.now, listening.amd?.soundSince ?? null);
  draft.set({ phase: 'leaving-message', listening: { ...listening, greeting } });
  greet(draft, { type: 'time' });
}

/** The machine speaks, or has stopped; while the message is said, that was its beep. */
export function messageTalk(draft: Draft, event: AmdInput): void {
  const message = draft.state.listening?.message;
  if (!message) return greet(draft, event);
  if (!playAgain(message.begunAt, message.times, event)) return;
  draft.tell({ type: 'stop', playbackId: message.playbackId });
  say(draft, message.times + 1);
}

/** It is silent for long enough by now, or talks for too long. */
export function greetingLong(draft: Draft): void {
  if (draft.state.phase === 'leaving-message' && !draft.state.listening?.message) greet(draft, { type: 'time' });
}

function greet(draft: Draft, input: AmdInput): void {
  const { listening } = draft.state;
  if (!listening?.greeting) return;
  const { state: greeting, verdict } = greetingStep(listening.greeting, input, GREETING_DEFAULTS, draft.now);
  draft.set({ listening: { ...listening, greeting } });
  if (verdict.kind === 'wait') return void draft.timer('call:greeting', verdict.until);
  greeted(draft, verdict.by);
}

function greeted(draft: Draft, by: Extract<GreetingVerdict, { kind: 'end' }>['by']): void {
  const { attempt, listening } = draft.state;
  if (!attempt) return;
  const greetedMs = Math.max(0, draft.now - (listening?.greeting?.since ?? draft.now));
  const { campaignId, leadId, attemptId } = attempt;
  draft.timer('call:greeting', null);
  draft.fact({ type: 'attempt.greeted', data: { campaignId, leadId, attemptId, by, greetedMs } });
  // It never stopped, so it records nothing.
  if (by === 'timeout') return hangUp(draft, CAUSE.normal);
  say(draft, 1);
  draft.timer('call:message', draft.now + MESSAGE_LIMIT_MS);
}

function say(draft: Draft, times: number): void {
  const { id, language, attempt, listening } = draft.state;
  const path = attempt?.detect?.message;
  if (!listening || !path) return hangUp(draft, CAUSE.normal);
  const playbackId = `${id}-message${times}`;
  const media = [{ kind: 'file', path: `${language}/${path}` }] as const;
  draft
    .set({ listening: { ...listening, message: { playbackId, begunAt: draft.now, times, left: false } } })
    .tell({ type: 'play', legId: customer(draft.state).id, playbackId, media, language });
  return undefined;
}

/** The message is said, or could not be; one that was begun anew is not. */
export function messageSaid(draft: Draft, playbackId: string, completed: boolean): void {
  const { listening, attempt } = draft.state;
  if (!listening?.message || listening.message.playbackId !== playbackId || !attempt) return;
  const { campaignId, leadId, attemptId } = attempt;
  const { times } = listening.message;
  draft
    .set({ listening: { ...listening, message: { ...listening.message, left: completed } } })
    .fact({ type: 'attempt.message', data: { campaignId, leadId, attemptId, left: completed, times } });
  hangUp(draft, CAUSE.normal);
}

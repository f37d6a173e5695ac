import { CAUSE, type HangupCause } from '../call/cause.ts';
import type { Fact } from '../call/journal.ts';
import type { CallFacts, Value } from './expression.ts';
import type { Exit, FlowNode, Move, Walk } from './flow.ts';
import type { Stage } from './state.ts';

/** Keys typed ahead that are kept; more is noise. */
const MOST_TYPED = 32;

export function callFacts({ world, state }: Walk): CallFacts {
  const { ani, dnis, customer } = world;
  return { from: ani ?? '', to: dnis, language: state.language, customerType: customer?.type ?? '' };
}

export function become(walk: Walk, stage: Stage): null {
  walk.state.stage = stage;
  return null;
}

/** The first thing that the caller hears or that listens to him picks the call up. */
export function answer(walk: Walk): void {
  if (walk.state.answered) return;
  walk.state.answered = true;
  walk.commands.push({ type: 'answer' });
}

/** An id that no other playback, request or recording of this call has. */
export function newId({ world, state }: Walk, letter: 'p' | 'r' | 'rec'): string {
  state.made += 1;
  return `${world.callId}-${letter}${state.made}`;
}

export function hush(walk: Walk): void {
  const { state, commands } = walk;
  if (state.playbackId === null) return;
  commands.push({ type: 'stop', playbackId: state.playbackId });
  silent(walk);
}

/** Nothing is being said any more. */
export function silent({ state, commands }: Walk): void {
  state.playbackId = null;
  const { stuck, ...others } = state.timers;
  if (stuck === undefined) return;
  state.timers = others;
  commands.push({ type: 'timer', name: 'stuck', at: null });
}

export function music({ state, commands }: Walk, on: boolean): void {
  if (state.music === on || state.gone) return;
  state.music = on;
  commands.push({ type: 'music', on });
}

/** Ends a recording; its end is told by the switch. */
export function stopRecording({ state, commands }: Walk): void {
  if (state.recordingId !== null) commands.push({ type: 'record.stop', recordingId: state.recordingId });
}

type TimerName = 'noInput' | 'interDigit' | 'deadline' | 'filler' | 'limit' | 'stuck';

export function arm({ state, commands }: Walk, name: TimerName, at: number): void {
  state.timers = { ...state.timers, [name]: at };
  commands.push({ type: 'timer', name, at });
}

/** Clears what ticks in a node; the call's own limit goes on. */
export function disarm({ state, commands }: Walk): void {
  const { limit, ...ticking } = state.timers;
  for (const name of Object.keys(ticking)) commands.push({ type: 'timer', name, at: null });
  state.timers = limit === undefined ? {} : { limit };
}

/** A timer that went off ticks no more. */
export function wentOff({ state }: Walk, name: TimerName): void {
  const { [name]: _off, ...ticking } = state.timers;
  state.timers = ticking;
}

export function typeAhead({ state }: Walk, digit: string): void {
  state.typed = (state.typed + digit).slice(0, MOST_TYPED);
}

/** Is it the end key that an input was full without? Any other key shows that it will not come. */
export function isLateEnd({ state, now }: Walk, key: string): boolean {
  const { lateEnd } = state;
  if (lateEnd === null) return false;
  state.lateEnd = null;
  return key === lateEnd.key && now <= lateEnd.until;
}

export function assign({ state }: Walk, set: Readonly<Record<string, Value>>): void {
  state.vars = { ...state.vars, ...set };
}

/** Puts something into what the node keeps for itself. */
export function keep({ state }: Walk, local: Readonly<Record<string, Value>>): void {
  state.local = { ...state.local, ...local };
}

export function setLanguage({ state, commands, facts }: Walk, language: string): void {
  if (language === state.language) return;
  state.language = language;
  commands.push({ type: 'language', language });
  facts.push({ type: 'call.language.set', data: { language } });
}

export function noteInput({ flow, state, facts }: Walk, digits: string): void {
  facts.push({ type: 'flow.input.received', data: { flow: flow.id, node: state.nodeId, digits } });
}

export function noteEntered({ flow, facts }: Walk, node: FlowNode): void {
  facts.push({ type: 'flow.node.entered', data: { flow: flow.id, node: node.id, kind: node.type } });
}

export function noteLeft({ flow, state, facts, now }: Walk, outcome: string): void {
  facts.push(leftFact(flow.id, state, outcome, now));
}

function leftFact(flow: string, at: { nodeId: string; enteredAt: number }, outcome: string, now: number): Fact {
  const dwellMs = Math.max(0, Math.round(now - at.enteredAt));
  return { type: 'flow.node.left', data: { flow, node: at.nodeId, outcome, dwellMs } };
}

/**
 * The flow is over and so is the call, and with it the flows that stand open above. Whoever leaves a node has stopped what
 * sounded and ticked there.
 */
export function finish(walk: Walk, reason: string, cause: HangupCause = CAUSE.normal): null {
  const { state, commands, facts, flow, now } = walk;
  if (state.timers['limit'] !== undefined) commands.push({ type: 'timer', name: 'limit', at: null });
  state.timers = {};
  if (!state.gone) commands.push({ type: 'hangup', cause, reason });
  facts.push({ type: 'flow.finished', data: { flow: flow.id, reason } });
  for (const frame of state.frames.toReversed()) {
    const finished: Fact = { type: 'flow.finished', data: { flow: frame.flowId, reason } };
    facts.push(leftFact(frame.flowId, frame, state.gone ? 'hangup' : 'ended', now), finished);
  }
  return become(walk, 'ended');
}

/** The move by an outcome that the node has an exit for. */
export const leave = (exits: readonly Exit[], outcome: string): Move => ({
  outcome,
  to: exits.find((exit) => exit.outcome === outcome)?.to ?? null,
});

export const failed = (node: { readonly error: string | null }): Move => ({ outcome: 'error', to: node.error });

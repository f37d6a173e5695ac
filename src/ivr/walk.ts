import { CAUSE, type HangupCause } from '../call/cause.ts';
import type { Fact } from '../call/journal.ts';
import type { Media } from '../call/media.ts';
import type { CallFacts, Value } from './expression.ts';
import type { Assignments, Flow, FlowNode, Speech } from './flow.ts';
import type { FlowCommand, FlowState, FlowWorld, Stage } from './state.ts';

/**
 * One step in the making: the state as it becomes, and what is to be done and was seen. It lives within one call of
 * `flowStep`, which is why its functions may change it.
 */
export interface Walk {
  readonly flow: Flow;
  readonly world: FlowWorld;
  readonly now: number;
  readonly state: { -readonly [K in keyof FlowState]: FlowState[K] };
  readonly commands: FlowCommand[];
  readonly facts: Fact[];
}

/** Leaving a node by an outcome; `to` null ends the flow. Null instead of a move: stay and wait. */
export interface Move {
  readonly outcome: string;
  readonly to: string | null;
}

/** Keys typed ahead that are kept; more is noise. */
const MOST_TYPED = 32;

export function callFacts({ world, state }: Walk): CallFacts {
  return { from: world.ani ?? '', to: world.dnis, language: state.language };
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

/** Begins to speak; false when there is nothing to say. */
export function speak(walk: Walk, speech: Speech): boolean {
  const { state, world } = walk;
  const media = speech.flatMap((item) => mediaOf(item, state));
  if (media.length === 0) return false;
  answer(walk);
  state.plays += 1;
  state.playbackId = `${world.callId}-p${state.plays}`;
  state.stage = 'speaking';
  walk.commands.push({ type: 'play', playbackId: state.playbackId, media, language: state.language });
  return true;
}

function mediaOf(item: Speech[number], { language, vars }: FlowState): readonly Media[] {
  if ('prompt' in item) return [{ kind: 'file', path: `${language}/${item.prompt}` }];
  const value = vars[item.of];
  if (item.say === 'number') return typeof value === 'number' ? [{ kind: 'number', value }] : [];
  return typeof value === 'string' && value !== '' ? [{ kind: 'digits', value }] : [];
}

export function hush({ state, commands }: Walk): void {
  if (state.playbackId === null) return;
  commands.push({ type: 'stop', playbackId: state.playbackId });
  state.playbackId = null;
}

export type TimerName = 'noInput' | 'interDigit';

export function arm({ state, commands }: Walk, name: TimerName, at: number): void {
  state.timers = { ...state.timers, [name]: at };
  commands.push({ type: 'timer', name, at });
}

export function disarm({ state, commands }: Walk): void {
  for (const name of Object.keys(state.timers)) commands.push({ type: 'timer', name, at: null });
  state.timers = {};
}

export function typeAhead({ state }: Walk, digit: string): void {
  state.typed = (state.typed + digit).slice(0, MOST_TYPED);
}

export function assign({ state }: Walk, set: Assignments | Readonly<Record<string, Value>>): void {
  state.vars = { ...state.vars, ...set };
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

export function noteLeft({ flow, state, facts }: Walk, outcome: string): void {
  facts.push({ type: 'flow.node.left', data: { flow: flow.id, node: state.nodeId, outcome } });
}

/** The flow is over and so is the call. Whoever leaves a node has stopped what sounded and ticked there. */
export function finish(walk: Walk, reason: string, cause: HangupCause = CAUSE.normal): null {
  walk.commands.push({ type: 'hangup', cause, reason });
  walk.facts.push({ type: 'flow.finished', data: { flow: walk.flow.id, reason } });
  return become(walk, 'ended');
}

import { answeredBy, fill, keeps } from './ask.ts';
import { enter, follow } from './enter.ts';
import { initialVars, rootOf, varsOf } from './frames.ts';
import type { Flow, FlowNode, Move, Walk } from './flow.ts';
import type { FlowEvent, FlowState, FlowStep, FlowWorld, Stage } from './state.ts';
import {
  arm,
  disarm,
  finish,
  hush,
  isLateEnd,
  music,
  noteLeft,
  silent,
  stopRecording,
  typeAhead,
  wentOff,
} from './walk.ts';

export {
  flowStateSchema,
  type FlowCommand,
  type FlowEvent,
  type FlowState,
  type FlowStep,
  type FlowWorld,
} from './state.ts';

/**
 * The flow machine: where a call stands within a node, and what an event does to it. What is not listed changes nothing.
 *
 *                 ┌──────────── next node ─────────────┐
 *                 ▼                                    │
 *     ┌─ speaking ──said──▶ listening ──key──▶ keying ─┤
 *     │     └───────key──────────────────────▶         │
 *     ├─ asking ─────────answer, deadline──────────────┤
 *     ├─ recording ──────recording.finished────────────┤
 *     ├─ queued ─────────queue.left────────────────────┤
 *     │    └─callback.wanted─▶ asked for the number ───┘ or back to queued
 *     ├─ transferring ───transfer.ended────────────────┘
 *     └─ ended ◀─────── caller.left, once what was said is put away
 */
type Handler<T extends FlowEvent['type']> = (
  walk: Walk,
  node: FlowNode,
  event: Extract<FlowEvent, { type: T }>,
) => Move | null;
type Row = { readonly [T in FlowEvent['type']]?: Handler<T> };

const TABLE: Readonly<Record<Stage, Row>> = {
  speaking: { dtmf: key, 'playback.finished': said, timer: timeOver, 'caller.left': callerLeft },
  listening: { dtmf: key, timer: timeOver, 'caller.left': callerLeft },
  keying: { dtmf: key, timer: timeOver, 'caller.left': callerLeft },
  asking: {
    dtmf: keyAhead,
    'playback.finished': fillerSaid,
    timer: timeOver,
    answer: answered,
    'caller.left': callerLeft,
  },
  recording: { dtmf: key, timer: timeOver, 'recording.finished': recorded, 'caller.left': callerLeft },
  queued: {
    'queue.left': (walk, node, event) => node.does.queueLeft?.(walk, event) ?? null,
    'callback.wanted': (walk, node) => node.does.callbackWanted?.(walk) ?? null,
    'caller.left': callerLeft,
  },
  transferring: {
    'transfer.ended': (walk, node, { outcome }) => node.does.transferred?.(walk, outcome) ?? null,
    'caller.left': callerLeft,
  },
  ended: {},
};

/** A call enters the flow. */
export function startFlow(
  flow: Flow,
  world: FlowWorld,
  now: number,
  words: Readonly<Record<string, string>> = {},
): FlowStep {
  const state: FlowState = {
    flowId: flow.id,
    version: flow.version,
    nodeId: flow.start,
    enteredAt: now,
    language: firstLanguage(flow, world),
    vars: { ...initialVars(flow), ...varsOf(flow, words) },
    local: {},
    frames: [],
    menus: [],
    tags: [],
    stage: 'speaking',
    playbackId: null,
    requestId: null,
    recordingId: null,
    music: false,
    digits: '',
    typed: '',
    lateEnd: null,
    tries: { noInput: 0, invalid: 0 },
    answered: false,
    gone: false,
    quietSince: now,
    pinTries: 0,
    proved: null,
    steps: 0,
    limitAt: now + flow.maxDurationMs,
    made: 0,
    timers: {},
  };
  const walk = begin(flow, state, world, now);
  walk.facts.push({ type: 'flow.started', data: { flow: flow.id, version: flow.version } });
  walk.commands.push({ type: 'language', language: state.language });
  arm(walk, 'limit', state.limitAt);
  follow(walk, enter(walk, flow.start));
  return stepOf(walk);
}

/** The caller's own language where the house knows it and the flow speaks it. */
const firstLanguage = ({ languages }: Flow, { customer }: FlowWorld): string =>
  languages.supported.find((tag) => tag === customer?.language) ?? languages.default;

/** What one event makes of the call. Defined for every state and event; what means nothing here changes nothing. */
export function flowStep(state: FlowState, event: FlowEvent, world: FlowWorld, now: number): FlowStep {
  const flow = world.flows.get(state.flowId);
  if (!flow) return gone(state, world, now);
  const walk = begin(flow, state, world, now);
  const node = flow.nodes.get(state.nodeId);
  follow(walk, node?.does.stages.includes(state.stage) ? react(walk, node, event) : lost(walk));
  if (node && walk.state.gone && !keeps(walk.state)) depart(walk, node);
  return stepOf(walk);
}

const stepOf = ({ state, commands, facts }: Walk): FlowStep => ({ state, commands, facts });

const begin = (flow: Flow, state: FlowState, world: FlowWorld, now: number): Walk => ({
  flow,
  world,
  now,
  state: { ...state },
  commands: [],
  facts: [],
});

/** The release that the call began with was taken away, and its place in the flow with it. */
function lost(walk: Walk): Move | null {
  if (walk.state.stage === 'ended') return null;
  clear(walk);
  return { outcome: 'error', to: walk.flow.onError };
}

/** Not even the flow is there any more: there is nothing to say and nowhere to go. */
function gone(state: FlowState, world: FlowWorld, now: number): FlowStep {
  const empty = { id: state.flowId, maxSteps: 0, nodes: new Map(), onError: null } as unknown as Flow;
  const walk = begin(empty, state, world, now);
  if (state.stage === 'ended') return stepOf(walk);
  clear(walk);
  finish(walk, 'unknown-flow');
  return stepOf(walk);
}

function clear(walk: Walk): void {
  hush(walk);
  music(walk, false);
  stopRecording(walk);
  disarm(walk);
  walk.state.recordingId = null;
  walk.state.requestId = null;
}

function react<T extends FlowEvent['type']>(walk: Walk, node: FlowNode, event: Extract<FlowEvent, { type: T }>) {
  const row: { readonly [K in T]?: Handler<K> } = TABLE[walk.state.stage];
  return row[event.type]?.(walk, node, event) ?? null;
}

const isKey = (digit: string) => /^[0-9*#A-D]$/.test(digit);

function key(walk: Walk, node: FlowNode, { digit }: { readonly digit: string }): Move | null {
  return isKey(digit) && !isLateEnd(walk, digit) ? (node.does.key?.(walk, digit) ?? null) : null;
}

/** A key while the world thinks is kept for the next question. */
function keyAhead(walk: Walk, _node: FlowNode, { digit }: { readonly digit: string }): null {
  if (isKey(digit) && !isLateEnd(walk, digit)) typeAhead(walk, digit);
  return null;
}

type Said = Extract<FlowEvent, { type: 'playback.finished' }>;

/** A prompt that could not be played loses no call: an announcement goes on, a question is still listened for. */
function said(
  walk: Walk,
  node: FlowNode,
  { playbackId, completed }: Pick<Said, 'playbackId' | 'completed'>,
): Move | null {
  if (playbackId !== walk.state.playbackId) return null;
  silent(walk);
  return node.does.said?.(walk, completed) ?? null;
}

function fillerSaid(walk: Walk, _node: FlowNode, { playbackId }: Said): null {
  if (playbackId !== walk.state.playbackId) return null;
  silent(walk);
  return fill(walk);
}

function recorded(walk: Walk, node: FlowNode, event: Extract<FlowEvent, { type: 'recording.finished' }>): Move | null {
  if (event.recordingId !== walk.state.recordingId) return null;
  walk.state.recordingId = null;
  disarm(walk);
  return node.does.recorded?.(walk, event) ?? null;
}

function answered(
  walk: Walk,
  node: FlowNode,
  { requestId, answer }: Extract<FlowEvent, { type: 'answer' }>,
): Move | null {
  if (requestId !== walk.state.requestId) return null;
  answeredBy(walk, answer.outcome);
  return node.does.answered?.(walk, answer.outcome, answer.data) ?? null;
}

/** Something that ticks is due; an alarm of an earlier arming, or a clock that was set back, is armed once more. */
function timeOver(walk: Walk, node: FlowNode, event: Extract<FlowEvent, { type: 'timer' }>): Move | null {
  const { state, now } = walk;
  const due = state.timers[event.name];
  if (due === undefined) return null;
  switch (event.name) {
    case 'limit':
      return now < due ? again(walk, 'limit', due) : timeIsUp(walk);
    case 'stuck':
      return now < due ? again(walk, 'stuck', due) : stuck(walk, node);
    case 'filler':
      if (now < due) return again(walk, 'filler', due);
      wentOff(walk, 'filler');
      return fill(walk);
    case 'deadline':
      if (now < due) return again(walk, 'deadline', due);
      answeredBy(walk, 'timeout');
      return node.does.answered?.(walk, 'timeout', null) ?? null;
    case 'noInput':
    case 'interDigit':
      return now < due ? again(walk, event.name, due) : (node.does.timer?.(walk, event.name) ?? null);
    default:
      return null;
  }
}

function again(walk: Walk, name: Parameters<typeof arm>[1], due: number): null {
  arm(walk, name, due);
  return null;
}

/** The switch has not told of the end of what it plays or records, and will not. */
function stuck(walk: Walk, node: FlowNode): Move | null {
  const { recordingId, stage } = walk.state;
  if (recordingId !== null) {
    stopRecording(walk);
    return recorded(walk, node, { type: 'recording.finished', recordingId, durationMs: 0, outcome: 'failed' });
  }
  hush(walk);
  return stage === 'asking' ? fill(walk) : (node.does.said?.(walk, false) ?? null);
}

/**
 * The flow has had its time: as if its steps were used up, which leads to its `onError` or to the end. What the caller has
 * said is put away before.
 */
function timeIsUp(walk: Walk): Move | null {
  wentOff(walk, 'limit');
  walk.state.steps = Math.max(walk.state.steps, rootOf(walk).maxSteps);
  if (keeps(walk.state)) {
    stopRecording(walk);
    return null;
  }
  clear(walk);
  return { outcome: 'timeLimit', to: walk.state.nodeId };
}

function callerLeft(walk: Walk): null {
  walk.state.gone = true;
  return null;
}

/** Nothing holds the call any more: its caller has hung up in this node. */
function depart(walk: Walk, node: FlowNode): void {
  if (walk.state.stage === 'ended') return;
  clear(walk);
  node.does.callerLeft?.(walk);
  noteLeft(walk, 'hangup');
  finish(walk, 'hangup');
}

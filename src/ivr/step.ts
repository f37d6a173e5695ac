import { enter, failed, follow } from './enter.ts';
import type { Flow, FlowNode } from './flow.ts';
import { keyingOver, listen, silence, takeKey } from './input.ts';
import type { FlowEvent, FlowState, FlowStep, FlowWorld, Stage } from './state.ts';
import { arm, disarm, hush, type Move, type TimerName, typeAhead, type Walk } from './walk.ts';

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
 *     ├─ queued ─────────queue.left────────────────────┤
 *     ├─ transferring ───transfer.ended────────────────┘
 *     └─ ended
 */
type Handler<T extends FlowEvent['type']> = (
  walk: Walk,
  node: FlowNode,
  event: Extract<FlowEvent, { type: T }>,
) => Move | null;
type Row = { readonly [T in FlowEvent['type']]?: Handler<T> };

const TABLE: Readonly<Record<Stage, Row>> = {
  speaking: { dtmf: keyWhileSpeaking, 'playback.finished': said },
  listening: { dtmf: keyWhileListening, timer: timeOver('noInput') },
  keying: { dtmf: keyWhileListening, timer: timeOver('interDigit') },
  queued: { 'queue.left': leaveQueue },
  transferring: { 'transfer.ended': leaveTransfer },
  ended: {},
};

/** A call enters the flow. */
export function startFlow(flow: Flow, world: FlowWorld, now: number): FlowStep {
  const state: FlowState = {
    flowId: flow.id,
    version: flow.version,
    nodeId: flow.start,
    language: flow.languages.default,
    vars: Object.fromEntries([...flow.vars].map(([name, decl]) => [name, decl.default])),
    stage: 'speaking',
    playbackId: null,
    digits: '',
    typed: '',
    tries: { noInput: 0, invalid: 0 },
    answered: false,
    steps: 0,
    plays: 0,
    timers: {},
  };
  const walk = begin(flow, state, world, now);
  walk.facts.push({ type: 'flow.started', data: { flow: flow.id, version: flow.version } });
  walk.commands.push({ type: 'language', language: state.language });
  follow(walk, enter(walk, flow.start));
  return walk;
}

/** What one event makes of the call. Defined for every state and event; what means nothing here changes nothing. */
export function flowStep(flow: Flow, state: FlowState, event: FlowEvent, world: FlowWorld, now: number): FlowStep {
  const walk = begin(flow, state, world, now);
  const node = flow.nodes.get(state.nodeId);
  follow(walk, node && STANDS[state.stage].includes(node.type) ? react(walk, node, event) : lost(walk));
  return walk;
}

/** Kinds of nodes in which a call can be at a stage. */
const STANDS: Readonly<Record<Stage, readonly FlowNode['type'][]>> = {
  speaking: ['play', 'menu', 'collect'],
  listening: ['menu', 'collect'],
  keying: ['menu', 'collect'],
  queued: ['queue'],
  transferring: ['transfer'],
  ended: [],
};

/** The file was changed under a call that began with another version: its place in the flow is no more. */
function lost(walk: Walk): Move | null {
  if (walk.state.stage === 'ended') return null;
  hush(walk);
  disarm(walk);
  return { outcome: 'error', to: walk.flow.onError };
}

const begin = (flow: Flow, state: FlowState, world: FlowWorld, now: number): Walk => ({
  flow,
  world,
  now,
  state: { ...state },
  commands: [],
  facts: [],
});

function react<T extends FlowEvent['type']>(walk: Walk, node: FlowNode, event: Extract<FlowEvent, { type: T }>) {
  const row: { readonly [K in T]?: Handler<K> } = TABLE[walk.state.stage];
  return row[event.type]?.(walk, node, event) ?? null;
}

const isKey = (digit: string) => /^[0-9*#A-D]$/.test(digit);
const isInput = (node: FlowNode) => node.type === 'menu' || node.type === 'collect';

function keyWhileSpeaking(walk: Walk, node: FlowNode, { digit }: { readonly digit: string }): Move | null {
  if (!isKey(digit)) return null;
  if (isInput(node)) return takeKey(walk, node, digit);
  if (node.type !== 'play' || !node.bargeIn) return null;
  typeAhead(walk, digit);
  hush(walk);
  return { outcome: 'skipped', to: node.next };
}

function keyWhileListening(walk: Walk, node: FlowNode, { digit }: { readonly digit: string }): Move | null {
  return isKey(digit) && isInput(node) ? takeKey(walk, node, digit) : null;
}

/** A prompt that could not be played loses no call: an announcement goes on, a question is still listened for. */
function said(
  walk: Walk,
  node: FlowNode,
  { playbackId, completed }: { readonly playbackId: string; readonly completed: boolean },
): Move | null {
  if (playbackId !== walk.state.playbackId) return null;
  walk.state.playbackId = null;
  if (isInput(node)) return listen(walk, node);
  if (node.type !== 'play') return null;
  return completed || node.error === null ? { outcome: 'done', to: node.next } : failed(node);
}

function timeOver(name: TimerName): Handler<'timer'> {
  return (walk, node, event) => {
    const due = walk.state.timers[name];
    if (event.name !== name || due === undefined || !isInput(node)) return null;
    if (walk.now < due) {
      arm(walk, name, due); // an alarm of an earlier arming, or a clock that was set back: ask for it once more
      return null;
    }
    return name === 'noInput' ? silence(walk, node) : keyingOver(walk, node);
  };
}

function leaveQueue(_walk: Walk, node: FlowNode, { outcome }: Extract<FlowEvent, { type: 'queue.left' }>): Move | null {
  if (node.type !== 'queue') return null;
  return outcome === 'error' ? failed(node) : { outcome, to: node.outcomes[outcome] };
}

function leaveTransfer(
  _walk: Walk,
  node: FlowNode,
  { outcome }: Extract<FlowEvent, { type: 'transfer.ended' }>,
): Move | null {
  return node.type === 'transfer' ? { outcome, to: node.outcomes[outcome] } : null;
}

import { CAUSE } from '../call/cause.ts';
import { hoursAt } from './calendar.ts';
import type { FlowNode, HoursNode, PlayNode, QueueNode, SwitchNode, TransferNode } from './flow.ts';
import { enterInput } from './input.ts';
import {
  answer,
  assign,
  become,
  callFacts,
  finish,
  type Move,
  noteEntered,
  noteLeft,
  speak,
  type Walk,
} from './walk.ts';

/** Nodes that a flow may still enter after its budget is spent, to say sorry and hand over. */
const GRACE_STEPS = 20;

/** Follows moves from node to node until one waits. Every entered node costs a step, so that it ends. */
export function follow(walk: Walk, first: Move | null): void {
  for (let move = first; move !== null; ) {
    noteLeft(walk, move.outcome);
    move = move.to === null ? finish(walk, reasonOf(move.outcome)) : enter(walk, move.to);
  }
}

const reasonOf = (outcome: string) => (outcome === 'error' ? 'error' : 'end');

/** Goes into a node: what it decides at once is a move, what needs the world is waited for. */
export function enter(walk: Walk, id: string): Move | null {
  const { state, flow } = walk;
  state.steps += 1;
  const spent = state.steps - flow.maxSteps;
  if (spent > GRACE_STEPS) return finish(walk, 'step-limit', CAUSE.congestion);
  const target = spent === 1 && flow.onError !== null ? flow.onError : id;
  if (spent === 1 && flow.onError === null) return finish(walk, 'step-limit', CAUSE.congestion);
  const node = flow.nodes.get(target);
  if (!node) return finish(walk, 'unknown-node', CAUSE.congestion);
  state.nodeId = node.id;
  noteEntered(walk, node);
  return begin(walk, node);
}

function begin(walk: Walk, node: FlowNode): Move | null {
  switch (node.type) {
    case 'play':
      return beginPlay(walk, node);
    case 'menu':
    case 'collect':
      return enterInput(walk, node);
    case 'switch':
      return decide(walk, node);
    case 'hours':
      return lookUpHours(walk, node);
    case 'queue':
      return beginQueue(walk, node);
    case 'transfer':
      return beginTransfer(walk, node);
    default:
      noteLeft(walk, 'done');
      return finish(walk, node.reason, node.cause);
  }
}

export const failed = (node: FlowNode): Move => ({ outcome: 'error', to: node.error });

function beginPlay(walk: Walk, node: PlayNode): Move | null {
  return speak(walk, node.speech) ? null : { outcome: 'done', to: node.next };
}

function decide(walk: Walk, node: SwitchNode): Move {
  for (const [index, { when, set, go }] of node.cases.entries()) {
    const holds = when.holds(callFacts(walk), walk.state.vars);
    if (holds === null) return failed(node);
    if (!holds) continue;
    assign(walk, set);
    return { outcome: `case ${index + 1}`, to: go };
  }
  return { outcome: 'else', to: node.otherwise };
}

function lookUpHours(walk: Walk, node: HoursNode): Move {
  const calendar = walk.world.calendars.get(node.calendar);
  if (!calendar) return failed(node);
  const hours = hoursAt(calendar, walk.now);
  return { outcome: hours, to: node.outcomes[hours] };
}

function beginQueue(walk: Walk, node: QueueNode): Move | null {
  const { state } = walk;
  let priority = node.priority.base;
  for (const { when, points } of node.priority.add) {
    const holds = when.holds(callFacts(walk), state.vars);
    if (holds === null) return failed(node);
    if (holds) priority += points;
  }
  const require = node.require.map(({ skill, level }) => ({ skill: filledIn(skill, walk), level }));
  answer(walk);
  state.typed = ''; // keys meant for menus mean something else in a queue
  walk.commands.push({
    type: 'queue',
    request: { queue: node.queue, language: state.language, require, priority, maxWaitMs: node.maxWaitMs },
  });
  return become(walk, 'queued');
}

const filledIn = (skill: string, { state }: Walk) =>
  skill.replace(/\$\{([^}]*)\}/g, (_, name: string) =>
    name === 'call.language' ? state.language : String(state.vars[name] ?? ''),
  );

function beginTransfer(walk: Walk, node: TransferNode): null {
  answer(walk);
  walk.state.typed = '';
  walk.commands.push({ type: 'transfer', to: node.to, ringMs: node.ringMs });
  return become(walk, 'transferring');
}

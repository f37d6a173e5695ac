import { CAUSE } from '../call/cause.ts';
import type { Move, Walk } from './flow.ts';
import { finish, music, noteEntered, noteLeft } from './walk.ts';

/** Nodes that a flow may still enter after its budget is spent, to say sorry and hand over. */
const GRACE_STEPS = 20;

/** Follows moves from node to node until one waits. Every entered node costs a step, so that it ends. */
export function follow(walk: Walk, first: Move | null): void {
  for (let move = first; move !== null; ) {
    noteLeft(walk, move.outcome);
    music(walk, false);
    move = move.to === null ? finish(walk, move.outcome === 'error' ? 'error' : 'end') : enter(walk, move.to);
  }
}

/** Goes into a node: what it decides at once is a move, what needs the world is waited for. */
export function enter(walk: Walk, id: string): Move | null {
  const { state } = walk;
  state.steps += 1;
  const spent = state.steps - walk.flow.maxSteps;
  if (spent > GRACE_STEPS) return finish(walk, 'step-limit', CAUSE.congestion);
  const { onError } = walk.flow;
  if (spent === 1 && onError === null) return finish(walk, 'step-limit', CAUSE.congestion);
  const node = walk.flow.nodes.get(spent === 1 && onError !== null ? onError : id);
  if (!node) return finish(walk, 'unknown-node', CAUSE.congestion);
  state.nodeId = node.id;
  state.enteredAt = walk.now;
  state.local = {};
  noteEntered(walk, node);
  return node.does.enter(walk);
}

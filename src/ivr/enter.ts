import { CAUSE } from '../call/cause.ts';
import type { Move, Walk } from './flow.ts';
import { comeBack, rootOf, unwind } from './frames.ts';
import { finish, music, noteEntered, noteLeft } from './walk.ts';

/** Nodes that a flow may still enter after its budget is spent, to say sorry and hand over. */
const GRACE_STEPS = 20;

/**
 * Follows moves from node to node until one waits. Every entered node costs a step, so that it ends. Without a caller
 * there is no next node.
 */
export function follow(walk: Walk, first: Move | null): void {
  for (let move = first; move !== null; ) {
    noteLeft(walk, move.outcome);
    music(walk, false);
    if (walk.state.gone) move = finish(walk, 'hangup');
    else if (move.to !== null) move = enter(walk, move.to);
    else move = comeBack(walk, move.outcome === 'error' ? 'error' : 'done');
  }
}

/** Goes into a node: what it decides at once is a move, what needs the world is waited for. */
export function enter(walk: Walk, id: string): Move | null {
  const { state } = walk;
  state.steps += 1;
  const { maxSteps, onError } = rootOf(walk);
  const spent = state.steps - maxSteps;
  if (spent > GRACE_STEPS || (spent === 1 && onError === null)) return finish(walk, 'step-limit', CAUSE.congestion);
  if (spent === 1) unwind(walk);
  const node = walk.flow.nodes.get(spent === 1 && onError !== null ? onError : id);
  if (!node) return finish(walk, 'unknown-node', CAUSE.congestion);
  state.nodeId = node.id;
  state.enteredAt = walk.now;
  state.local = {};
  noteEntered(walk, node);
  return node.does.enter(walk);
}

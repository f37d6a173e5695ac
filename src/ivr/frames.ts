import type { Value } from './expression.ts';
import type { Flow, Move, VarDecl, Walk } from './flow.ts';
import { fits } from './scope.ts';
import { isTooLong } from './settings.ts';
import { finish } from './walk.ts';

/**
 * Flows that call flows. The called one has variables and menus of its own; language, tags, keys pressed ahead and the
 * budget of steps and time belong to the call, and the budget is that of the flow which the call began in.
 */

/** Flows that may stand open above the one the call is in. */
const MOST_FRAMES = 10;

export const initialVars = (flow: Flow): Readonly<Record<string, Value>> =>
  Object.fromEntries([...flow.vars].map(([name, decl]) => [name, decl.default]));

/**
 * Variables that a flow takes, read from the words of a lead by the same names. What is missing, or does not fit the variable,
 * leaves it as the flow declares it: a list is no reason to say nothing to a person who has answered.
 */
export function varsOf(flow: Flow, words: Readonly<Record<string, string>>): Readonly<Record<string, Value>> {
  const read = flow.takes.flatMap((name) => {
    const [decl, word] = [flow.vars.get(name), Object.hasOwn(words, name) ? words[name] : undefined];
    const value = decl && word !== undefined ? valueIn(decl.type, word.trim()) : null;
    return decl && value !== null && fits(decl, value) && !isTooLong(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(read);
}

function valueIn(type: VarDecl['type'], word: string): Value | null {
  if (type === 'int') return /^-?[0-9]{1,15}$/u.test(word) ? Number(word) : null;
  if (type === 'bool') return /^(?:true|false)$/iu.test(word) ? word.toLowerCase() === 'true' : null;
  return word;
}

/** The flow that the call began in, whose limits and `onError` hold for all that it calls. */
export function rootOf({ flow, state, world }: Walk): Flow {
  const [first] = state.frames;
  return (first && world.flows.get(first.flowId)) ?? flow;
}

/**
 * Goes into another flow; answers the node it begins with, or null when it is not there, cannot take what is given, or
 * too many stand open.
 */
export function callFlow(walk: Walk, id: string, given: Readonly<Record<string, Value>>): string | null {
  const { state, world } = walk;
  const flow = world.flows.get(id);
  if (!flow || state.frames.length >= MOST_FRAMES) return null;
  const taken = Object.entries(given).every(([name, value]) => {
    const decl = flow.takes.includes(name) ? flow.vars.get(name) : undefined;
    return decl !== undefined && fits(decl, value) && !isTooLong(value);
  });
  if (!taken) return null;
  const { flowId, version, nodeId, enteredAt, vars, menus } = state;
  state.frames = [...state.frames, { flowId, version, nodeId, enteredAt, vars, menus }];
  walk.flow = flow;
  Object.assign(state, { flowId: flow.id, version: flow.version, menus: [], vars: { ...initialVars(flow), ...given } });
  walk.facts.push({ type: 'flow.started', data: { flow: flow.id, version: flow.version } });
  return flow.start;
}

/** A flow came to its end: back to the node that called it, or, where none did, the end of the call. */
export function comeBack(walk: Walk, outcome: string): Move | null {
  const { flow, state } = walk;
  if (state.frames.length === 0) return finish(walk, outcome === 'error' ? 'error' : 'end');
  const given = flow.gives.flatMap((name) => {
    const value = state.vars[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  walk.facts.push({ type: 'flow.finished', data: { flow: flow.id, reason: 'returned' } });
  if (!backTo(walk, state.frames.length - 1)) return finish(walk, 'unknown-flow');
  const caller = walk.flow.nodes.get(state.nodeId);
  return (
    caller?.does.returned?.(walk, outcome, Object.fromEntries(given)) ?? { outcome: 'error', to: walk.flow.onError }
  );
}

/** Back to the flow the call began in, whatever stands open. */
export const unwind = (walk: Walk): boolean => backTo(walk, 0);

/** False when that flow is not open, or not there any more. */
function backTo(walk: Walk, depth: number): boolean {
  const { state, world } = walk;
  const frame = state.frames[depth];
  const flow = frame && world.flows.get(frame.flowId);
  if (!flow) return false;
  walk.flow = flow;
  Object.assign(state, frame, { frames: state.frames.slice(0, depth) });
  return true;
}

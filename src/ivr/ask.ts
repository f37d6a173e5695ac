import type { FlowRequest } from '../call/request.ts';
import type { Speech, Walk } from './flow.ts';
import { speak } from './speak.ts';
import { answer, arm, become, disarm, hush, music, newId } from './walk.ts';

/** After so long without an answer the caller hears music; silence is never longer than two seconds. */
const SILENCE_MS = 1_000;

export interface Asking {
  readonly request: FlowRequest;
  readonly timeoutMs: number;
  /** Said at once while the world thinks; music follows it, or comes alone. */
  readonly filler: Speech;
}

/** Asks the world and waits; its answer, or `timeout`, comes to the node's `answered`. */
export function askWorld(walk: Walk, { request, timeoutMs, filler }: Asking): null {
  const { state } = walk;
  disarm(walk);
  state.requestId = newId(walk, 'r');
  state.local = { ...state.local, askedAt: walk.now, asked: request.kind };
  walk.commands.push({ type: 'request', requestId: state.requestId, request });
  if (filler.length > 0) speak(walk, filler);
  else arm(walk, 'filler', walk.now + SILENCE_MS);
  arm(walk, 'deadline', walk.now + timeoutMs);
  return become(walk, 'asking');
}

/** The filler was said, or it has been silent long enough. */
export function fill(walk: Walk): null {
  answer(walk);
  music(walk, true);
  return null;
}

/** The answer is there: what filled the wait ends, and the node goes on. */
export function answeredBy(walk: Walk, outcome: string): void {
  const { state, flow, facts, now } = walk;
  hush(walk);
  music(walk, false);
  disarm(walk);
  const { askedAt, asked, ...local } = state.local;
  state.requestId = null;
  state.local = local;
  const tookMs = Math.max(0, Math.round(now - Number(askedAt ?? now)));
  const kind = String(asked ?? '');
  facts.push({ type: 'flow.request.ended', data: { flow: flow.id, node: state.nodeId, kind, outcome, tookMs } });
}

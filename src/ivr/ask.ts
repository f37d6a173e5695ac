import type { FlowRequest } from '../call/request.ts';
import type { Speech, Walk } from './flow.ts';
import { speak } from './speak.ts';
import type { FlowState } from './state.ts';
import { answer, arm, become, disarm, hush, music, newId } from './walk.ts';

/** After so long without an answer the caller hears music; silence is never longer than two seconds. */
const SILENCE_MS = 1_000;

/** The house's own services answer in milliseconds; one that has not by now is down. */
export const SERVICE_MS = 5_000;
/** Memory is a courtesy, for which nobody waits long. */
export const RECALL_MS = 1_500;

export interface Asking {
  readonly request: FlowRequest;
  readonly timeoutMs: number;
  /** Said at once while the world thinks; music follows it, or comes alone. Null: the caller himself is to speak. */
  readonly filler: Speech | null;
}

/** Asks the world and waits; its answer, or `timeout`, comes to the node's `answered`. */
export function askWorld(walk: Walk, { request, timeoutMs, filler }: Asking): null {
  const { state } = walk;
  disarm(walk);
  if (state.stage !== 'asking') state.quietSince = walk.now;
  state.requestId = newId(walk, 'r');
  state.local = { ...state.local, askedAt: walk.now, asked: request.kind };
  walk.commands.push({ type: 'request', requestId: state.requestId, request });
  const begun = filler !== null && speak(walk, filler);
  if (filler !== null && !begun) arm(walk, 'filler', Math.max(walk.now, state.quietSince + SILENCE_MS));
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
  if (state.timers['filler'] === undefined || state.music) state.quietSince = now;
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

/** Requests that leave something behind of what the caller said or wants; a hang-up comes after them. */
const KEEPING: ReadonlySet<string> = new Set<FlowRequest['kind']>([
  'keep-recording',
  'voicemail',
  'callback',
  'dnc',
  'follow-up',
]);

/** Is something of the caller's being taken down, for which his hang-up has to wait? */
export const keeps = ({ stage, local }: Pick<FlowState, 'stage' | 'local'>): boolean =>
  stage === 'recording' || (stage === 'asking' && KEEPING.has(String(local['asked'])));

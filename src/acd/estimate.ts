/**
 * How long a caller will wait, ms: those before him and he himself, shared among the agents, each taking as long as calls
 * took lately (talk and wrap-up). That is Little's law for a queue whose agents are all busy, and deliberately no more: it
 * knows nothing of skills, of breaks, nor of callers who give up. Null when nobody serves the queue, or nothing is known
 * of how long calls take.
 */
export function expectedWaitMs(seen: {
  /** The caller's place, 1 being the next. */
  readonly place: number;
  /** Agents who serve the queue now, free or in a call. */
  readonly agents: number;
  /** Those of them who are free. */
  readonly free: number;
  readonly meanHandleMs: number | null;
}): number | null {
  const { place, agents, free, meanHandleMs } = seen;
  if (free >= place) return 0;
  if (agents === 0 || meanHandleMs === null) return null;
  return Math.round((meanHandleMs * place) / agents);
}

const MINUTE_MS = 60_000;

/** The estimate as it is told: a range of whole minutes, wide enough to be kept more often than not. */
export function waitRange(estimateMs: number): { readonly from: number; readonly to: number } {
  const from = Math.max(1, Math.floor((estimateMs * 0.75) / MINUTE_MS));
  return { from, to: Math.max(from + 1, Math.ceil((estimateMs * 1.5) / MINUTE_MS)) };
}

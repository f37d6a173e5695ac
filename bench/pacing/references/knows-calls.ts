import type { Oracle, Scenario } from '../../../src/dialer/lab/index.ts';
import type { DialerState, Policy, PolicyConfig } from '../../../src/dialer/pacing/policy.ts';

/** Dials in vain that one decision may start. */
const MOST = 400;

/**
 * Knows everything in advance: who answers when, and when each agent is free. Starts a dial that somebody answers only when
 * an agent is free for it within the limit. Abandons nobody, and shows what no dialer can reach.
 */
export const knowsCalls =
  (day: Scenario) =>
  (_config: PolicyConfig, oracle: Oracle): Policy => ({
    decideOn: 'event',
    decide: (state) => launches(day, oracle, state),
    on: () => undefined,
  });

function launches(
  { connectDeadlineSec }: Scenario,
  oracle: Oracle,
  { now, agents, calls, lines }: DialerState,
): number {
  const free = agents
    .map(({ id, state }) => (state === 'idle' ? now : oracle.freeAt(id)))
    .filter((at) => at < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a - b);
  const claims = calls.flatMap(({ id, launchedAt }) => comesAt(oracle, id, launchedAt) ?? []);
  const most = Math.min(MOST, lines.max - lines.inUse);
  for (let n = 0; n < most; n += 1) {
    const at = comesAt(oracle, oracle.nextCall() + n, now);
    if (at === null) continue;
    claims.push(at);
    if (!isServed(claims, free, connectDeadlineSec)) return n;
  }
  return most;
}

/** When a dial comes to an agent's turn; null when it never does. */
function comesAt(oracle: Oracle, id: number, launchedAt: number): number | null {
  const { end, judged, endsSec, amdSec } = oracle.fate(id, launchedAt);
  const answered = end === 'person' || end === 'machine';
  return answered && judged === 'human' ? launchedAt + endsSec + amdSec : null;
}

/** First come, first served: is each call's agent there in time? */
function isServed(claims: readonly number[], free: readonly number[], withinSec: number): boolean {
  if (claims.length > free.length) return false;
  const sorted = claims.toSorted((a, b) => a - b);
  return sorted.every((at, n) => (free[n] ?? Number.POSITIVE_INFINITY) <= at + withinSec);
}

import type { EpochMs } from '../call/ids.ts';
import type { AgentLive } from './agent-live.ts';
import type { FloorRules } from './agent-rules.ts';

/** How long back the busyness of an agent is remembered: what is older than this counts a third, ms. */
const MEMORY_MS = 30 * 60_000;

/**
 * How busy he was lately, 0–1: (ring + talk + hold + wrap-up) ÷ (the same + idle), weighed by age: e^(−age ÷ 30 min). Time that
 * he is not ready counts for nothing, neither as work nor as idle time. Nothing is kept but one figure and its time.
 */
export function occupancyAt({ busy, state, status }: AgentLive, now: EpochMs): number {
  if (state === 'idle' && status !== 'ready') return busy.share;
  const doing = state === 'idle' ? 0 : 1;
  const kept = Math.exp(-Math.max(0, now - busy.at) / MEMORY_MS);
  return doing + (busy.share - doing) * kept;
}

/** The figure brought up to date, before he does something else. */
export const busyNow = (agent: AgentLive, now: EpochMs): AgentLive['busy'] => ({
  share: occupancyAt(agent, now),
  at: now,
});

/** He talks again: his stretch of work goes on, or begins when there was a pause before it. */
export function workOn({ stretch }: AgentLive, { rest }: FloorRules, now: EpochMs): AgentLive['stretch'] {
  const goesOn = stretch !== null && now - stretch.until < rest.pauseMs;
  return { since: goesOn ? stretch.since : now, until: now };
}

/** Why an agent who has done with a call rests now; null: he does not. */
export function restDue(agent: AgentLive, { rest }: FloorRules, now: EpochMs): 'occupancy' | 'continuous' | null {
  if (agent.status !== 'ready') return null;
  if (rest.occupancyOver !== null && occupancyAt(agent, now) > rest.occupancyOver) return 'occupancy';
  const workedMs = agent.stretch === null ? 0 : now - agent.stretch.since;
  return rest.maxContinuousMs !== null && workedMs >= rest.maxContinuousMs ? 'continuous' : null;
}

import type { AgentId, EpochMs } from '../call/ids.ts';

/** A promise to ring a lead at a time. */
export interface CallbackPromise {
  readonly at: EpochMs;
  /** Null: whoever of the team is free. */
  readonly agentId: AgentId | null;
  /** How long the agent is waited for. */
  readonly waitMs: number;
}

/** `gone`: there is no such agent any more, or he serves the campaign no longer. */
export type PromisedAgent = 'ready' | 'busy' | 'away' | 'gone';

export type CallbackTurn =
  | { readonly to: 'wait'; readonly until: EpochMs; readonly why: string }
  | { readonly to: 'agent'; readonly agentId: AgentId }
  | { readonly to: 'team'; readonly why: string }
  /** The rules leave no hour at which it could be kept: a supervisor has to know. */
  | { readonly to: 'nobody'; readonly why: string };

/**
 * Who gets a promised callback now. Its time counts from the first allowed moment at or after the promised one. The agent is
 * waited for `waitMs` while he talks, pauses or is logged out; then, or at once when he is gone, it is the team's. It never lapses.
 */
export function callbackTurn(
  { at, agentId, waitMs }: CallbackPromise,
  agent: PromisedAgent,
  now: EpochMs,
  nextAllowed: (at: EpochMs) => EpochMs | null,
): CallbackTurn {
  const [due, open] = [nextAllowed(at), nextAllowed(Math.max(at, now))];
  if (due === null || open === null) return { to: 'nobody', why: 'There is no hour at which it may be dialled.' };
  if (now < open)
    return { to: 'wait', until: open, why: now < at ? 'Its time has not come.' : 'The hours are closed.' };
  if (agentId === null) return { to: 'team', why: 'It was promised for anybody of the team.' };
  if (agent === 'ready') return { to: 'agent', agentId };
  if (agent === 'gone') return { to: 'team', why: 'The agent it was promised for is not here any more.' };
  const until = due + waitMs;
  if (now < until) return { to: 'wait', until, why: agent === 'busy' ? 'The agent talks.' : 'The agent is away.' };
  return { to: 'team', why: `The agent was not free within ${Math.round(waitMs / 60_000)} min of its time.` };
}

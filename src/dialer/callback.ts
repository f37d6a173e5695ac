import type { AgentId, EpochMs } from '../call/ids.ts';

/** A promise to ring a lead at a time. */
interface CallbackPromise {
  readonly at: EpochMs;
  /** Null: whoever of the team is free. */
  readonly agentId: AgentId | null;
  /** How long the agent is waited for. */
  readonly waitMs: number;
}

/** `away`: he is not ready, is logged out, or serves the campaign no longer. */
type PromisedAgent = 'ready' | 'busy' | 'away';

type CallbackTurn =
  | { readonly to: 'wait'; readonly until: EpochMs; readonly why: string }
  | { readonly to: 'agent'; readonly agentId: AgentId }
  | { readonly to: 'team'; readonly why: string };

/**
 * Who gets a promised callback now. The agent is waited for `waitMs` from its time on while he talks, pauses or is logged out;
 * then it is the team's. It never lapses. That the hour allows it is the law's to say.
 */
export function callbackTurn(
  { at, agentId, waitMs }: CallbackPromise,
  agent: PromisedAgent,
  now: EpochMs,
): CallbackTurn {
  if (now < at) return { to: 'wait', until: at, why: 'Its time has not come.' };
  if (agentId === null) return { to: 'team', why: 'It was promised for anybody of the team.' };
  if (agent === 'ready') return { to: 'agent', agentId };
  const until = at + waitMs;
  if (now < until) return { to: 'wait', until, why: agent === 'busy' ? 'The agent talks.' : 'The agent is away.' };
  return { to: 'team', why: `The agent was not free within ${Math.round(waitMs / 60_000)} min of its time.` };
}

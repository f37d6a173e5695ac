import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile } from '../call/routing.ts';

export type { Why } from '../call/why.ts';

/** An agent as the matcher sees him: who he is, and whether a call may be offered to him now. */
export interface PoolAgent {
  readonly id: AgentId;
  /** With what a supervisor changed since he logged in. */
  readonly profile: AgentProfile;
  /**
   * `out` is logged out, `away` logged in and not ready, `busy` ready and not to be offered a call now (reserved, rung,
   * talking, in wrap-up, backing off, resting), `free` may be offered one.
   */
  readonly presence: 'out' | 'away' | 'busy' | 'free';
  /** Since when he waits for a call. */
  readonly idleSince: EpochMs;
  /** How busy he was lately, 0–1, as of his last change. */
  readonly occupancy: number;
  /** Calls since he logged in, by queue. */
  readonly handled: Readonly<Record<QueueName, number>>;
  /** When he was last offered a call. */
  readonly offeredAt: EpochMs;
}

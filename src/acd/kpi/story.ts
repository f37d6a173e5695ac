import type { AgentId, CampaignId, EpochMs, QueueName } from '../../call/ids.ts';
import type { Tally } from './tally.ts';

/** What is known of a call by which calls are told apart. */
export interface CallTraits {
  readonly inbound: boolean;
  readonly arrivedAt: EpochMs;
  /** The number that was called. */
  readonly did: string;
  /** The first flow that it came to. */
  flow: string | null;
  /** The last language that was set. */
  language: string | null;
  campaign: CampaignId | null;
}

/** One thing that counts, and whom for. */
export interface Mark {
  /** For all calls together, and for those of its flow, number, language and campaign. */
  readonly whole: boolean;
  readonly queue: QueueName | null;
  /** Agents, or their teams, as cells are told apart. */
  readonly desks: readonly string[];
  readonly count: (tally: Tally) => void;
}

/** What is known of a call that has not ended. */
export interface OpenCall extends CallTraits {
  readonly ani: string | null;
  answered: boolean;
  refused: boolean;
  /** Somebody was rung for it, it waited for somebody, or somebody is to ring back or to hear its message. */
  metSomebody: boolean;
  /** Queues in which a callback was promised. */
  readonly promisedIn: QueueName[];
  /** Queues in which an agent answered it. */
  readonly handledIn: QueueName[];
  /** Agents and teams who answered it, and who handed it over. */
  readonly handledBy: Set<string>;
  readonly transferredBy: Set<string>;
  transferred: boolean;
  queue: QueueName | null;
  /** Who spoke with him last. */
  agent: AgentId | null;
  /** The first estimate that was announced. */
  estimate: { readonly ms: number; readonly waitedMs: number } | null;
  /** What it counts for, put down when it is over, since only then all is known by which it is told apart; null: it is over. */
  marks: Mark[] | null;
  endedAt: EpochMs | null;
}

export const newCall = (about: Pick<OpenCall, 'ani' | 'arrivedAt' | 'inbound' | 'did'>): OpenCall => ({
  ...about,
  flow: null,
  language: null,
  campaign: null,
  answered: false,
  refused: false,
  metSomebody: false,
  promisedIn: [],
  handledIn: [],
  handledBy: new Set(),
  transferredBy: new Set(),
  transferred: false,
  queue: null,
  agent: null,
  estimate: null,
  marks: [],
  endedAt: null,
});

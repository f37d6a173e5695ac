import type { AgentId, CallId, CampaignId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, QueueProfile, QueueRequest, Requirement } from '../call/routing.ts';
import type { AgentLive } from './agent.ts';

/** What waits: a caller, a person a campaign rang, a promised callback, a message to be answered, an agent who asks another. */
export const TICKET_KINDS = ['call', 'campaign', 'callback', 'voicemail', 'consult'] as const;

/** A call, or something to be done like one, that waits for an agent. */
export interface WaitingCall {
  /** The call's id; of a consultation the call's id, `~` and the guest's. */
  readonly callId: CallId;
  readonly kind: (typeof TICKET_KINDS)[number];
  readonly queue: QueueName;
  /** Queues whose agents help out besides. */
  readonly also: readonly QueueName[];
  readonly require: readonly Requirement[];
  /** What replaces `require` once the call has waited so long, in order of time. */
  readonly relax: QueueRequest['relax'];
  /** Seconds of age credited. */
  readonly priority: number;
  /** When its waiting began; never changed by a failed offer, a restart, a callback or a transfer that keeps the place. */
  readonly enqueuedAt: EpochMs;
  /** Set for a person whom a campaign rang. */
  readonly campaignId: CampaignId | null;
  /** Rings this agent and nobody else. */
  readonly only: AgentId | null;
  /** Rings this agent and nobody else before `until`, unless he is logged out or not ready. */
  readonly prefer: { readonly agentId: AgentId; readonly until: EpochMs } | null;
}

/** What a waiting call is that says nothing more of itself. */
export const PLAIN_TICKET = {
  kind: 'call',
  also: [],
  relax: [],
  priority: 0,
  campaignId: null,
  only: null,
  prefer: null,
} as const satisfies Partial<WaitingCall>;

/** An agent as the site defines him and as he is now. */
export interface Candidate {
  readonly live: AgentLive;
  readonly profile: AgentProfile;
}

/** The part of a queue that says who may serve it. */
export type Demand = Pick<QueueProfile, 'name' | 'require'>;

const CAMPAIGN_QUEUE = 'campaign:';

/**
 * Seconds of credit for a person whom we rang: who is answered by silence hangs up, and the law counts the seconds
 * (47 CFR 64.1200(a)(7): two). More than any inbound call's age and priority together, within a queue's longest wait.
 */
const CAMPAIGN_PRIORITY = 10_000;

/** Seconds of credit for being rung by a campaign. */
export function campaignCredit(call: Pick<WaitingCall, 'campaignId'>): number {
  return call.campaignId === null ? 0 : CAMPAIGN_PRIORITY;
}

/**
 * When the call would have come if its credit were age, ms: the lowest is served first. All age alike, so the order is the
 * same at any moment, and nobody starves: every new call begins behind, by its age of zero.
 */
export function turnOf(call: WaitingCall): EpochMs {
  return call.enqueuedAt - Math.round((call.priority + campaignCredit(call)) * 1000);
}

/** Sorts those to be served first to the front: by turn, the earlier one of equals, and by id when even that is equal. */
export function byTurn(a: WaitingCall, b: WaitingCall): number {
  return turnOf(a) - turnOf(b) || a.enqueuedAt - b.enqueuedAt || (a.callId < b.callId ? -1 : 1);
}

/** Does this agent serve the queue, with every skill at the level that the queue and the call ask? */
export function qualified(agent: AgentProfile, queue: Demand, require: readonly Requirement[]): boolean {
  return serves(agent, queue.name) && [...queue.require, ...require].every((needed) => masters(agent, needed));
}

export function serves(agent: AgentProfile, queue: QueueName): boolean {
  if (!queue.startsWith(CAMPAIGN_QUEUE)) return agent.queues.includes(queue);
  return servesCampaign(agent, queue.slice(CAMPAIGN_QUEUE.length));
}

export function servesCampaign({ campaigns }: Pick<AgentProfile, 'campaigns'>, id: CampaignId): boolean {
  return campaigns.includes('*') || campaigns.includes(id);
}

function masters(agent: AgentProfile, { skill, level }: Requirement): boolean {
  return (agent.skills[skill] ?? 0) >= level;
}

/** The call's place in its queue, 1 being the next to be served; 0 when it does not wait. */
export function positionOf(waiting: readonly WaitingCall[], callId: CallId): number {
  const call = waiting.find((other) => other.callId === callId);
  if (!call) return 0;
  const ahead = waiting.filter((other) => other.queue === call.queue && byTurn(other, call) < 0);
  return ahead.length + 1;
}

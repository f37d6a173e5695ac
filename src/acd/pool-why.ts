import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { Why } from './decision.ts';
import { SHARE_DEBIT } from './pool-rules.ts';
import { campaignCredit, turnOf, type WaitingCall } from './queue.ts';

/** Of those who lost, and of the calls that stayed behind, so many are told. */
export const TOLD = 5;

/** A free agent, as he was weighed for a call. */
export interface Ranked {
  readonly id: AgentId;
  /** He has had more than his share of such calls. */
  readonly breaksShare: boolean;
  readonly rank: number;
  /** The strategy's figure. */
  readonly key: number;
}

/** A pairing, and what it was chosen from. */
export interface Choice {
  readonly call: WaitingCall;
  readonly own: QueueProfile;
  readonly step: number;
  readonly require: readonly Requirement[];
  /** The queue through which the first agent serves it. */
  readonly through: QueueName;
  /** Who rings. */
  readonly taken: readonly Ranked[];
  /** The next best. */
  readonly lost: readonly Ranked[];
  readonly candidates: Why['candidates'];
  /** Calls that the first agent could have had, and whether that would have broken a share. */
  readonly behind: readonly { readonly call: WaitingCall; readonly breaksShare: boolean }[];
}

/** @throws Error when nobody is taken. */
export function whyOf(choice: Choice, now: EpochMs): Why {
  const { call, own, taken, lost } = choice;
  const [first] = taken;
  if (!first) throw new Error(`No agent was chosen for call ${call.callId}.`);
  return {
    at: now,
    callId: call.callId,
    kind: call.kind,
    queue: call.queue,
    through: choice.through,
    agentIds: taken.map(({ id }) => id),
    step: choice.step,
    require: [...choice.require],
    score: scoreOf(call, first.breaksShare, now),
    strategy: own.strategy,
    ...(own.results && { results: own.results.topic }),
    rank: first.rank,
    key: first.key,
    candidates: choice.candidates,
    lost: lost.slice(0, TOLD).map((one) => ({ agentId: one.id, by: lostBy(one, first), rank: one.rank, key: one.key })),
    behind: choice.behind.slice(0, TOLD).map((other) => ({
      callId: other.call.callId,
      queue: other.call.queue,
      total: totalOf(other.call, other.breaksShare, now),
    })),
    preferred: call.prefer && { agentId: call.prefer.agentId, outcome: outcomeOf(choice, call.prefer, now) },
  };
}

function scoreOf(call: WaitingCall, breaksShare: boolean, now: EpochMs): Why['score'] {
  return {
    waited: (now - call.enqueuedAt) / 1000,
    priority: call.priority,
    campaign: campaignCredit(call),
    share: breaksShare ? -SHARE_DEBIT : 0,
    total: totalOf(call, breaksShare, now),
  };
}

function totalOf(call: WaitingCall, breaksShare: boolean, now: EpochMs): number {
  return (now - turnOf(call)) / 1000 - (breaksShare ? SHARE_DEBIT : 0);
}

function lostBy(one: Ranked, first: Ranked): Why['lost'][number]['by'] {
  if (one.breaksShare !== first.breaksShare) return 'share';
  return one.rank === first.rank ? 'strategy' : 'rank';
}

type Preferred = NonNullable<WaitingCall['prefer']>;

function outcomeOf({ taken }: Choice, { agentId, until }: Preferred, now: EpochMs) {
  if (taken.some(({ id }) => id === agentId)) return 'taken';
  return now >= until ? 'waited-in-vain' : 'away';
}

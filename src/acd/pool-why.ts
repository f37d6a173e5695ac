import type { EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { Why } from './decision.ts';
import type { Mark } from './pool-free.ts';
import type { Waiting } from './pool-groups.ts';
import { breaksIt, rankIn } from './pool-merits.ts';
import { SHARE_DEBIT } from './pool-rules.ts';
import { campaignCredit, turnOf, type WaitingCall } from './queue.ts';

/** Of those who lost, and of the calls that stayed behind, so many are told. */
export const TOLD = 5;

/** A call whose turn it may be, and whether it would break the agent's share. */
export interface Turn {
  readonly waiting: Waiting;
  readonly breaksShare: boolean;
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
  readonly taken: readonly Mark[];
  /** The next best. */
  readonly lost: readonly Mark[];
  readonly candidates: Why['candidates'];
  /** Calls that the first agent could have had. */
  readonly behind: readonly Turn[];
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
    score: scoreOf(call, breaksIt(first.tier), now),
    strategy: own.strategy,
    ...(own.results && { results: own.results.topic }),
    rank: rankIn(first.tier),
    key: first.key,
    candidates: choice.candidates,
    lost: lost.map((mark) => lostTo(first, mark)),
    behind: choice.behind.map((turn) => behindOf(turn, now)),
    preferred: call.prefer && { agentId: call.prefer.agentId, outcome: outcomeOf(choice, call.prefer, now) },
  };
}

function scoreOf(call: WaitingCall, breaksShare: boolean, now: EpochMs): Why['score'] {
  return {
    waited: (now - call.enqueuedAt) / 1000,
    priority: call.priority,
    campaign: campaignCredit(call),
    share: breaksShare ? -SHARE_DEBIT : 0,
    total: totalOf(turnOf(call), breaksShare, now),
  };
}

function totalOf(turn: EpochMs, breaksShare: boolean, now: EpochMs): number {
  return (now - turn) / 1000 - (breaksShare ? SHARE_DEBIT : 0);
}

function lostTo(first: Mark, { id, tier, key }: Mark): Why['lost'][number] {
  const isShare = breaksIt(tier) !== breaksIt(first.tier);
  const by = isShare ? 'share' : tier === first.tier ? 'strategy' : 'rank';
  return { agentId: id, by, rank: rankIn(tier), key };
}

function behindOf({ waiting: { call, turn }, breaksShare }: Turn, now: EpochMs): Why['behind'][number] {
  return { callId: call.callId, queue: call.queue, total: totalOf(turn, breaksShare, now) };
}

type Preferred = NonNullable<WaitingCall['prefer']>;

function outcomeOf({ taken }: Choice, { agentId, until }: Preferred, now: EpochMs) {
  if (taken.some(({ id }) => id === agentId)) return 'taken';
  return now >= until ? 'waited-in-vain' : 'away';
}

import type { QueueName } from '../call/ids.ts';
import type { AnyOwner, Backlog, FollowUpsAsked, SeenFollowUp } from './ports/follow-ups.ts';
import type { CallbackRequest, FlowStore } from './ports/flow-store.ts';
import { NOTHING_TOLD } from '../work/follow-up.ts';
import { CALLBACK } from '../work/follow-up-decide.ts';

type Callbacks = Pick<FlowStore, 'callbacks' | 'callback'>;

const PAGE = 200;

/** A callback that waits as a follow-up of its queue: a view of the one truth, which is changed where callbacks are. */
export function seenCallback(callback: CallbackRequest): SeenFollowUp {
  const { id, queue, number, dueBy, callId, requestedAt, state, tries, closedAt, closedBy } = callback;
  return {
    id,
    kind: CALLBACK,
    reason: tries === 0 ? 'Was promised a callback.' : `Was promised a callback; ${tries} tries so far.`,
    owner: { kind: 'queue', id: queue },
    dueAt: dueBy,
    priority: 0,
    callId,
    ani: number,
    customerId: null,
    campaignId: null,
    leadId: null,
    data: {},
    createdAt: requestedAt,
    createdBy: 'flow',
    state: state === 'waiting' ? 'open' : 'closed',
    told: NOTHING_TOLD,
    outcome: state === 'waiting' ? null : state,
    closedAt,
    closedBy,
    calling: state === 'waiting' ? id : null,
    seq: 0,
    changedAt: closedAt ?? requestedAt,
  };
}

export async function listCallbacks(
  flows: Callbacks,
  queue: QueueName | null,
  { state = 'open', dueBefore = Infinity, callId, limit, after }: FollowUpsAsked,
): Promise<readonly SeenFollowUp[]> {
  if (state === 'closed') return [];
  const asked = {
    state: 'waiting',
    limit,
    ...(queue !== null && { queue }),
    ...(after !== undefined && { after }),
  } as const;
  const seen = (await flows.callbacks(asked)).map(seenCallback);
  return seen.filter((each) => each.dueAt < dueBefore && (callId === undefined || each.callId === callId));
}

/** What every queue owes. */
export async function callbackBacklog(flows: Callbacks, now: number): Promise<readonly Backlog<AnyOwner>[]> {
  const byQueue = Map.groupBy(await allWaiting(flows), ({ queue }) => queue);
  return [...byQueue].map(([queue, promised]) => ({
    owner: { kind: 'queue', id: queue },
    open: promised.length,
    overdue: promised.filter(({ dueBy }) => dueBy <= now).length,
    oldestAt: promised.reduce((oldest, { requestedAt }) => Math.min(oldest, requestedAt), Infinity),
    nextDueAt: promised.reduce((next, { dueBy }) => Math.min(next, dueBy), Infinity),
  }));
}

async function allWaiting(flows: Callbacks): Promise<readonly CallbackRequest[]> {
  const found: CallbackRequest[] = [];
  for (;;) {
    const last = found.at(-1)?.id;
    const page = await flows.callbacks({ state: 'waiting', limit: PAGE, ...(last !== undefined && { after: last }) });
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

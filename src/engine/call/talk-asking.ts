import { PLAIN_REQUEST, type QueueRequest } from '../../call/routing.ts';
import type { Draft } from './actions.ts';
import { WAIT_FOR_ONE_MS, WAIT_FOR_QUEUE_MS, type Wish } from './guests.ts';
import type { CallState } from './state.ts';
import type { TalkTarget } from './talk-state.ts';
import type { Reserved } from './reach-agent.ts';
import type { Actor } from './talk-verbs.ts';
import type { Asker, CallWorld, OutsideRefusal } from './world.ts';

/** Who asks, and the world as it is then. */
export interface Ask {
  readonly by: Actor;
  readonly summoned: Reserved | null;
  readonly world: CallWorld;
}

/** More would be a meeting, and each of them costs a leg. */
const MOST_GUESTS = 8;

const OUTSIDE: Readonly<Record<OutsideRefusal, string>> = {
  'not-allowed': 'is not among the numbers that the site allows (destinations.yaml)',
  denied: 'is among the numbers that the site denies (destinations.yaml)',
  premium: 'is a premium-rate number, which is never dialled',
  concurrent: 'cannot be dialled now: as many legs are outside as the site allows at a time, in all or for one agent',
  'per-hour': 'cannot be dialled now: the calls of this hour have been had, by all or by this agent',
  'minutes-per-day': 'cannot be dialled now: the minutes of this day have been had, by all or by this agent',
};

export const nameOfActor = (by: Actor): string => (by.kind === 'agent' ? by.agentId : by.name);

/** The wish that stands for this target, or the sentence that says why it cannot be asked for. */
export function asking(
  draft: Draft,
  to: TalkTarget,
  { by, world }: Ask,
): Pick<Wish, 'by' | 'to' | 'request' | 'limitMs'> | string {
  const { state } = draft;
  if (state.guests.length >= MOST_GUESTS)
    return `A call holds at most ${MOST_GUESTS} besides the customer and his agent.`;
  const wish = { by: nameOfActor(by), to, request: null, limitMs: WAIT_FOR_ONE_MS };
  if (to.kind === 'agent' && isHere(state, to.agentId)) return `Agent ${to.agentId} is in this call already.`;
  if (to.kind === 'number') return refusedOutside(draft, to.number, by, world) ?? wish;
  if (to.kind !== 'queue') return wish;
  if (!world.queues.has(to.queue)) return `There is no queue ${to.queue}.`;
  return { ...wish, request: requestFor(state, to.queue), limitMs: WAIT_FOR_QUEUE_MS };
}

function isHere({ serving, legs }: CallState, agentId: string): boolean {
  const up = serving.find((each) => each.agentId === agentId);
  return up !== undefined && legs.some(({ id, phase }) => id === up.legId && phase === 'up');
}

/** A supervisor's transfers count as an agent's under his name. */
const askerOf = (by: Actor): Asker => ({ kind: 'agent', name: nameOfActor(by) });

function refusedOutside(draft: Draft, number: string, by: Actor, world: CallWorld): string | null {
  const why = world.outsideRefusal(number, askerOf(by));
  if (why === null) return null;
  const data = { flow: draft.state.record.flow ?? '', node: '', to: number, why, by: nameOfActor(by) };
  draft.fact({ type: 'transfer.refused', data });
  return `The number ${OUTSIDE[why]}.`;
}

/** What is asked of another queue: the customer's language goes along, skills of the matter that he came with do not. */
export function requestFor({ place, language }: CallState, queue: string, extra = 0): QueueRequest {
  const request = place?.request;
  return {
    ...PLAIN_REQUEST,
    queue,
    language: request?.language ?? language,
    require: (request?.require ?? []).filter(({ skill }) => skill.startsWith('lang:')),
    priority: (request?.priority ?? 0) + extra,
    maxWaitMs: null,
  };
}

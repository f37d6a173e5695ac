import type { AgentId, EpochMs, QueueName } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { waitInput } from './queue-phase.ts';
import { customer } from './state.ts';
import type { CallWorld } from './world.ts';

/** What was found out. */
export interface Returned {
  readonly queue: QueueName;
  /** An earlier place that is his: of a callback that he no longer needs, or of a call that was lost. */
  readonly place: {
    readonly at: EpochMs;
    readonly because: 'callback' | 'abandoned' | 'cut-off';
    readonly callbackId: string | null;
    readonly agentId: AgentId | null;
  } | null;
  readonly lastAgent: AgentId | null;
}

/** What is to be found out takes a few ms; a store that is away keeps nobody waiting for an agent. */
const FIND_OUT_MS = 500;
/** The agent with whom a caller was about to talk, or talking, is waited for so long. */
const PATIENCE_MS = 60_000;
/** A talk that ends so soon by the customer's leg is taken for broken off. */
const SHORT_TALK_MS = 30_000;
const NORMAL_CLEARING = 16;
const TIMER = 'call:returning';

/** He has just begun to wait: who is preferred, and whether he has an older place, is looked up. */
export function lookUp(draft: Draft, world: CallWorld): void {
  const { state, now } = draft;
  const { visit, ani, phase } = state;
  const profile = world.queues.get(visit?.request.queue ?? '');
  if (!visit || !profile || phase !== 'queued') return;
  const { request } = visit;
  const { preferLastAgent, preferOwner } = request;
  const owner = preferOwner && world.customerOf(ani)?.owner;
  if (owner) draft.set({ visit: { ...visit, prefer: { agentId: owner, until: now + preferOwner.waitUpToMs } } });
  if (ani === null) return;
  const lastAgent = owner ? null : preferLastAgent;
  const held = lastAgent !== null || profile.returningMs !== null;
  draft
    .set({ returning: { queue: request.queue, enqueuedAt: now, keepMs: profile.returningMs, held, lastAgent } })
    .act({ type: 'caller.find', queue: request.queue });
  if (held) draft.timer(TIMER, now + FIND_OUT_MS);
}

/** Nobody knows, or nobody in time. */
export function foundTooLate(draft: Draft): void {
  const { returning } = draft.state;
  if (returning) draft.set({ returning: { ...returning, held: false } });
}

/** It was found out: he takes his place back, and is told so. A callback that he needs no more is told of in any case. */
export function found(draft: Draft, { queue, place, lastAgent }: Returned): void {
  const { now } = draft;
  foundTooLate(draft);
  draft.timer(TIMER, null);
  if (place?.callbackId) {
    const data = { callbackId: place.callbackId, queue, waitedMs: Math.max(0, now - place.at) };
    draft.fact({ type: 'callback.withdrawn', data });
  }
  const { visit, phase, returning } = draft.state;
  const waits = phase === 'queued' || phase === 'offering';
  if (!waits || visit?.request.queue !== queue || !returning) return;
  if (place && place.at < visit.enqueuedAt) takeBack(draft, place);
  const patience = returning.lastAgent?.waitUpToMs ?? 0;
  if (place?.agentId) prefer(draft, place.agentId, now + PATIENCE_MS);
  else if (lastAgent !== null) prefer(draft, lastAgent, (visit.since ?? visit.enqueuedAt) + patience);
}

function takeBack(draft: Draft, { at, because }: NonNullable<Returned['place']>): void {
  const { visit, returning } = draft.state;
  if (!visit || !returning) return;
  const { queue } = visit.request;
  draft
    .set({ visit: { ...visit, enqueuedAt: at }, returning: { ...returning, enqueuedAt: at } })
    .act({ type: 'remember', what: placeName(queue), value: null, until: 0 })
    .fact({ type: 'call.place.kept', data: { queue, because, waitedMs: Math.max(0, draft.now - at) } });
  waitInput(draft, { type: 'notice', prompt: 'queue.returned' });
}

/** The owner of an account goes before all others. */
function prefer(draft: Draft, agentId: AgentId, until: EpochMs): void {
  const { visit } = draft.state;
  if (visit && visit.prefer === undefined && until > draft.now)
    draft.set({ visit: { ...visit, prefer: { agentId, until } } });
}

/** Under which a caller's place in a queue is remembered; a flow can name nothing so. */
export const placeName = (queue: QueueName): string => `place in/${queue}`;

/** He hung up while he waited, or was rung for: for a while the place is his. */
export function lostWaiting(draft: Draft): void {
  keepPlace(draft, 'abandoned', draft.state.offers[0]?.agentId ?? null);
}

/** The customer's leg ended a talk that had hardly begun, or not as people hang up: he will want the same agent. */
export function lostTalking(draft: Draft): void {
  const { talk } = draft.state;
  const { cause } = customer(draft.state);
  if (!talk) return;
  const cutOff = cause !== undefined && cause.q850 !== NORMAL_CLEARING;
  if (cutOff || draft.now - talk.since < SHORT_TALK_MS) keepPlace(draft, 'cut-off', talk.agentId);
}

function keepPlace(draft: Draft, because: 'abandoned' | 'cut-off', agentId: AgentId | null): void {
  const { returning } = draft.state;
  if (!returning || returning.keepMs === null) return;
  const { queue, enqueuedAt, keepMs } = returning;
  const value = JSON.stringify({ at: enqueuedAt, because, agentId });
  draft.act({ type: 'remember', what: placeName(queue), value, until: draft.now + keepMs });
}

/** After an outage: what was being found out is asked again. */
export function findAgain(draft: Draft): void {
  const { returning, phase } = draft.state;
  if (returning && phase === 'queued') draft.act({ type: 'caller.find', queue: returning.queue });
}

import { CAUSE } from '../../call/cause.ts';
import type { Draft } from './actions.ts';
import { arrange, noteHold } from './arrange.ts';
import { dropLeg } from './drop.ts';
import { disconnected, endCall } from './ending.ts';
import { changeGuest, dismiss, nameOf, transferred } from './guests.ts';
import { stayIn } from './queue-phase.ts';
import { followQueue } from './recording-talk.ts';
import { membersIn } from './seating.ts';
import { type CallState, customer, isLive } from './state.ts';
import type { Guest } from './talk-state.ts';
import type { CallWorld } from './world.ts';

/**
 * After every step of a talk: who leads it now, who is not needed any more, and where the customer goes when nobody is left.
 * He is never alone without somebody who will come, and never lost: the last place he goes to is the one he had in the queue.
 */
export function settle(draft: Draft, world: CallWorld): void {
  if (!isTalk(draft.state)) return;
  if (!isLive(customer(draft.state))) return;
  promote(draft, world);
  joinLate(draft);
  endStaleConsultation(draft);
  leaveConsultation(draft);
  endListening(draft);
  const { talk, guests, parked, phase } = draft.state;
  const together = talk !== null || membersIn(draft.state).length > 0;
  if (together && phase === 'awaiting') draft.set({ phase: 'talking' });
  else if (!together && (guests.length > 0 || parked)) draft.set({ phase: 'awaiting' });
  else if (!together) nobodyLeft(draft, world);
  noteHold(draft);
}

const isTalk = ({ phase }: CallState): boolean => phase === 'talking' || phase === 'awaiting';

/** Calls of an older Callwright, and agents who came before their customer, are not in the list yet. */
export function enlist(draft: Draft): void {
  const { talk, serving, wrapUpMs } = draft.state;
  if (!talk || !isTalk(draft.state) || serving.some(({ legId }) => legId === talk.legId)) return;
  const { agentId, legId } = talk;
  draft.set({ serving: [...serving, { agentId, legId, wrapUpMs }] });
}

/** Somebody takes the place of a leader who has gone: who was to follow him, then whom he consulted, then a member. */
function promote(draft: Draft, world: CallWorld): void {
  const { talk, guests } = draft.state;
  if (talk) return;
  const here = guests.filter(({ phase }) => phase === 'in');
  const next =
    here.find(({ role }) => role === 'successor') ??
    here.find(({ role }) => role === 'consult') ??
    here.find(({ role, agentId }) => role === 'member' && agentId !== null);
  if (next) return lead(draft, next, world);
  if (here.some(({ role }) => role === 'member')) return;
  // Who was asked and is not there yet will find the customer alone, and speak with him.
  for (const { id, role, by } of guests) {
    if (role === 'consult' || role === 'member')
      changeGuest(draft, id, { role: 'successor', why: 'transfer', back: by });
    if (role === 'taker') changeGuest(draft, id, { role: 'successor', why: 'return', back: null });
  }
}

/** He leads the talk from now on; a number outside only joins it. */
function lead(draft: Draft, guest: Guest, world: CallWorld): void {
  tellHandedOver(draft, guest);
  const { agentId, legId, muted } = guest;
  if (agentId === null || legId === null) {
    changeGuest(draft, guest.id, { role: 'member', why: null });
    return;
  }
  comeUnder(draft, guest, world);
  const { room, guests } = draft.state;
  const bridgeId = room ?? draft.newId('bridge');
  draft
    .set({
      room: bridgeId,
      guests: guests.filter(({ id }) => id !== guest.id),
      talk: {
        agentId,
        legId,
        bridgeId,
        since: draft.now,
        held: false,
        muted,
        side: 'customer',
        heldSince: null,
        heldMs: 0,
      },
    })
    .record({ agentId, outcome: 'handled' });
}

/**
 * The call is of the queue through which its agent was asked for: by its rule it is recorded, and there the customer goes back,
 * with his time of arrival, should the agent be lost. An agent asked for by name may serve many: the queue stays as it was.
 */
function comeUnder(draft: Draft, { request, why, enqueuedAt }: Guest, world: CallWorld): void {
  const { place, record } = draft.state;
  // Sent to a queue where nobody took him, he is back with the agent of the queue before.
  const queue = request?.queue ?? (why === 'return' ? place?.request.queue : undefined);
  if (queue === undefined || queue === record.queue) return;
  const music = world.queues.get(queue)?.music ?? 'default';
  if (request) draft.set({ place: { request, enqueuedAt: place?.enqueuedAt ?? enqueuedAt, music } });
  draft.record({ queue });
  followQueue(draft);
}

function tellHandedOver(draft: Draft, guest: Guest): void {
  const { role, why, by, to } = guest;
  if (role === 'successor' && why === 'transfer') draft.fact(transferred(by, to, 'answered'));
  if (role === 'consult') attended(draft, guest);
  if (role !== 'successor' || why !== 'pick-up') return;
  const { parked } = draft.state;
  if (!parked) return;
  const parkedMs = Math.max(0, draft.now - parked.at);
  const data = { slot: parked.slot, agentId: guest.agentId, parkedMs, outcome: 'picked-up' } as const;
  draft.set({ parked: null }).timer('call:park', null).fact({ type: 'call.unparked', data });
}

function attended(draft: Draft, { by, to }: Guest): void {
  const note = draft.state.handed?.note ?? null;
  draft
    .fact(transferred(by, to, 'answered', 'attended'))
    .set({ handed: { how: 'attended', from: by, to: nameOf(to), note, at: draft.now } });
}

/** Of several who were to follow, the first leads and the others join him. */
function joinLate(draft: Draft): void {
  const { talk, guests } = draft.state;
  if (!talk && membersIn(draft.state).length === 0) return;
  for (const { id, role } of guests)
    if (role === 'successor') changeGuest(draft, id, { role: 'member', why: null, back: null });
}

/** Whom the agent consulted who led before is nobody's guest any more. */
function endStaleConsultation(draft: Draft): void {
  const { talk, guests } = draft.state;
  for (const guest of guests) if (talk && guest.role === 'consult' && guest.by !== talk.agentId) dismiss(draft, guest);
}

/** The other side of a consultation is gone: the agent is with the customer again. */
function leaveConsultation(draft: Draft): void {
  const { talk, guests } = draft.state;
  if (talk?.side !== 'consult' || guests.some(({ role }) => role === 'consult')) return;
  draft.set({ talk: { ...talk, side: 'customer' } });
}

/** There is no agent to listen to any more. */
function endListening(draft: Draft): void {
  if (draft.state.talk) return;
  for (const guest of draft.state.guests) {
    if (guest.role !== 'listen' && guest.role !== 'whisper') continue;
    stopMonitoring(draft, guest);
  }
}

export function stopMonitoring(draft: Draft, guest: Guest): void {
  dismiss(draft, guest);
  draft.fact({
    type: 'call.monitored',
    data: { by: guest.by, mode: 'stop', agentId: draft.state.talk?.agentId ?? null },
  });
}

/** The leader's part is over while the talk goes on without him. */
export function leaderLeaves(draft: Draft, by: 'agent' | 'transfer'): void {
  const { talk } = draft.state;
  if (!talk) return;
  disconnected(draft, by);
  draft.set({ talk: null });
  dropLeg(draft, talk.legId, CAUSE.normal);
}

/** The end of a usual talk leads on in the flow; whoever was put aside goes back to the place that he had. */
function nobodyLeft(draft: Draft, world: CallWorld): void {
  // Out of the talk at once: with nobody he would be given music, for no longer than this step.
  if (draft.farewell)
    return void draft.set({ phase: 'flow' }).resumeFlow({ type: 'queue.left', outcome: 'answeredEnd' });
  const { place } = draft.state;
  if (!place) return endCall(draft);
  draft.fact({ type: 'call.returned', data: { to: 'queue', agentId: null, queue: place.request.queue } });
  const from = draft.state.record.agentId ?? '';
  draft.set({ handed: { how: 'returned', from, to: place.request.queue, note: null, at: draft.now } });
  waitAgain(draft, place, 'return', world);
}

/** From a talk into a queue: out of the bridge first, or the customer would hear nothing of what is said there. */
export function waitAgain(
  draft: Draft,
  place: Pick<NonNullable<CallState['place']>, 'request' | 'enqueuedAt'>,
  again: 'transfer' | 'return' | 'moved',
  world: CallWorld,
): void {
  for (const guest of draft.state.guests) dismiss(draft, guest);
  draft.set({ phase: 'flow', talk: null, parked: null }).timer('call:park', null);
  arrange(draft);
  stayIn(draft, place.request, place.enqueuedAt, world, again);
}

import { PLAIN_TICKET, type WaitingCall } from '../../acd/queue.ts';
import type { CallId } from '../../call/ids.ts';
import type { CallState } from './state.ts';

/**
 * What of a call waits for an agent, read from its state alone, so that a process that adopts the call finds every place
 * again. While the last ring is still being ended nobody else is rung, so nothing waits then.
 */
export function ticketsOf(state: CallState): readonly WaitingCall[] {
  const waits = state.phase === 'queued' || state.phase === 'promised';
  const rings = state.offers.some((offer) => offer.for === 'visit');
  return [...(waits && !rings ? visitOf(state) : []), ...guestsOf(state)];
}

/** A ticket, or a dial for which an agent is kept until it is known who answers (`expected`). */
export interface Wait {
  readonly ticket: WaitingCall;
  readonly expected: boolean;
}

/** All that other processes must know of the call. */
export function waitsOf(state: CallState): readonly Wait[] {
  if (state.phase === 'dialing' || state.phase === 'detecting') {
    if (state.attempt?.keeps === 'nobody') return [];
    return visitOf(state).map((ticket) => ({ ticket, expected: true }));
  }
  return ticketsOf(state).map((ticket) => ({ ticket, expected: false }));
}

const GUEST = '~';

/** The call that a ticket is of, and for whom of it an agent is wanted: the customer (`visit`), or the guest of that id. */
export function partsOf(ticketId: string): { readonly callId: CallId; readonly for: string } {
  const [callId = ticketId, guest = 'visit'] = ticketId.split(GUEST);
  return { callId, for: guest };
}

function visitOf({ id, visit, attempt, errand, returning }: CallState): readonly WaitingCall[] {
  // For a moment only: an agent who is wanted may be found, and everybody else would be rung in his place.
  if (!visit || returning?.held === true) return [];
  const { queue, require, relax, priority } = visit.request;
  const { enqueuedAt, also = [], prefer = null } = visit;
  const campaignId = attempt?.campaignId ?? null;
  const kind = errand?.kind ?? (attempt ? 'campaign' : 'call');
  return [{ ...PLAIN_TICKET, kind, callId: id, queue, also, require, relax, priority, enqueuedAt, campaignId, prefer }];
}

/** Agents who are asked into a talk: one by name, or whoever of a queue is free first. */
function guestsOf({ id, guests, offers, place }: CallState): readonly WaitingCall[] {
  return guests.flatMap((guest): readonly WaitingCall[] => {
    const { to, request, enqueuedAt } = guest;
    if (guest.phase !== 'waiting' || offers.some((offer) => offer.for === guest.id)) return [];
    const ticket = { ...PLAIN_TICKET, kind: 'consult', callId: `${id}${GUEST}${guest.id}`, enqueuedAt } as const;
    if (to.kind === 'agent') {
      return [{ ...ticket, queue: place?.request.queue ?? '', require: [], priority: BY_NAME, only: to.agentId }];
    }
    if (!request) return [];
    const { queue, require, relax, priority } = request;
    return [{ ...ticket, queue, require, relax, priority }];
  });
}

/** Seconds of credit of who is asked for by name: a customer on hold, and a colleague, wait for him and nobody else. */
const BY_NAME = 3_600;

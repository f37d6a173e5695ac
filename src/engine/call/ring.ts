import { CAUSE } from '../../call/cause.ts';
import type { LegId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { dropLeg } from './drop.ts';

export function ringTooLong(draft: Draft): void {
  cancelRings(draft, 'no-answer');
}

/** Ends the rings for the waiting customer, all but the one that was answered; agent and caller are told when the leg has ended. */
export function cancelRings(draft: Draft, why: 'no-answer' | 'cancelled', answered?: LegId): void {
  cancelRingsFor(draft, 'visit', why, answered);
}

/** The same for the waiting customer (`visit`) or the guest of that id. */
export function cancelRingsFor(draft: Draft, whom: string, why: 'no-answer' | 'cancelled', answered?: LegId): void {
  const cause = why === 'no-answer' ? CAUSE.noAnswer : CAUSE.normal;
  for (const { legId, for: waiting } of draft.state.offers) {
    if (legId === answered || waiting !== whom) continue;
    noteEnd(draft, legId, why);
    dropLeg(draft, legId, cause);
  }
}

/** Keeps the first reason for which we ended a ring. */
export function noteEnd(draft: Draft, legId: LegId, why: 'no-answer' | 'cancelled'): void {
  const offers = draft.state.offers.map((offer) =>
    offer.legId === legId ? { ...offer, ended: offer.ended ?? why } : offer,
  );
  draft.set({ offers });
}

/** A ring that came to nothing by the switch's fault, not the agent's: he stays ready. */
export function excuseAgent(draft: Draft, legId: LegId): void {
  noteEnd(draft, legId, 'cancelled');
}

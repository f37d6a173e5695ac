import { CAUSE } from '../../call/cause.ts';
import type { Draft } from './actions.ts';

export function ringTooLong(draft: Draft): void {
  cancelRing(draft, 'no-answer');
}

/** Ends the ring; the agent and the caller are told when the leg has ended. */
export function cancelRing(draft: Draft, why: 'no-answer' | 'cancelled'): void {
  const { offer } = draft.state;
  if (!offer) return;
  const cause = why === 'no-answer' ? CAUSE.noAnswer : CAUSE.normal;
  draft.set({ offer: { ...offer, ended: offer.ended ?? why } }).tell({ type: 'hangup', legId: offer.legId, cause });
}

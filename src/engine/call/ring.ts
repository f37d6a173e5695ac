import { CAUSE } from '../../call/cause.ts';
import type { LegId } from '../../call/ids.ts';
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

/** A ring that came to nothing by the switch's fault, not the agent's: he stays ready. */
export function excuseAgent(draft: Draft, legId: LegId): void {
  const { offer } = draft.state;
  if (offer?.legId === legId) draft.set({ offer: { ...offer, ended: offer.ended ?? 'cancelled' } });
}

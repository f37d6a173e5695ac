import { CAUSE, verdictOf } from '../../call/cause.ts';
import type { LegId, QueueName } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import type { CallLeg, CallOffer } from './state.ts';

/**
 * The agent follows his leg: he is let go when it has ended and not before, whoever hung up, so that his phone is free when
 * the next call rings it. Answers the offer that has failed with it, or null when he was in the call.
 */
export function agentLegEnded(draft: Draft, leg: CallLeg): CallOffer | null {
  const offer = draft.state.offers.find(({ legId }) => legId === leg.id) ?? null;
  if (offer) offerFailed(draft, leg, offer);
  else release(draft, leg.id);
  return offer;
}

function offerFailed(draft: Draft, leg: CallLeg, offer: CallOffer): void {
  const verdict = offer.ended ?? verdictOf(leg.cause ?? CAUSE.unknown, false);
  const { agentId, fence, for: whom, at } = offer;
  const rest = draft.state.offers.filter((other) => other !== offer);
  draft
    .set({ offers: rest })
    .act({ type: 'agent', agentId, event: { type: 'fail', verdict } })
    .act({ type: 'reservation.end', fence })
    .fact({
      type: 'call.offer.failed',
      data: {
        queue: draft.state.guests.find(({ id }) => id === whom)?.request?.queue ?? draft.state.record.queue ?? '',
        agentId,
        verdict,
        rangMs: Math.max(0, draft.now - at),
        ...(whom !== 'visit' && { guest: whom }),
      },
    });
  if (whom === 'visit' && !rest.some((other) => other.for === 'visit')) draft.timer('call:ring', null);
}

/** From now on he is in this call, and let go when his leg has ended. */
export function serve(draft: Draft, offer: CallOffer, wrapUpMs: number, queue: QueueName | null): void {
  const { agentId, legId, fence } = offer;
  draft
    .set({
      offers: draft.state.offers.filter((other) => other.legId !== legId),
      serving: [...draft.state.serving, { agentId, legId, wrapUpMs }],
    })
    .act({ type: 'agent', agentId, event: { type: 'answer', queue } }, { type: 'reservation.end', fence });
}

function release(draft: Draft, legId: LegId): void {
  const { serving, talk, wrapUpMs } = draft.state;
  // Calls of an older Callwright know of the talk alone.
  const served = serving.find((each) => each.legId === legId) ?? (talk?.legId === legId ? { ...talk, wrapUpMs } : null);
  if (!served) return;
  draft
    .set({ serving: serving.filter((each) => each.legId !== legId) })
    .act({ type: 'agent', agentId: served.agentId, event: { type: 'release', wrapUpMs: served.wrapUpMs } });
}

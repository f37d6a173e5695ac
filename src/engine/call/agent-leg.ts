import { CAUSE, verdictOf } from '../../call/cause.ts';
import type { Draft } from './actions.ts';
import type { CallLeg } from './state.ts';

/**
 * The agent follows his leg: he is let go when it has ended and not before, whoever hung up, so that his phone is free when
 * the next call rings it.
 */
export function agentLegEnded(draft: Draft, leg: CallLeg): void {
  const { offers, talk } = draft.state;
  if (offers.some(({ legId }) => legId === leg.id)) offerFailed(draft, leg);
  else if (talk?.legId === leg.id) released(draft);
}

function offerFailed(draft: Draft, leg: CallLeg): void {
  const offer = draft.state.offers.find(({ legId }) => legId === leg.id);
  if (!offer) return;
  const verdict = offer.ended ?? verdictOf(leg.cause ?? CAUSE.unknown, false);
  draft
    .set({ offers: draft.state.offers.filter((other) => other !== offer) })
    .act({ type: 'agent', agentId: offer.agentId, event: { type: 'fail', verdict } })
    .act({ type: 'reservation.end', fence: offer.fence })
    .fact({
      type: 'call.offer.failed',
      data: {
        queue: draft.state.record.queue ?? '',
        agentId: offer.agentId,
        verdict,
        rangMs: Math.max(0, draft.now - offer.at),
      },
    });
  if (draft.state.offers.length === 0) draft.timer('call:ring', null);
}

function released(draft: Draft): void {
  const { talk } = draft.state;
  if (!talk) return;
  const wrapUpMs = draft.state.wrapUpMs;
  draft.act({ type: 'agent', agentId: talk.agentId, event: { type: 'release', wrapUpMs } });
}

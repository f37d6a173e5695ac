import { CAUSE, type Verdict, verdictOf } from '../../call/cause.ts';
import { newLeg } from '../../call/leg.ts';
import type { DialTarget } from '../../call/switch.ts';
import type { Draft } from './actions.ts';
import { servedElsewhere } from './away.ts';
import { type CallLeg, customer } from './state.ts';
import { dialTarget } from './way-out.ts';
import type { CallWorld } from './world.ts';

type TransferOutcome = 'answeredEnd' | 'busy' | 'noAnswer' | 'failed';

const OUTCOME: Readonly<Partial<Record<Verdict, TransferOutcome>>> = {
  busy: 'busy',
  rejected: 'busy',
  'no-answer': 'noAnswer',
  cancelled: 'noAnswer',
  unreachable: 'noAnswer',
};

/** A number was judged when its flow was loaded, and is again: what was allowed then may not be now, or be too much. */
export function transferTo(draft: Draft, to: DialTarget, ringMs: number, world: CallWorld): void {
  const why =
    to.kind === 'number'
      ? world.outsideRefusal(to.number, { kind: 'flow', name: draft.state.record.flow ?? '' })
      : null;
  if (to.kind === 'phone' || why === null) return startTransfer(draft, to, ringMs);
  const { flowId = '', nodeId = '' } = draft.state.flow ?? {};
  draft
    .fact({ type: 'transfer.refused', data: { flow: flowId, node: nodeId, to: to.number, why } })
    .resumeFlow({ type: 'transfer.ended', outcome: 'failed' });
}

/** Rings somebody outside the queues; the caller hears ringing until there is an answer. */
export function startTransfer(draft: Draft, to: DialTarget, ringMs: number): void {
  const legId = draft.newId('leg');
  const bridgeId = draft.newId('bridge');
  const { state, now } = draft;
  const name = to.kind === 'phone' ? to.name : to.number;
  draft
    .set({
      phase: 'transferring',
      legs: [...state.legs, { ...newLeg(legId, now), role: 'transfer' }],
      transfer: { legId, bridgeId, to: name, since: null },
    })
    .timer('call:transfer', now + ringMs)
    .tell({ type: 'ring', legId: customer(state).id });
  dialTarget(draft, legId, to, { callerId: state.ani, ringMs });
}

export function transferTooLong(draft: Draft): void {
  const { transfer, phase } = draft.state;
  if (phase !== 'transferring' || !transfer) return;
  draft.tell({ type: 'hangup', legId: transfer.legId, cause: CAUSE.noAnswer });
}

export function transferAnswered(draft: Draft, leg: CallLeg): void {
  const { transfer, phase } = draft.state;
  if (phase !== 'transferring' || transfer?.legId !== leg.id) return;
  servedElsewhere(draft);
  draft
    .set({ phase: 'transferred', transfer: { ...transfer, since: draft.now } })
    .timer('call:transfer', null)
    .record({ outcome: 'transferred' });
}

/** The far side is gone: the flow goes on with the outcome it names. */
export function transferEnded(draft: Draft, leg: CallLeg): void {
  const { transfer, phase } = draft.state;
  if (transfer?.legId !== leg.id || (phase !== 'transferring' && phase !== 'transferred')) return;
  const verdict = verdictOf(leg.cause ?? CAUSE.unknown, leg.answeredAt !== undefined);
  const outcome = verdict === 'completed' ? 'answeredEnd' : (OUTCOME[verdict] ?? 'failed');
  draft
    .timer('call:transfer', null)
    .set({ transfer: null })
    .fact({ type: 'call.transferred', data: { to: transfer.to, outcome } });
  draft.resumeFlow({ type: 'transfer.ended', outcome });
}

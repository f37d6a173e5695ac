import { offersCallback, startWaiting } from '../../acd/waiting.ts';
import type { FlowStep } from '../../ivr/step.ts';
import type { Draft } from './actions.ts';
import { hush, leaveQueue, treat, waitedSoFar } from './queue-phase.ts';
import { lostWaiting } from './returning-phase.ts';
import { cancelRings } from './ring.ts';
import type { CallState } from './state.ts';
import type { CallWorld } from './world.ts';

/** A key of a waiting caller: one that leads out of the queue does so also while an agent's phone rings. */
export function waitingKey(draft: Draft, digit: string): void {
  const { visit } = draft.state;
  if (visit?.request.exitKeys.includes(digit)) leaveQueue(draft, 'exitKey', digit);
  else if (wantsCallback(visit, digit)) decide(draft);
}

/** Is it the key by which the caller is called back, and was he told of it? */
function wantsCallback(visit: CallState['visit'], digit: string): boolean {
  if (!visit?.treatment || visit.request.offerCallback?.key !== digit) return false;
  return visit.request.offerCallback.whenEstimateOverMs === 0 || offersCallback(visit.treatment);
}

/**
 * The caller wants to be called back: his flow asks for the number. For the books he waits on meanwhile, with nobody rung for
 * him, until it is decided.
 */
function decide(draft: Draft): void {
  const { visit, phase, flow } = draft.state;
  if (!visit || !flow || (phase !== 'queued' && phase !== 'offering')) return;
  cancelRings(draft, 'cancelled');
  hush(draft);
  const data = { queue: visit.request.queue, waitedMs: waitedSoFar(draft.state, draft.now) };
  draft.fact({ type: 'callback.wanted', data });
  draft.set({ deciding: visit, visit: null }).resumeFlow({ type: 'callback.wanted' });
}

/** He would rather wait, and has the place he had; his longest wait goes on from where it was. */
export function waitOn(draft: Draft, world: CallWorld): void {
  const { deciding, id, made } = draft.state;
  const profile = deciding && world.queues.get(deciding.request.queue);
  if (!deciding || !profile) return;
  const { request, treatment, since, enqueuedAt } = deciding;
  draft.set({ made: made + 1 });
  const voice = { callId: `${id}-${made + 1}`, language: treatment?.language ?? request.language };
  const waiting = startWaiting(profile, request, since ?? enqueuedAt, voice);
  const callback = waiting.state.callback && { ...waiting.state.callback, saidAt: draft.now };
  const again = { ...waiting.state, callback, announced: treatment?.announced ?? null, told: treatment?.told ?? null };
  draft
    .set({ phase: 'queued', deciding: null, visit: { ...deciding, treatment: again, position: 0 } })
    .fact({ type: 'callback.declined', data: { queue: request.queue, waitedMs: waitedSoFar(draft.state, draft.now) } });
  treat(draft, waiting.commands);
}

/** The flow went on from where he was asked: he is called back, or has gone, or something failed. */
export function noteDecided(draft: Draft, { facts }: Pick<FlowStep, 'facts'>): void {
  const { deciding, record } = draft.state;
  const left = facts.find((fact) => fact.type === 'flow.node.left');
  if (!deciding || !left) return;
  const waitedMs = waitedSoFar({ ...draft.state, visit: deciding }, draft.now);
  const { queue } = deciding.request;
  draft.record({ waitedMs: record.waitedMs + waitedMs });
  const { outcome } = left.data;
  if (outcome === 'hangup') {
    lostWaiting(draft);
    draft
      .record({ outcome: 'abandoned' })
      .fact({ type: 'call.abandoned', data: { queue, waitedMs, while: 'waiting' } });
  } else {
    const why = outcome === 'callbackTaken' ? outcome : 'error';
    draft.set({ returning: null }).fact({ type: 'call.queue.left', data: { queue, outcome: why, waitedMs } });
  }
  draft.set({ deciding: null });
}

import { CAUSE, type HangupCause } from '../../call/cause.ts';
import type { LegId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { type CallLeg, isLive } from './state.ts';

/**
 * Ends a leg that this call needs no more: it is hung up, or, when it is an agent's line that was lent to the call, given
 * back. Either way its `leg.ended` comes afterwards, and the agent follows that.
 */
export function dropLeg(draft: Draft, legId: LegId, cause: HangupCause): void {
  const leg = draft.state.legs.find((each) => each.id === legId);
  if (!isLive(leg) || leg.dropped === true) return;
  if (leg.planned === true) return forget(draft, leg);
  if (leg.lent !== true) return draft.isLeaving(legId) ? undefined : void draft.tell({ type: 'hangup', legId, cause });
  const { legs } = draft.state;
  draft.set({ legs: legs.map((each) => (each === leg ? { ...leg, dropped: true } : each)) });
  return giveBack(draft, legId, cause);
}

/**
 * A line goes back as it came: it listens to nobody, and the next caller hears who sits on it. May be said again when it may
 * have been lost: the line comes back once.
 */
export function giveBack(draft: Draft, legId: LegId, cause: HangupCause): void {
  const { talk, room, aside } = draft.state;
  for (const bridgeId of new Set([talk?.bridgeId, room, aside])) {
    if (bridgeId) draft.tell({ type: 'part', bridgeId, legId });
  }
  draft.tell({ type: 'monitor.stop', legId }).tell({ type: 'mute', legId, on: false });
  draft.act({ type: 'line.back', legId, q850: cause.q850 });
}

/** It was never there, so nobody will tell of its end. */
function forget(draft: Draft, leg: CallLeg): void {
  const ended = { ...leg, phase: 'ended', endedAt: draft.now, cause: CAUSE.normal } as const;
  draft.set({ legs: draft.state.legs.map((each) => (each === leg ? ended : each)) });
}

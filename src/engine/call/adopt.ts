import { CAUSE } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { apologyAgain } from './apology-phase.ts';
import { arrange } from './arrange.ts';
import { giveBack } from './drop.ts';
import { dropLeg } from './drop.ts';
import { endCall } from './ending.ts';
import { carryErrandOn } from './errand-phase.ts';
import { legNews } from './leg-news.ts';
import { excuseAgent } from './ring.ts';
import { dismissed } from './policy-phase.ts';
import { waitInput } from './queue-phase.ts';
import { reseat } from './seating.ts';
import { settle } from './settle.ts';
import { customer } from './state.ts';
import type { CallWorld } from './world.ts';
import { flowInput, resumePending } from './flow-phase.ts';
import { findAgain } from './returning-phase.ts';
import { findRecording } from './recording.ts';

interface Seen {
  readonly legs: ReadonlyMap<LegId, 'down' | 'ringing' | 'up'>;
  readonly since: EpochMs;
}

/**
 * Carries a call on after an outage, from what the switch still holds. Events of the outage are lost for good, so each
 * difference is played in as the event that must have happened; a playback nobody watched counts as finished.
 */
export function adopt(draft: Draft, seen: Seen, world: CallWorld): void {
  const at = draft.now;
  const { phase, direction } = draft.state;
  // An errand that waits for its turn: nothing of it was ever on a switch, or told.
  if (phase === 'promised' && draft.state.seq === 0) return;
  draft.fact({ type: 'call.adopted', data: { direction, phase } });
  for (const leg of draft.state.legs.filter(
    (each) => each.phase !== 'ended' && !each.planned && each.startedAt < seen.since,
  )) {
    const now = seen.legs.get(leg.id);
    if (now !== undefined && leg.dropped === true) giveBack(draft, leg.id, CAUSE.normal);
    else if (now === undefined) {
      draft.set({ detected: leg.role === 'customer' ? 'reconcile' : draft.state.detected });
      excuseAgent(draft, leg.id);
      legNews(draft, { type: 'leg.ended', legId: leg.id, at, cause: CAUSE.unknown });
    } else if (now !== 'down' && leg.phase === 'new') {
      legNews(draft, { type: now === 'up' ? 'leg.answered' : 'leg.ringing', legId: leg.id, at });
    } else if (now === 'up' && leg.phase === 'ringing') {
      legNews(draft, { type: 'leg.answered', legId: leg.id, at });
    }
  }
  settle(draft, world);
  endLeftovers(draft);
  arrange(draft);
  resumePending(draft, world);
  if (draft.state.phase === phase) carryOn(draft, world);
}

/** Legs that were to be hung up, and perhaps never were: nobody would hear them, and they nobody. */
function endLeftovers(draft: Draft): void {
  const { legs, offers, talk, guests } = draft.state;
  const wanted = new Set([
    talk?.legId,
    ...guests.map(({ legId }) => legId),
    ...offers.flatMap(({ legId, ended }) => (ended === null ? [legId] : [])),
  ]);
  for (const { id, role } of legs) {
    if ((role === 'agent' || role === 'guest') && !wanted.has(id)) dropLeg(draft, id, CAUSE.normal);
  }
}

/** Puts once more everybody where he is to be; harmless for who is. */
export function joinAgain(draft: Draft): void {
  for (const command of reseat(draft.state)) draft.tell(command);
}

/** Still in the phase in which we left it: do again what may have been lost, all of it harmless when it was not. */
function carryOn(draft: Draft, world: CallWorld): void {
  const { state } = draft;
  joinAgain(draft);
  if (state.phase === 'flow') flowGoesOn(draft, world);
  if (state.phase === 'dismissing') dismissed(draft);
  apologyAgain(draft, world);
  carryErrandOn(draft);
  findAgain(draft);
  if (state.visit) waitInput(draft, { type: 'resumed' });
  // Written down, and perhaps never said: without it the leg would stay up with nobody to serve it.
  if (state.phase === 'ending') endCall(draft);
  // Who was to ask the law for it is gone, and nobody was dialled: the lead is shown anew.
  if (state.preview && !state.attempt) endCall(draft);
}

function flowGoesOn(draft: Draft, world: CallWorld): void {
  const { flow, asked } = draft.state;
  if (!flow) return;
  const { playbackId, recordingId } = flow;
  if (recordingId !== null) findRecording(draft, customer(draft.state).id, recordingId);
  if (asked !== null) draft.act({ type: 'request', requestId: asked.requestId });
  if (playbackId === null) return;
  // What the dead process began to say may still be running, and nobody would hear its end.
  draft.tell({ type: 'stop', playbackId });
  flowInput(draft, { type: 'playback.finished', playbackId, completed: true }, world);
}

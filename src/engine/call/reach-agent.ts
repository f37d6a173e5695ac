import type { Verdict } from '../../call/cause.ts';
import type { AgentId, LegId, PlaybackId } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import type { Reach } from '../../call/reach.ts';
import type { Draft } from './actions.ts';
import type { CallLeg, CallOffer } from './state.ts';
import { dialTarget } from './way-out.ts';
import type { CallWorld } from './world.ts';

/** An agent who is held for this call, and how he is reached. */
export interface Reserved {
  readonly agentId: AgentId;
  readonly reach: Reach;
  readonly fence: number;
}

interface Ring {
  readonly ringMs: number;
  /** For the waiting customer (`visit`), or for the guest of this id. */
  readonly for: string;
  readonly role: CallLeg['role'];
}

/**
 * Rings the agent, or lets him hear on his line that a call comes; either way `leg.answered` tells that he is there. Answers
 * the leg, or null when he is at a number that may not be dialled, or on a line of another switch: he is free again then.
 */
export function reachAgent(draft: Draft, agent: Reserved, ring: Ring, world: CallWorld): LegId | null {
  const { agentId, fence, reach } = agent;
  // A line is up on one switch; a call on another cannot be joined with it.
  const isElsewhere = reach.kind === 'line' && reach.node !== draft.state.node;
  const number = reach.kind === 'dial' && reach.to.kind === 'number' ? reach.to.number : null;
  const isRefused = number !== null && world.outsideRefusal(number) !== null;
  if (isElsewhere || isRefused) return letGo(draft, agent, 'unreachable');
  const legId = reach.kind === 'line' ? reach.legId : draft.newId('leg');
  const about = { ...(reach.kind === 'line' && { lent: true }), ...(number !== null && { number }) };
  // A line that this call was lent before is in its list already, as ended.
  const others = draft.state.legs.filter(({ id }) => id !== legId);
  draft.set({
    legs: [...others, { ...newLeg(legId, draft.now), role: ring.role, ...about }],
    offers: [...draft.state.offers, { agentId, legId, fence, at: draft.now, for: ring.for, ended: null }],
  });
  if (reach.kind === 'line') announce(draft, legId, fence);
  else dial(draft, legId, reach.to, ring.ringMs);
  return legId;
}

/** The agent is free again: the offer came to nothing before he was rung. */
export function letGo(draft: Draft, { agentId, fence }: Reserved, verdict: Verdict): null {
  draft.act({ type: 'agent', agentId, event: { type: 'fail', verdict } }).act({ type: 'reservation.end', fence });
  return null;
}

function dial(draft: Draft, legId: LegId, to: Extract<Reach, { kind: 'dial' }>['to'], ringMs: number): void {
  const { direction, ani, dnis } = draft.state;
  dialTarget(draft, legId, to, { callerId: direction === 'inbound' ? ani : dnis, ringMs });
}

/** He hears a beep before he hears the caller; a line that is gone plays none, so nobody is joined with silence. */
function announce(draft: Draft, legId: LegId, fence: number): void {
  const { language } = draft.state;
  const playbackId = beepOf({ legId, fence });
  draft.tell({ type: 'play', legId, playbackId, media: [{ kind: 'tone', name: 'beep' }], language });
}

const beepOf = ({ legId, fence }: Pick<CallOffer, 'legId' | 'fence'>): PlaybackId => `${legId}-beep-${fence}`;

/** The leg of the line whose beep this was, heard or not; null: this was no beep of a line. */
export function lineOf(draft: Draft, playbackId: PlaybackId): LegId | null {
  return draft.state.offers.find((offer) => beepOf(offer) === playbackId)?.legId ?? null;
}

import type { EpochMs } from '../call/ids.ts';
import type { Reach } from '../call/reach.ts';
import type { AgentProfile } from '../call/routing.ts';
import { type AgentLive, isFree } from './agent-live.ts';
import type { PoolAgent } from './decision.ts';
import type { Candidate } from './queue.ts';

/** An agent as the matcher sees him now. */
export function poolAgent({ live, profile }: Candidate, now: EpochMs): PoolAgent {
  return {
    id: live.id,
    profile: profileNow(profile, live.changed),
    presence: presenceOf(live, now),
    idleSince: live.idleSince,
    occupancy: live.busy.share,
    handled: live.handled,
    offeredAt: live.offeredAt,
  };
}

function presenceOf(live: AgentLive, now: EpochMs): PoolAgent['presence'] {
  if (live.status === 'logged-out') return 'out';
  if (live.status === 'not-ready') return 'away';
  return isFree(live, now) ? 'free' : 'busy';
}

/** The profile with what a supervisor changed of it; the same object when nothing was. A skill changed to null is gone. */
export function profileNow(profile: AgentProfile, changed: AgentLive['changed']): AgentProfile {
  if (changed === null) return profile;
  const kept = Object.entries({ ...profile.skills, ...changed.skills }).flatMap(([skill, level]) =>
    level === null ? [] : [[skill, level] as const],
  );
  return { ...profile, skills: Object.fromEntries(kept), queues: changed.queues ?? profile.queues };
}

/** How a call reaches him where he sits now. */
export function reachOf({ live: { seat }, profile }: Candidate): Reach {
  if (seat?.kind === 'line') return { kind: 'line', legId: seat.legId, node: seat.node };
  if (seat?.kind === 'number') return { kind: 'dial', to: { kind: 'number', number: seat.number, trunk: seat.trunk } };
  return { kind: 'dial', to: { kind: 'phone', name: seat?.phone ?? profile.phone } };
}

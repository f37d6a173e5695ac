import { occupancyAt } from '../acd/agent-busy.ts';
import type { Candidate } from '../acd/queue.ts';
import type { EpochMs } from '../call/ids.ts';
import type { Lines } from './lines.ts';
import type { AgentDetails } from './ports/floor.ts';
import type { AgentView } from './ports/service.ts';

/** An agent as he is shown: `profile` as it is kept, and what a supervisor `changed` of it beside it. */
export function agentView({ live, profile }: Candidate, line: ReturnType<Lines['of']>, now: EpochMs): AgentView {
  const { status, reason, state, since, callId, handled, missed, changed } = live;
  const { statusUntil, overran, wrapUpUntil, backOffUntil, restUntil, lastCall } = live;
  const times = { statusUntil, overran, wrapUpUntil, backOffUntil, restUntil };
  const said = lastCall && { callId: lastCall.callId, queue: lastCall.queue, disposition: lastCall.disposition };
  const occupancy = Math.round(occupancyAt(live, now) * 1_000) / 1_000;
  const seen = { status, reason, state, since, callId };
  const worked = { missed, handled, occupancy, lastCall: said, changed };
  const lineRefused = line ? null : live.lineRefused;
  return { profile, ...seen, seat: seatOf(live, line), lineRefused, ...times, ...worked };
}

function seatOf({ seat }: Candidate['live'], line: ReturnType<Lines['of']>): AgentDetails['seat'] {
  if (line && line.phase !== 'up') return { kind: 'line', at: line.at, phase: 'ringing' };
  if (seat === null) return { kind: 'own' };
  return seat.kind === 'line' ? { kind: 'line', at: seat.at, phase: 'up' } : seat;
}

import type { EpochMs } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { AgentLive, AgentSeat } from './agent-live.ts';
import { occupancyAt } from './agent-busy.ts';

/** What happened to an agent, told by how he differs from before. */
export function factsOf(before: AgentLive, after: AgentLive, now: EpochMs): readonly Fact[] {
  return TELLERS.flatMap((tell) => tell(before, after, now));
}

type Teller = (before: AgentLive, after: AgentLive, now: EpochMs) => readonly Fact[];

const TELLERS: readonly Teller[] = [status, state, seat, refusedLine, overrun, backOff, rest, profile];

function status(before: AgentLive, after: AgentLive): readonly Fact[] {
  if (after.status === before.status && after.reason === before.reason) return [];
  const { id: agentId, reason } = after;
  return [{ type: 'agent.status.changed', data: { agentId, status: after.status, previous: before.status, reason } }];
}

function state(before: AgentLive, after: AgentLive, now: EpochMs): readonly Fact[] {
  if (after.state === before.state) return [];
  const lastedMs = Math.max(0, now - before.since);
  const callId = after.callId ?? before.callId;
  const data = { agentId: after.id, state: after.state, previous: before.state, callId, lastedMs };
  return [{ type: 'agent.state.changed', data }];
}

function seat(before: AgentLive, after: AgentLive): readonly Fact[] {
  const [was, is, agentId] = [before.seat, after.seat, after.id];
  if (was === is) return [];
  if (is !== null) return [{ type: 'agent.seated', data: { agentId, kind: is.kind, at: placeOf(is) } }];
  return was?.kind === 'line' ? [{ type: 'agent.line.ended', data: { agentId, at: was.at } }] : [];
}

function refusedLine(before: AgentLive, { id: agentId, lineRefused }: AgentLive): readonly Fact[] {
  if (lineRefused === null || lineRefused === before.lineRefused) return [];
  const { at, verdict } = lineRefused;
  return [{ type: 'agent.line.refused', data: { agentId, at, verdict } }];
}

function placeOf(seat: AgentSeat): string {
  if (seat.kind === 'line') return seat.at;
  return seat.kind === 'phone' ? seat.phone : seat.number;
}

function overrun(before: AgentLive, after: AgentLive): readonly Fact[] {
  if (!after.overran || before.overran || after.statusUntil === null) return [];
  return [
    {
      type: 'agent.status.overran',
      data: { agentId: after.id, status: after.status, reason: after.reason, dueAt: after.statusUntil },
    },
  ];
}

function backOff(before: AgentLive, after: AgentLive): readonly Fact[] {
  if (after.backOffUntil === before.backOffUntil || after.backOffUntil === null) return [];
  return [{ type: 'agent.backed.off', data: { agentId: after.id, missed: after.missed, until: after.backOffUntil } }];
}

function rest(before: AgentLive, after: AgentLive, now: EpochMs): readonly Fact[] {
  if (after.restUntil === before.restUntil) return [];
  if (after.restUntil === null) return [{ type: 'agent.rest.ended', data: { agentId: after.id } }];
  const occupancy = Math.round(occupancyAt(before, now) * 1_000) / 1_000;
  return [{ type: 'agent.rest.began', data: { agentId: after.id, until: after.restUntil, occupancy } }];
}

function profile(before: AgentLive, after: AgentLive): readonly Fact[] {
  if (after.changed === before.changed) return [];
  const { skills = {}, queues = null } = after.changed ?? {};
  return [{ type: 'agent.changed', data: { agentId: after.id, skills, queues } }];
}

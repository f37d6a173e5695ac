import type { AgentStatus } from '../call/routing.ts';
import { busyNow } from './agent-busy.ts';
import { becomeIdle } from './agent-after.ts';
import type { Moment, Of, Outcome } from './agent-event.ts';
import type { AgentLive } from './agent-live.ts';
import { type FloorRules, LINE_LOST } from './agent-rules.ts';

/*
 * What the agent chooses: whether he is here, where he sits, and whether he takes calls.
 */

type Wish = Pick<Of<'set-status'>, 'status' | 'reason'>;

export function chooseWhileIdle(agent: AgentLive, wish: Wish, moment: Moment): Outcome {
  const next = choose(agent, wish, moment);
  if (next === agent || typeof next === 'string') return next;
  return { ...next, since: moment.now, idleSince: next.status === 'ready' ? moment.now : next.idleSince };
}

export function chooseDuringCall(agent: AgentLive, wish: Wish, moment: Moment): Outcome {
  if (wish.status !== 'logged-out') return choose(agent, wish, moment);
  return `Agent ${agent.id} has a call and can log out when it is over; choose not-ready to get no other after it.`;
}

export function chooseInWrapUp(agent: AgentLive, wish: Wish, moment: Moment): Outcome {
  const next = choose(agent, wish, moment);
  if (wish.status !== 'logged-out' || typeof next === 'string') return next;
  return becomeIdle(next, wish, moment);
}

export function sitDown(agent: AgentLive, event: Of<'log-in'>, moment: Moment): Outcome {
  if (agent.seat?.kind === 'line') return `Agent ${agent.id} has a line; log out first.`;
  const next = chooseWhileIdle(agent, event, moment);
  return typeof next === 'string' ? next : { ...next, seat: event.seat, lineRefused: null };
}

export function alreadyBusy(agent: AgentLive): Outcome {
  return `Agent ${agent.id} is ${agent.state} and stays where the agent sits until that is over.`;
}

function choose(agent: AgentLive, wish: Wish, moment: Moment): Outcome {
  const { status } = wish;
  const reason = status === 'not-ready' ? wish.reason : null;
  if (status === agent.status && reason === agent.reason) return agent;
  const unknown = reason === null ? null : refusal(agent, reason, moment.rules);
  if (unknown !== null) return unknown;
  const turned = turn(agent, status, moment);
  return { ...turned, status, reason, ...limitOf(reason, moment) };
}

function refusal({ id }: AgentLive, reason: string, { reasons }: FloorRules): string | null {
  if (reasons === null || reasons.has(reason)) return null;
  return `Agent ${id} cannot be not ready for '${reason}'; the reasons of this house are ${[...reasons.keys()].join(', ')}.`;
}

function limitOf(reason: string | null, { now, rules }: Moment): Pick<AgentLive, 'statusUntil' | 'overran'> {
  const maxMs = reason === null ? null : (rules.reasons?.get(reason)?.maxMs ?? null);
  return { statusUntil: maxMs === null ? null : now + maxMs, overran: false };
}

/** What comes and goes with the status: a day's work begins and ends, and who is back is asked again. */
function turn(agent: AgentLive, status: AgentStatus, { now }: Moment): AgentLive {
  const back = { missed: 0, missedBy: null, backOffUntil: null, lineRefused: null };
  const busy = busyNow(agent, now);
  if (status === 'logged-out')
    return { ...agent, ...back, busy, seat: null, restUntil: null, stretch: null, changed: null };
  if (agent.status === 'logged-out') return { ...agent, ...back, handled: {}, busy: { share: 0, at: now } };
  return status === 'ready' ? { ...agent, ...back, busy } : { ...agent, busy, backOffUntil: null, lineRefused: null };
}

/** Whoever loses his line is not asked until he says that he is back; his call, if he has one, ends by itself. */
export function lineEnded(agent: AgentLive, { legId }: Of<'line-ended'>, moment: Moment): Outcome {
  if (agent.seat?.kind !== 'line' || agent.seat.legId !== legId) return agent;
  const isFree = agent.state === 'idle' || agent.state === 'wrap-up';
  if (isFree && moment.rules.line.onHangUp === 'log-out') {
    const out = becomeIdle(turn(agent, 'logged-out', moment), null, moment);
    return { ...out, status: 'logged-out', reason: null, ...limitOf(null, moment) };
  }
  const turned = { ...turn(agent, 'not-ready', moment), seat: null, ...limitOf(null, moment) };
  const since = agent.state === 'idle' ? moment.now : agent.since;
  return { ...turned, since, status: 'not-ready', reason: LINE_LOST };
}

/** He is as he was before, and is told why. */
export function lineRefused(agent: AgentLive, { at, verdict }: Of<'line-refused'>, { now }: Moment): Outcome {
  return { ...agent, lineRefused: { at, verdict, when: now } };
}

export function change(agent: AgentLive, { changed }: Of<'change'>): Outcome {
  if (agent.status !== 'logged-out')
    return JSON.stringify(agent.changed) === JSON.stringify(changed) ? agent : { ...agent, changed };
  return `Agent ${agent.id} is logged out; what is changed of an agent holds until the agent logs out.`;
}

import { busyNow, workOn } from './agent-busy.ts';
import type { Moment, Of, Outcome } from './agent-event.ts';
import { type AgentLive, isFree } from './agent-live.ts';
import { backOffMs, REASON_AFTER, RONA_CAUSE } from './agent-rules.ts';

/*
 * An offer, from the reservation to the talk or to nothing.
 */

export function hold(agent: AgentLive, { callId, summoned = false }: Of<'reserve'>, { now }: Moment): Outcome {
  if (agent.status !== 'ready' && (!summoned || agent.status === 'logged-out'))
    return `Agent ${agent.id} cannot be offered a call: the agent is ${agent.status}.`;
  if (!summoned && !isFree(agent, now)) return `Agent ${agent.id} cannot be offered a call yet: the agent rests.`;
  const rested = { backOffUntil: null, restUntil: null };
  return { ...agent, ...rested, state: 'reserved', since: now, callId, offeredAt: now, busy: busyNow(agent, now) };
}

export function ring(agent: AgentLive, { legId }: Of<'ring'>, { now }: Moment): Outcome {
  return { ...agent, state: 'ringing', since: now, legId };
}

export function answer(agent: AgentLive, { queue = null }: Of<'answer'>, { now, rules }: Moment): Outcome {
  const handled = queue === null ? agent.handled : { ...agent.handled, [queue]: (agent.handled[queue] ?? 0) + 1 };
  const { callId } = agent;
  const lastCall = callId === null ? null : { callId, queue, endedAt: null, disposition: null };
  const stretch = workOn(agent, rules, now);
  return {
    ...agent,
    state: 'talking',
    since: now,
    handled,
    lastCall,
    stretch,
    missed: 0,
    missedBy: null,
    backOffUntil: null,
  };
}

/** The offer is over; he waits on as if it had not been made. */
export function keepPlace(agent: AgentLive, _event: unknown, { now }: Moment): AgentLive {
  const busy = busyNow(agent, now);
  return { ...agent, state: 'idle', since: now, callId: null, legId: null, wrapUpUntil: null, busy };
}

/** Who gave no answer is offered nothing for a while, or nothing at all until he is back; see `PLAIN_FLOOR`. */
export function offerFailed(agent: AgentLive, event: Of<'fail'>, moment: Moment): Outcome {
  const idle = keepPlace(agent, event, moment);
  const cause = RONA_CAUSE[event.verdict];
  if (cause === null || agent.status !== 'ready') return idle;
  const missed = agent.missed + 1;
  const rule = moment.rules.rona[cause];
  if (rule.notReadyAfter !== null && missed >= rule.notReadyAfter)
    return { ...idle, missed, missedBy: cause, status: 'not-ready', reason: REASON_AFTER[cause] };
  return { ...idle, missed, missedBy: cause, backOffUntil: moment.now + backOffMs(rule, missed) };
}

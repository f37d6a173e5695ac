import { busyNow, restDue } from './agent-busy.ts';
import type { Moment, Of, Outcome } from './agent-event.ts';
import type { AgentLive } from './agent-live.ts';

/*
 * What comes after a talk: wrap-up, what the agent says of the call, rest.
 */

/** What an agent says of a call is taken for so long after it, unless he has the next one by then. */
const DISPOSE_WITHIN_MS = 10 * 60_000;

export function wrapUp(agent: AgentLive, event: Of<'release'>, moment: Moment): Outcome {
  const over = { ...agent, lastCall: ended(agent, moment) };
  if (event.wrapUpMs <= 0) return goIdle(over, event, moment);
  const { now } = moment;
  const until = now + event.wrapUpMs;
  const gone = { callId: null, legId: null };
  return { ...over, ...gone, state: 'wrap-up', since: now, wrapUpUntil: until, wrapUpExtendedMs: 0 };
}

/** Idle again after work, and perhaps to rest first. */
export function goIdle(agent: AgentLive, event: unknown, moment: Moment): AgentLive {
  const { now, rules } = moment;
  const idle = becomeIdle(agent, event, moment);
  if (restDue(agent, rules, now) === null) return idle;
  return { ...idle, restUntil: now + rules.rest.pauseMs, stretch: null };
}

export function becomeIdle(agent: AgentLive, _event: unknown, moment: Moment): AgentLive {
  const { now } = moment;
  const stretch = agent.stretch && { ...agent.stretch, until: now };
  const gone = { callId: null, legId: null, wrapUpUntil: null, wrapUpExtendedMs: 0 };
  const lastCall = agent.state === 'talking' ? ended(agent, moment) : agent.lastCall;
  return { ...agent, ...gone, state: 'idle', since: now, idleSince: now, stretch, lastCall, busy: busyNow(agent, now) };
}

const ended = ({ lastCall }: AgentLive, { now }: Moment): AgentLive['lastCall'] =>
  lastCall && { ...lastCall, endedAt: lastCall.endedAt ?? now };

export function extend(agent: AgentLive, { byMs, mostMs }: Of<'extend-wrap-up'>): Outcome {
  const left = mostMs - agent.wrapUpExtendedMs;
  if (left <= 0) return `Agent ${agent.id} has extended this wrap-up as far as the queue allows.`;
  const more = Math.min(byMs, left);
  const until = (agent.wrapUpUntil ?? 0) + more;
  return { ...agent, wrapUpUntil: until, wrapUpExtendedMs: agent.wrapUpExtendedMs + more };
}

export function dispose(agent: AgentLive, { disposition, callId }: Of<'dispose'>, { now }: Moment): Outcome {
  const { lastCall, id } = agent;
  const isLate =
    lastCall?.endedAt !== undefined && lastCall.endedAt !== null && now - lastCall.endedAt > DISPOSE_WITHIN_MS;
  if (lastCall === null || isLate) return `Agent ${id} has had no call lately that something could be said of.`;
  if (callId !== null && callId !== lastCall.callId) return `Agent ${id} had another call since; its time is over.`;
  return { ...agent, lastCall: { ...lastCall, disposition } };
}

export function endRest(agent: AgentLive): Outcome {
  if (agent.restUntil === null && agent.backOffUntil === null) return `Agent ${agent.id} does not rest.`;
  return { ...agent, restUntil: null, backOffUntil: null };
}

/** Does what is due, each once, and the same when it is asked twice. */
export function tick(agent: AgentLive, event: Of<'tick'>, moment: Moment): Outcome {
  const { now } = moment;
  const isDue = (at: number | null) => at !== null && at <= now;
  const wrapped = agent.state === 'wrap-up' && isDue(agent.wrapUpUntil) ? goIdle(agent, event, moment) : agent;
  const overran = !wrapped.overran && isDue(wrapped.statusUntil);
  const rested = isDue(wrapped.restUntil) || isDue(wrapped.backOffUntil);
  if (!overran && !rested) return wrapped;
  return {
    ...wrapped,
    overran: wrapped.overran || overran,
    restUntil: isDue(wrapped.restUntil) ? null : wrapped.restUntil,
    backOffUntil: isDue(wrapped.backOffUntil) ? null : wrapped.backOffUntil,
  };
}

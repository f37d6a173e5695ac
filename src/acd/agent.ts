import type { EpochMs } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { AgentState } from '../call/routing.ts';
import { becomeIdle, dispose, endRest, extend, goIdle, tick, wrapUp } from './agent-after.ts';
import {
  alreadyBusy,
  change,
  chooseDuringCall,
  chooseInWrapUp,
  chooseWhileIdle,
  lineEnded,
  lineRefused,
  sitDown,
} from './agent-choice.ts';
import type { AgentEvent, EventType, Moment, Move, Of, Outcome } from './agent-event.ts';
import { factsOf } from './agent-facts.ts';
import type { AgentLive } from './agent-live.ts';
import { answer, hold, keepPlace, offerFailed, ring } from './agent-offer.ts';
import { type FloorRules, PLAIN_FLOOR } from './agent-rules.ts';

export type { AgentEvent } from './agent-event.ts';
export { type AgentLive, agentLiveSchema, isFree, newAgent } from './agent-live.ts';

export type AgentStep =
  | { readonly ok: true; readonly agent: AgentLive; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly sentence: string };

/** What can happen in every state. */
const ANYWHERE = {
  'line-ended': lineEnded,
  'line-refused': lineRefused,
  change,
  tick,
} satisfies Partial<{ [T in EventType]: Move<T> }>;
/** What happens to an offer or to wrap-up, and to nothing else. */
const NOT_HERE = {
  'log-in': alreadyBusy,
  reserve: refuse,
  ring: refuse,
  answer: refuse,
  release: refuse,
  fail: refuse,
  'wrap-up-over': refuse,
  'extend-wrap-up': refuse,
  dispose,
  'end-rest': refuse,
  ...ANYWHERE,
};

/**
 * One agent: what he chose (status) and what is seen of him (state).
 *
 *            reserve           ring            answer            release
 *     idle ──────────▶ reserved ────▶ ringing ──────▶ talking ──────────▶ wrap-up
 *      ▲ ▲                │              │               │ │                 │
 *      │ └───── fail ─────┴──────────────┘               │ │                 │
 *      ├────── free (from reserved, ringing, talking) ───┘ │                 │
 *      └────── release without wrap-up ────────────────────┘── wrap-up-over ─┘
 *                                                              or tick
 *
 * Only an agent who is ready and idle, and neither rests nor backs off, is offered calls. A status chosen during a call or in
 * wrap-up holds for afterwards.
 */
const MOVES: Readonly<Record<AgentState, { readonly [T in EventType]: Move<T> }>> = {
  idle: {
    ...NOT_HERE,
    'set-status': chooseWhileIdle,
    'log-in': sitDown,
    reserve: hold,
    'end-rest': endRest,
    free: stay,
  },
  reserved: { ...NOT_HERE, 'set-status': chooseDuringCall, ring, fail: offerFailed, free: keepPlace },
  ringing: { ...NOT_HERE, 'set-status': chooseDuringCall, answer, fail: offerFailed, free: keepPlace },
  talking: { ...NOT_HERE, 'set-status': chooseDuringCall, release: wrapUp, free: becomeIdle },
  'wrap-up': {
    ...NOT_HERE,
    'set-status': chooseInWrapUp,
    'wrap-up-over': goIdle,
    'extend-wrap-up': extend,
    free: stay,
  },
};

/** Moves an agent on. Total: an event that does not fit is refused with a sentence, and nothing has changed. */
export function agentStep(
  agent: AgentLive,
  event: AgentEvent,
  now: EpochMs,
  rules: FloorRules = PLAIN_FLOOR,
): AgentStep {
  const move = MOVES[agent.state][event.type] as (agent: AgentLive, event: AgentEvent, moment: Moment) => Outcome;
  const next = move(agent, event, { now, rules });
  if (typeof next === 'string') return { ok: false, sentence: next };
  const facts = factsOf(agent, next, now);
  return { ok: true, agent: next, facts: event.type === 'dispose' ? [...facts, disposed(next, event)] : facts };
}

/** Said again it is told again: the last word counts. */
function disposed({ id: agentId, lastCall }: AgentLive, { disposition, about = {} }: Of<'dispose'>): Fact {
  const { callId = '', queue = null } = lastCall ?? {};
  return { type: 'call.disposed', data: { ...about, callId, agentId, queue, disposition } };
}

function refuse(agent: AgentLive, event: AgentEvent): Outcome {
  if (event.type === 'wrap-up-over' || event.type === 'extend-wrap-up') return `Agent ${agent.id} is not in wrap-up.`;
  if (event.type === 'end-rest') return `Agent ${agent.id} does not rest.`;
  if (event.type === 'reserve') return `Agent ${agent.id} cannot be offered a call: the agent is ${agent.state}.`;
  return `Agent ${agent.id} is ${agent.state}, where '${event.type}' cannot happen.`;
}

function stay(agent: AgentLive): Outcome {
  return agent;
}

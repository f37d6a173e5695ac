import { z } from 'zod';
import type { Verdict } from '../call/cause.ts';
import type { AgentId, CallId, EpochMs, LegId, QueueName } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { AgentState, AgentStatus } from '../call/routing.ts';

/**
 * One agent: what he chose (status) and what is seen of him (state).
 *
 *            reserve           ring            answer            release
 *     idle ──────────▶ reserved ────▶ ringing ──────▶ talking ──────────▶ wrap-up
 *      ▲ ▲                │              │               │ │                 │
 *      │ └───── fail ─────┴──────────────┘               │ │                 │
 *      ├────── free (from reserved, ringing, talking) ───┘ │                 │
 *      └────── release without wrap-up ────────────────────┘── wrap-up-over ─┘
 *
 * Only an agent who is ready and idle is offered calls. A status chosen during a call or in wrap-up holds for afterwards.
 */
export const agentLiveSchema = z.object({
  id: z.string(),
  status: z.enum(['logged-out', 'ready', 'not-ready']),
  reason: z.string().nullable(),
  state: z.enum(['idle', 'reserved', 'ringing', 'talking', 'wrap-up']),
  /** Since when he is in this state; of an idle agent, since when he also has this status. */
  since: z.int(),
  /** Since when he waits for a call. An offer that the caller gave up does not cost him his place. */
  idleSince: z.int(),
  callId: z.string().nullable(),
  legId: z.string().nullable(),
  wrapUpUntil: z.int().nullable(),
  /**
   * Where calls reach him: his own phone (null), another phone, a number outside, or his line, a leg that is up all the time
   * on switch `node`, to the phone or number `at`.
   */
  seat: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('phone'), phone: z.string() }),
      z.object({ kind: z.literal('number'), number: z.string(), trunk: z.string() }),
      z.object({ kind: z.literal('line'), legId: z.string(), node: z.string(), at: z.string() }),
    ])
    .nullable()
    .default(null),
  /** When the longest time of his status is over; null: it has none. */
  statusUntil: z.int().nullable().default(null),
  /** Offers in a row that he did not take. */
  missed: z.int().default(0),
  /** Ready, but not offered a call before this: his phone was not answered, was busy, rejected or unreachable. */
  backOffUntil: z.int().nullable().default(null),
  /** Ready, but resting until then: he was busy for longer than the site allows. */
  restUntil: z.int().nullable().default(null),
  /** Talks since he logged in, by queue. */
  handled: z.record(z.string(), z.int()).default({}),
  /** When he was last offered a call. */
  offeredAt: z.int().default(0),
  /** How busy he was lately, 0–1, as it was at `at`; see `occupancyAt`. */
  busy: z.object({ share: z.number(), at: z.int() }).default({ share: 0, at: 0 }),
  /** What a supervisor changed of his profile since he logged in. */
  changed: z
    .object({ skills: z.record(z.string(), z.int().nullable()), queues: z.array(z.string()).nullable() })
    .nullable()
    .default(null),
});

export type AgentLive = Readonly<z.output<typeof agentLiveSchema>>;

export type AgentEvent =
  | { readonly type: 'set-status'; readonly status: AgentStatus; readonly reason: string | null }
  | { readonly type: 'reserve'; readonly callId: CallId }
  | { readonly type: 'ring'; readonly legId: LegId }
  /** `queue`: the one whose call it is, if it waited in one. */
  | { readonly type: 'answer'; readonly queue?: QueueName | null }
  /** The talk is over. */
  | { readonly type: 'release'; readonly wrapUpMs: number }
  /** The offer came to nothing, and this is how his leg ended. */
  | { readonly type: 'fail'; readonly verdict: Verdict }
  | { readonly type: 'wrap-up-over' }
  /** Reconciliation found that the call he holds is no more. */
  | { readonly type: 'free' };

export type AgentStep =
  | { readonly ok: true; readonly agent: AgentLive; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly sentence: string };

type EventType = AgentEvent['type'];
/** The next agent, or the sentence that says why not. */
type Outcome = AgentLive | string;
type Move<T extends EventType> = (agent: AgentLive, event: Extract<AgentEvent, { type: T }>, now: EpochMs) => Outcome;

const MOVES: Readonly<Record<AgentState, { readonly [T in EventType]: Move<T> }>> = {
  idle: {
    'set-status': chooseWhileIdle,
    reserve: hold,
    ring: refuse,
    answer: refuse,
    release: refuse,
    fail: refuse,
    'wrap-up-over': refuse,
    free: stay,
  },
  reserved: {
    'set-status': chooseDuringCall,
    reserve: refuse,
    ring: (agent, { legId }, now) => ({ ...agent, state: 'ringing', since: now, legId }),
    answer: refuse,
    release: refuse,
    fail: offerFailed,
    'wrap-up-over': refuse,
    free: keepPlace,
  },
  ringing: {
    'set-status': chooseDuringCall,
    reserve: refuse,
    ring: refuse,
    answer: (agent, _event, now) => ({ ...agent, state: 'talking', since: now }),
    release: refuse,
    fail: offerFailed,
    'wrap-up-over': refuse,
    free: keepPlace,
  },
  talking: {
    'set-status': chooseDuringCall,
    reserve: refuse,
    ring: refuse,
    answer: refuse,
    release: wrapUp,
    fail: refuse,
    'wrap-up-over': refuse,
    free: becomeIdle,
  },
  'wrap-up': {
    'set-status': chooseInWrapUp,
    reserve: refuse,
    ring: refuse,
    answer: refuse,
    release: refuse,
    fail: refuse,
    'wrap-up-over': becomeIdle,
    free: stay,
  },
};

export function newAgent(id: AgentId, now: EpochMs): AgentLive {
  return {
    id,
    status: 'logged-out',
    reason: null,
    state: 'idle',
    since: now,
    idleSince: now,
    callId: null,
    legId: null,
    wrapUpUntil: null,
    seat: null,
    statusUntil: null,
    missed: 0,
    backOffUntil: null,
    restUntil: null,
    handled: {},
    offeredAt: 0,
    busy: { share: 0, at: now },
    changed: null,
  };
}

/** May this agent be offered a call now? */
export function isFree(agent: AgentLive, now: EpochMs): boolean {
  return agent.status === 'ready' && agent.state === 'idle' && heldUntil(agent) <= now;
}

/** Until when he is not to be offered calls though he is ready. */
export const heldUntil = ({ backOffUntil, restUntil }: AgentLive): EpochMs =>
  Math.max(backOffUntil ?? 0, restUntil ?? 0);

/** Moves an agent on. Total: an event that does not fit is refused with a sentence, and nothing has changed. */
export function agentStep(agent: AgentLive, event: AgentEvent, now: EpochMs): AgentStep {
  const move = MOVES[agent.state][event.type] as (agent: AgentLive, event: AgentEvent, now: EpochMs) => Outcome;
  const next = move(agent, event, now);
  if (typeof next === 'string') return { ok: false, sentence: next };
  return { ok: true, agent: next, facts: changes(agent, next, now) };
}

function refuse(agent: AgentLive, event: AgentEvent): Outcome {
  if (event.type === 'wrap-up-over') return `Agent ${agent.id} is not in wrap-up.`;
  if (event.type === 'reserve') return `Agent ${agent.id} cannot be offered a call: the agent is ${agent.state}.`;
  return `Agent ${agent.id} is ${agent.state}, where '${event.type}' cannot happen.`;
}

function stay(agent: AgentLive): Outcome {
  return agent;
}

function hold(agent: AgentLive, { callId }: { readonly callId: CallId }, now: EpochMs): Outcome {
  if (agent.status !== 'ready') return `Agent ${agent.id} cannot be offered a call: the agent is ${agent.status}.`;
  if (!isFree(agent, now)) return `Agent ${agent.id} cannot be offered a call yet: the agent rests.`;
  return { ...agent, state: 'reserved', since: now, callId };
}

type Choice = Extract<AgentEvent, { type: 'set-status' }>;

function choose(agent: AgentLive, { status, reason }: Choice): AgentLive {
  const kept = status === 'ready' ? null : reason;
  return status === agent.status && kept === agent.reason ? agent : { ...agent, status, reason: kept };
}

function chooseWhileIdle(agent: AgentLive, choice: Choice, now: EpochMs): Outcome {
  const next = choose(agent, choice);
  if (next === agent) return agent;
  return { ...next, since: now, idleSince: next.status === 'ready' ? now : next.idleSince };
}

function chooseDuringCall(agent: AgentLive, choice: Choice): Outcome {
  if (choice.status !== 'logged-out') return choose(agent, choice);
  return `Agent ${agent.id} has a call and can log out when it is over; choose not-ready to get no other after it.`;
}

function chooseInWrapUp(agent: AgentLive, choice: Choice, now: EpochMs): Outcome {
  const next = choose(agent, choice);
  return choice.status === 'logged-out' ? becomeIdle(next, choice, now) : next;
}

function wrapUp(agent: AgentLive, event: Extract<AgentEvent, { type: 'release' }>, now: EpochMs): Outcome {
  if (event.wrapUpMs <= 0) return becomeIdle(agent, event, now);
  const over = { ...agent, callId: null, legId: null };
  return { ...over, state: 'wrap-up', since: now, wrapUpUntil: now + event.wrapUpMs };
}

function becomeIdle(agent: AgentLive, _event: AgentEvent, now: EpochMs): AgentLive {
  return { ...agent, state: 'idle', since: now, idleSince: now, callId: null, legId: null, wrapUpUntil: null };
}

function keepPlace(agent: AgentLive, event: AgentEvent, now: EpochMs): AgentLive {
  return { ...becomeIdle(agent, event, now), idleSince: agent.idleSince };
}

/** Why an agent gets no calls after his phone was not answered; nobody else is to wait on the same dead phone. */
const NOT_READY_AFTER: Readonly<Record<Exclude<Verdict, 'cancelled'>, string>> = {
  'no-answer': 'rona',
  busy: 'busy',
  rejected: 'rejected',
  completed: 'rejected', // picked up and put down again before the two were joined
  unreachable: 'unreachable',
  'invalid-number': 'unreachable',
  congestion: 'unreachable',
  failed: 'unreachable',
};

function offerFailed(agent: AgentLive, event: Extract<AgentEvent, { type: 'fail' }>, now: EpochMs): Outcome {
  const idle = keepPlace(agent, event, now);
  if (event.verdict === 'cancelled' || agent.status !== 'ready') return idle;
  return { ...idle, status: 'not-ready', reason: NOT_READY_AFTER[event.verdict] };
}

function changes(previous: AgentLive, next: AgentLive, now: EpochMs): readonly Fact[] {
  const facts: Fact[] = [];
  const agentId = next.id;
  if (next.status !== previous.status || next.reason !== previous.reason) {
    const data = { agentId, status: next.status, previous: previous.status, reason: next.reason };
    facts.push({ type: 'agent.status.changed', data });
  }
  if (next.state !== previous.state) {
    const lastedMs = Math.max(0, now - previous.since);
    const callId = next.callId ?? previous.callId;
    facts.push({
      type: 'agent.state.changed',
      data: { agentId, state: next.state, previous: previous.state, callId, lastedMs },
    });
  }
  return facts;
}

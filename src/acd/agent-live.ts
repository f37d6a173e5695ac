import { z } from 'zod';
import type { AgentId, EpochMs } from '../call/ids.ts';

const seatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phone'), phone: z.string() }),
  z.object({ kind: z.literal('number'), number: z.string(), trunk: z.string() }),
  z.object({
    kind: z.literal('line'),
    legId: z.string(),
    node: z.string(),
    at: z.string(),
    /** By which it leads to a number outside. */
    trunk: z.string().exactOptional(),
  }),
]);

/** Where an agent sits who is not at his own phone. */
export type AgentSeat = Readonly<z.output<typeof seatSchema>>;

/** All that is known of an agent at this moment, as it is stored. */
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
  /** By how much this wrap-up has been extended, ms. */
  wrapUpExtendedMs: z.int().default(0),
  /**
   * Where calls reach him: his own phone (null), another phone, a number outside, or his line, a leg that is up all the time
   * on switch `node`, to the phone or number `at`.
   */
  seat: seatSchema.nullable().default(null),
  /** The last line that he asked for and did not answer, until he chooses or logs in again; `verdict` says how it ended. */
  lineRefused: z.object({ at: z.string(), verdict: z.string(), when: z.int() }).nullable().default(null),
  /** When the longest time of his status is over; null: it has none. */
  statusUntil: z.int().nullable().default(null),
  /** That time is over, and it was told. */
  overran: z.boolean().default(false),
  /** Offers in a row that he did not take. */
  missed: z.int().default(0),
  /** Why he did not take the last of them. */
  missedBy: z.enum(['noAnswer', 'busy', 'rejected', 'unreachable']).nullable().default(null),
  /** Ready, but not offered a call before this: his phone was not answered, was busy, rejected or unreachable. */
  backOffUntil: z.int().nullable().default(null),
  /** Ready, but resting until then: he was busy for longer than the site allows. */
  restUntil: z.int().nullable().default(null),
  /** His work without a pause: from when to when. */
  stretch: z.object({ since: z.int(), until: z.int() }).nullable().default(null),
  /** Talks since he logged in, by queue. */
  handled: z.record(z.string(), z.int()).default({}),
  /** When he was last offered a call. */
  offeredAt: z.int().default(0),
  /** How busy he was lately, 0–1, as it was at `at`; see `occupancyAt`. */
  busy: z.object({ share: z.number(), at: z.int() }).default({ share: 0, at: 0 }),
  /** The call he talks or talked in last; `endedAt` null: he still does. */
  lastCall: z
    .object({
      callId: z.string(),
      queue: z.string().nullable(),
      endedAt: z.int().nullable(),
      disposition: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** What a supervisor changed of his profile since he logged in. */
  changed: z
    .object({ skills: z.record(z.string(), z.int().nullable()), queues: z.array(z.string()).nullable() })
    .nullable()
    .default(null),
});

export type AgentLive = Readonly<z.output<typeof agentLiveSchema>>;

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
    wrapUpExtendedMs: 0,
    seat: null,
    lineRefused: null,
    statusUntil: null,
    overran: false,
    missed: 0,
    missedBy: null,
    backOffUntil: null,
    restUntil: null,
    stretch: null,
    handled: {},
    offeredAt: 0,
    busy: { share: 0, at: now },
    lastCall: null,
    changed: null,
  };
}

/** May this agent be offered a call now? */
export function isFree(agent: AgentLive, now: EpochMs): boolean {
  return agent.status === 'ready' && agent.state === 'idle' && heldUntil(agent) <= now;
}

/** Until when he is not to be offered calls though he is ready. */
const heldUntil = ({ backOffUntil, restUntil }: AgentLive): EpochMs => Math.max(backOffUntil ?? 0, restUntil ?? 0);

/** When an agent has to be looked at again though nothing happens (event `tick`); null: never. */
export function tickAt(agent: AgentLive): EpochMs | null {
  const { state, wrapUpUntil, statusUntil, overran, backOffUntil, restUntil } = agent;
  const times = [
    state === 'wrap-up' ? wrapUpUntil : null,
    overran ? null : statusUntil,
    backOffUntil,
    restUntil,
  ].filter((at) => at !== null);
  return times.length > 0 ? Math.min(...times) : null;
}

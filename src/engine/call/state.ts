import { z } from 'zod';
import { flowStateSchema } from '../../ivr/state.ts';
import { waitStateSchema } from '../../acd/waiting.ts';
import type { EpochMs } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import { flowRequestSchema } from './asked.ts';
import { deedSchema } from './deeds.ts';

/**
 * A call, whole: everything another process needs to carry it on. Written to the live store before every step is acted on.
 *
 *     offered ─▶ flow ◀──────────────┐
 *                 ├─ queue ▶ queued ◀┴─ offer failed ─┐
 *                 │            └─ offer ▶ offering ───┤
 *                 │                          └ answer ▶ talking ─▶ flow (agent hung up) or ending
 *                 └─ transfer ▶ transferring ─ answer ▶ transferred ─▶ flow or ending
 *     dialing ─ answered by a person ─▶ queued ─ too late ▶ apologising ─▶ ending
 *     any phase ─ customer's leg ended, or hang-up ─▶ ending ─ last leg ended ─▶ ended
 *     flow ─ customer's leg ended while his words are put away ─▶ flow ─ they are ─▶ ending
 */
export const PHASES = [
  'dialing',
  'flow',
  'queued',
  'offering',
  'talking',
  'transferring',
  'transferred',
  'apologising',
  'ending',
  'ended',
] as const;

const at = z.number();
const legSchema = z.object({
  id: z.string(),
  role: z.enum(['customer', 'agent', 'transfer']),
  phase: z.enum(['new', 'ringing', 'up', 'ended']),
  startedAt: at,
  answeredAt: at.exactOptional(),
  endedAt: at.exactOptional(),
  cause: z.object({ q850: z.number(), sip: z.number().exactOptional() }).exactOptional(),
});

const requirements = z.array(z.object({ skill: z.string(), level: z.number() })).readonly();
const requestSchema = z.object({
  queue: z.string(),
  language: z.string(),
  require: requirements,
  priority: z.number(),
  maxWaitMs: z.number().nullable(),
  relax: z.array(z.object({ afterMs: z.number(), require: requirements })).readonly(),
  exitKeys: z.array(z.string()).readonly(),
  announce: z
    .object({
      position: z.enum(['always', 'onlyIfImproved', 'never']),
      estimate: z.enum(['range', 'never']),
      everyMs: z.number().nullable(),
      music: z.string().nullable(),
    })
    .nullable(),
  offerCallback: z.object({ key: z.string(), whenEstimateOverMs: z.number(), keepPlace: z.boolean() }).nullable(),
  preferLastAgent: z.object({ withinMs: z.number(), waitUpToMs: z.number() }).nullable(),
  preferOwner: z.object({ waitUpToMs: z.number() }).nullable().default(null),
});

export const callStateSchema = z.object({
  id: z.string(),
  phase: z.enum(PHASES),
  direction: z.enum(['inbound', 'outbound']),
  /** The release of the flows that the call began with and goes by to its end; empty: whichever runs. */
  release: z.string().default(''),
  /** Sequence number of the last journalled fact; they count up from 1 without gaps. */
  seq: z.number(),
  startedAt: at,
  answeredAt: at.nullable(),
  ani: z.string().nullable(),
  dnis: z.string(),
  source: z.string(),
  language: z.string(),
  legs: z.array(legSchema),
  flow: flowStateSchema.nullable(),
  /** What the flow asked of the world and waits for; asked again by whoever adopts the call. */
  asked: z.object({ requestId: z.string(), request: flowRequestSchema }).nullable(),
  /** What the switch still holds of the caller's words. */
  recordingId: z.string().nullable(),
  /** The current stay in a queue; its `enqueuedAt` survives failed offers and restarts, so a place is never lost. */
  visit: z
    .object({ request: requestSchema, enqueuedAt: at, treatment: waitStateSchema.nullable(), position: z.number() })
    .nullable(),
  /** Agents whose phones are rung for this call; whoever answers first gets it. */
  offers: z.array(
    z.object({
      agentId: z.string(),
      legId: z.string(),
      fence: z.number(),
      at,
      /** For the waiting customer (`visit`), or for the guest of this id. */
      for: z.string(),
      /** Why we ended the ring ourselves, which then is the verdict whatever the switch reports. */
      ended: z.enum(['no-answer', 'cancelled']).nullable(),
    }),
  ),
  talk: z.object({ agentId: z.string(), legId: z.string(), bridgeId: z.string(), since: at }).nullable(),
  transfer: z.object({ legId: z.string(), bridgeId: z.string(), to: z.string(), since: at.nullable() }).nullable(),
  attempt: z
    .object({
      campaignId: z.string(),
      leadId: z.string(),
      attemptId: z.string(),
      phase: z.enum(['dialing', 'ringing', 'waiting', 'talking', 'abandoned', 'over']),
      ringMs: z.number(),
      connectDeadlineMs: z.number(),
      wrapUpMs: z.number(),
    })
    .nullable(),
  /** Absolute times by name; the only timers a call has. */
  timers: z.record(z.string(), at),
  /** What the call record will say. */
  record: z.object({
    flow: z.string().nullable(),
    queue: z.string().nullable(),
    agentId: z.string().nullable(),
    waitedMs: z.number(),
    talkedMs: z.number(),
    outcome: z.enum(['handled', 'contained', 'abandoned', 'rejected', 'transferred', 'failed']).nullable(),
  }),
  /** Wrap-up that follows a talk, ms, as the queue or campaign of the last offer sets it. */
  wrapUpMs: z.number(),
  /** Counts legs and bridges made for this call. */
  made: z.number(),
  detected: z.enum(['event', 'reconcile']),
  /** What the last step has to do in other rooms; done when the next step is written. */
  deeds: z.array(deedSchema),
});

export type CallState = z.output<typeof callStateSchema>;
export type CallLeg = CallState['legs'][number];
export type CallPhase = CallState['phase'];
export type CallOffer = CallState['offers'][number];

export interface Offered {
  readonly id: string;
  readonly legId: string;
  readonly ani: string | null;
  readonly dnis: string;
  readonly source: string;
  readonly language: string;
  /** Without it the call is led by no flow. */
  readonly release?: string;
}

const EMPTY_RECORD = { flow: null, queue: null, agentId: null, waitedMs: 0, talkedMs: 0, outcome: null } as const;

/** A call as an arriving leg begins it. */
export function inboundCall(offered: Offered, now: EpochMs): CallState {
  return {
    id: offered.id,
    phase: 'flow',
    direction: 'inbound',
    release: offered.release ?? '',
    seq: 0,
    startedAt: now,
    answeredAt: null,
    ani: offered.ani,
    dnis: offered.dnis,
    source: offered.source,
    language: offered.language,
    legs: [{ ...newLeg(offered.legId, now), role: 'customer' }],
    flow: null,
    asked: null,
    recordingId: null,
    visit: null,
    offers: [],
    talk: null,
    transfer: null,
    attempt: null,
    timers: {},
    record: { ...EMPTY_RECORD },
    wrapUpMs: 0,
    made: 0,
    detected: 'event',
    deeds: [],
  };
}

/** A call as a campaign's attempt begins it. */
export function outboundCall(
  offered: Offered & { attempt: NonNullable<CallState['attempt']>; request: z.output<typeof requestSchema> },
  now: EpochMs,
): CallState {
  return {
    ...inboundCall(offered, now),
    phase: 'dialing',
    direction: 'outbound',
    attempt: offered.attempt,
    visit: { request: offered.request, enqueuedAt: now, treatment: null, position: 0 },
  };
}

function legOf(state: CallState, role: CallLeg['role']): CallLeg | undefined {
  return state.legs.findLast((leg) => leg.role === role);
}

/** The customer's leg; a call always has one. */
export function customer(state: CallState): CallLeg {
  const leg = legOf(state, 'customer');
  if (!leg) throw new Error(`call ${state.id} has no customer leg`);
  return leg;
}

export const isUp = (leg: CallLeg | undefined): boolean => leg?.phase === 'up';
export const isLive = (leg: CallLeg | undefined): leg is CallLeg => leg !== undefined && leg.phase !== 'ended';

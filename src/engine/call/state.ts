import { z } from 'zod';
import { flowStateSchema } from '../../ivr/state.ts';
import { waitStateSchema } from '../../acd/waiting.ts';
import type { EpochMs } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import { flowRequestSchema } from './asked.ts';
import { attemptSchema, previewSchema } from './attempt-state.ts';
import { deedSchema } from './deeds.ts';
import { errandSchema } from './errand-state.ts';
import { listeningSchema } from './listening-state.ts';
import { recordingSchema } from './recording-state.ts';
import { returningSchema } from './returning-state.ts';
import { queueRequestSchema } from './queue-request.ts';
import { waySchema } from './way-out.ts';
import { guestSchema, handedSchema, parkedSchema, placeSchema, servingSchema, talkSchema } from './talk-state.ts';

/**
 * A call, whole: everything another process needs to carry it on. Written to the live store before every step is acted on.
 *
 *     offered ─▶ flow ◀──────────────┐
 *                 ├─ queue ▶ queued ◀┴─ offer failed ─┐
 *                 │            └─ offer ▶ offering ───┤
 *                 │                          └ answer ▶ talking ─▶ flow (agent hung up) or ending
 *                 │                                     │  ▲ └─▶ queued (to a queue, or nobody is left)
 *                 │         handed over, parked ▼  │ he is there
 *                 │                                   awaiting ─▶ queued (nobody took the call)
 *                 └─ transfer ▶ transferring ─ answer ▶ transferred ─▶ flow or ending
 *     queued ─ the queue closes ▶ dismissing ─ said ▶ flow;  queued ─ overflow to another site ▶ transferring ─ nobody answers ▶ queued
 *     dialing ─ picked up ─▶ detecting ─ a machine ▶ leaving-message ─ said ▶ ending
 *        │                        └─ a person ─┐           (or at once to ending)
 *     dialing ─ answered by a person ─▶ queued ◀┘ ─ too late ▶ apologising ─▶ ending
 *     promised ─ offer ▶ offering ─ answer ▶ briefing ─ it is to be done ▶ calling-back ─ answer ▶ talking
 *        ▲ no answer ────────┘  agent hung up ──┘                               └─ not reached ─▶ ending
 *     promised (preview) ─ offer ▶ offering ─ answer ▶ briefing ─ the law lets him dial ▶ dialing ─ answer ▶ talking
 *     any phase ─ customer's leg ended, or hang-up ─▶ ending ─ last leg ended ─▶ ended
 *     flow ─ customer's leg ended while his words are put away ─▶ flow ─ they are ─▶ ending
 */
const PHASES = [
  'dialing',
  'detecting',
  'leaving-message',
  'promised',
  'flow',
  'queued',
  'offering',
  'briefing',
  'calling-back',
  'talking',
  'awaiting',
  'transferring',
  'transferred',
  'dismissing',
  'apologising',
  'ending',
  'ended',
] as const;

const at = z.number();
const legSchema = z.object({
  id: z.string(),
  role: z.enum(['customer', 'agent', 'transfer', 'guest']),
  phase: z.enum(['new', 'ringing', 'up', 'ended']),
  startedAt: at,
  answeredAt: at.exactOptional(),
  endedAt: at.exactOptional(),
  cause: z.object({ q850: z.number(), sip: z.number().exactOptional() }).exactOptional(),
  /** Yet to be dialled: the switch knows nothing of it. */
  planned: z.boolean().exactOptional(),
  /** An agent's line, which was there before the call and outlives it: never hung up by the call (`dropLeg`). */
  lent: z.boolean().exactOptional(),
  /** A lent leg on its way back. */
  dropped: z.boolean().exactOptional(),
  /** Set when it was dialled outside the house, E.164: such legs are held against the house's caps. */
  number: z.string().exactOptional(),
  /** `agent:<id>` or `campaign:<id>` that asked for it. */
  askedBy: z.string().exactOptional(),
  /** Of a leg out of the house, that of a campaign's lead excepted. */
  way: waySchema.exactOptional(),
});

const visitSchema = z.object({
  request: queueRequestSchema,
  enqueuedAt: at,
  /** When this stay began, if not at `enqueuedAt`. Later than that for a customer who came back to his old place. */
  since: at.exactOptional(),
  /** The agent who sent the customer here, to whom he goes back when nobody takes him. */
  back: z.string().exactOptional(),
  treatment: waitStateSchema.nullable(),
  position: z.number(),
  /** Waited for before all others, until then. */
  prefer: z.object({ agentId: z.string(), until: at }).exactOptional(),
  /** Queues whose agents help out. */
  also: z.array(z.string()).exactOptional(),
});

export const callStateSchema = z.object({
  id: z.string(),
  phase: z.enum(PHASES),
  direction: z.enum(['inbound', 'outbound']),
  /** The switch that has its legs; empty: whichever there is. */
  node: z.string().default(''),
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
  /** Null while no talk of it was ever recorded, paused or asked to be. */
  recording: recordingSchema.nullable().default(null),
  /** The current stay in a queue; its `enqueuedAt` survives failed offers and restarts, so a place is never lost. */
  visit: visitSchema.nullable(),
  /** The stay in a queue that goes on when nobody answers at another site, to which the call was sent. */
  away: visitSchema.nullable().default(null),
  /** The stay in a queue that goes on unless he leaves a number where he is called back. */
  deciding: visitSchema.nullable().default(null),
  returning: returningSchema.nullable().default(null),
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
  /** Null also while the customer talks with members alone, numbers outside for one. */
  talk: talkSchema.nullable(),
  guests: z.array(guestSchema).default([]),
  serving: z.array(servingSchema).default([]),
  parked: parkedSchema.nullable().default(null),
  handed: handedSchema.nullable().default(null),
  place: placeSchema.nullable().default(null),
  /** The bridge of the talk and that of the consultation; `left` are those that the last step ended. */
  room: z.string().nullable().default(null),
  aside: z.string().nullable().default(null),
  left: z.array(z.string()).default([]),
  transfer: z.object({ legId: z.string(), bridgeId: z.string(), to: z.string(), since: at.nullable() }).nullable(),
  attempt: attemptSchema.nullable(),
  preview: previewSchema.nullable().default(null),
  listening: listeningSchema.nullable().default(null),
  /** What is done for somebody who is not on the line yet. */
  errand: errandSchema.nullable().default(null),
  /** Absolute times by name; the only timers a call has. */
  timers: z.record(z.string(), at),
  /** What the call record will say. */
  record: z.object({
    flow: z.string().nullable(),
    queue: z.string().nullable(),
    agentId: z.string().nullable(),
    waitedMs: z.number(),
    /** With an agent; the time on hold is in `heldMs`. */
    talkedMs: z.number(),
    heldMs: z.number().default(0),
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

const EMPTY_RECORD = {
  flow: null,
  queue: null,
  agentId: null,
  waitedMs: 0,
  talkedMs: 0,
  heldMs: 0,
  outcome: null,
} as const;

/** A call as an arriving leg begins it. */
export function inboundCall(offered: Offered, now: EpochMs): CallState {
  return {
    id: offered.id,
    phase: 'flow',
    direction: 'inbound',
    node: '',
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
    recording: null,
    visit: null,
    away: null,
    deciding: null,
    returning: null,
    offers: [],
    talk: null,
    guests: [],
    serving: [],
    parked: null,
    handed: null,
    place: null,
    room: null,
    aside: null,
    left: [],
    transfer: null,
    attempt: null,
    preview: null,
    listening: null,
    errand: null,
    timers: {},
    record: { ...EMPTY_RECORD },
    wrapUpMs: 0,
    made: 0,
    detected: 'event',
    deeds: [],
  };
}

/** A call as a campaign's attempt begins it: nobody has been dialled yet. */
export function outboundCall(
  offered: Offered & {
    attempt: NonNullable<CallState['attempt']>;
    request: z.output<typeof queueRequestSchema> | null;
  },
  now: EpochMs,
): CallState {
  const call = inboundCall(offered, now);
  return {
    ...call,
    phase: 'dialing',
    direction: 'outbound',
    legs: call.legs.map((leg) => ({ ...leg, planned: true })),
    attempt: offered.attempt,
    visit: offered.request && { request: offered.request, enqueuedAt: now, treatment: null, position: 0 },
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

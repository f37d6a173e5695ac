import { z } from 'zod';
import type { AgentId, BridgeId, EpochMs, LegId } from '../../call/ids.ts';
import { queueRequestSchema } from './queue-request.ts';

/*
 * Who is in a talk besides the customer, as data. Which legs are together, who hears music and who is muted is nowhere kept
 * but read from this (`seating.ts`), so that hold is one flag, a swap another and a conference a change of role.
 */
const at = z.number();

const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agentId: z.string() }),
  z.object({ kind: z.literal('queue'), queue: z.string() }),
  z.object({ kind: z.literal('number'), number: z.string(), trunk: z.string() }),
  /** A phone of the house that is no agent's. */
  z.object({ kind: z.literal('phone'), phone: z.string() }),
]);

/** Whom a consultation, a transfer or a conference asks for. */
export type TalkTarget = Readonly<z.output<typeof targetSchema>>;

/** The agent who leads the talk. */
export const talkSchema = z.object({
  agentId: z.string(),
  legId: z.string(),
  /** Where the customer and those in the talk are together. */
  bridgeId: z.string(),
  since: at,
  /** He put the customer on hold. */
  held: z.boolean().default(false),
  muted: z.boolean().default(false),
  /** With whom he speaks: the customer (and all in the talk), or whom he consults. */
  side: z.enum(['customer', 'consult']).default('customer'),
  /** Since when the customer has been on hold, and for how long in all before that, ms. */
  heldSince: at.nullable().default(null),
  heldMs: z.number().default(0),
});

/** An agent who has just come, with nobody on hold. */
export const newTalk = (agentId: AgentId, legId: LegId, bridgeId: BridgeId, since: EpochMs) =>
  ({
    agentId,
    legId,
    bridgeId,
    since,
    held: false,
    muted: false,
    side: 'customer',
    heldSince: null,
    heldMs: 0,
  }) as const;

export const guestSchema = z.object({
  id: z.string(),
  /**
   * `consult` is asked aside, `member` is in the talk with the customer, `listen` and `whisper` are a supervisor's, `taker` is a
   * supervisor who will lead as soon as he is there, and `successor` will lead in place of one who has left.
   */
  role: z.enum(['consult', 'member', 'listen', 'whisper', 'taker', 'successor']),
  /** Of a successor: the customer was handed to him, comes back to him, or was fetched by him from where he was parked. */
  why: z.enum(['transfer', 'return', 'pick-up']).nullable(),
  /** Agent or supervisor who asked for him. */
  by: z.string(),
  /** He is the supervisor who asked. */
  supervisor: z.boolean(),
  to: targetSchema,
  phase: z.enum(['waiting', 'ringing', 'in']),
  agentId: z.string().nullable(),
  legId: z.string().nullable(),
  muted: z.boolean(),
  /** What is asked of the queue; null when somebody is asked for by name. */
  request: queueRequestSchema.nullable(),
  enqueuedAt: at,
  /** When he came in; before that, when he was asked for. */
  since: at,
  /** Nobody waits for him any longer than this. */
  until: at,
  /** The agent to whom the customer goes back when this comes to nothing. */
  back: z.string().nullable(),
});

export type Guest = z.output<typeof guestSchema>;

/** The customer waits, with music, to be fetched. */
export const parkedSchema = z.object({ slot: z.string(), by: z.string(), at, until: at });

/** How the customer came to whoever leads the talk now, if not from the queue: what the next agent has to know. */
export const handedSchema = z.object({
  how: z.enum(['blind', 'attended', 'escalated', 'parked', 'returned', 'taken-over', 'moved']),
  from: z.string(),
  to: z.string(),
  /** Why, in the words of whoever handed him over. */
  note: z.string().nullable(),
  at,
});

/** The customer's place in the queue he was last in: where he goes when nobody is left for him. */
export const placeSchema = z.object({ request: queueRequestSchema, enqueuedAt: at, music: z.string() });

/** An agent whose leg is up in this call. He is let go when that leg has ended: once, whatever he was here. */
export const servingSchema = z.object({ agentId: z.string(), legId: z.string(), wrapUpMs: z.number() });

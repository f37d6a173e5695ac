import { z } from 'zod';
import { TICKET_KINDS } from '../../acd/queue.ts';
import { whySchema } from '../../call/why.ts';
import type { Wait } from '../call/tickets.ts';
import { dncMessageSchema } from '../dnc-message.ts';
import { releaseMessageSchema } from '../releases-follower.ts';
import { workSchema } from '../work-seen.ts';

const requirements = z.array(z.object({ skill: z.string(), level: z.number() })).readonly();

/** A ticket as another process wrote it. */
export const waitSchema: z.ZodType<Wait> = z.object({
  expected: z.boolean(),
  ticket: z.object({
    callId: z.string(),
    kind: z.enum(TICKET_KINDS),
    queue: z.string(),
    also: z.array(z.string()).readonly(),
    require: requirements,
    relax: z.array(z.object({ afterMs: z.number(), require: requirements })).readonly(),
    priority: z.number(),
    enqueuedAt: z.number(),
    campaignId: z.string().nullable(),
    only: z.string().nullable(),
    prefer: z.object({ agentId: z.string(), until: z.number() }).nullable(),
  }),
});

/** What processes say to each other about the calls that wait. */
export const messageSchema = z.discriminatedUnion('type', [
  /** Agents are held for a ticket of yours: ring them, or let them go. */
  z.object({
    type: z.literal('offer'),
    from: z.string(),
    ticketId: z.string(),
    agents: z.array(z.object({ agentId: z.string(), fence: z.number() })),
    why: whySchema,
    /** Time gone since agent and call could be brought together. */
    ageMs: z.number(),
  }),
  /** An offer was not taken up; with `closed` none is wanted until `opened`. */
  z.object({ type: z.literal('declined'), ticketId: z.string(), from: z.string(), closed: z.boolean() }),
  z.object({ type: z.literal('opened'), from: z.string() }),
  z.object({ type: z.literal('closed'), from: z.string() }),
  /** Agents were defined, changed or removed through the API. */
  z.object({ type: z.literal('profiles') }),
  /** A campaign was started, paused or stopped. */
  z.object({ type: z.literal('campaigns') }),
  /** What it saw of the work since it told last. */
  z.object({ type: z.literal('work'), seen: z.array(workSchema).readonly() }),
  dncMessageSchema,
  releaseMessageSchema,
]);

export type Message = z.output<typeof messageSchema>;

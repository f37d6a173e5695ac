import { z } from 'zod';

const requirement = z.object({ skill: z.string(), level: z.number() });

/** Why a call and an agent were brought together: written with every assignment, small enough to be kept for each. */
export const whySchema = z.object({
  at: z.number(),
  callId: z.string(),
  kind: z.string(),
  /** The queue that the call waits in. */
  queue: z.string(),
  /** The queue through which the agent serves it: another one when it overflows. */
  through: z.string(),
  /** Who is offered the call; several only when several phones ring at once. */
  agentIds: z.array(z.string()),
  /** The relaxation that was in force, 0 being none, and what was asked with it. */
  step: z.int(),
  require: z.array(requirement),
  /** Parts of the call's score, seconds; `total` decides whose turn it is. */
  score: z.object({
    waited: z.number(),
    priority: z.number(),
    campaign: z.number(),
    share: z.number(),
    total: z.number(),
  }),
  strategy: z.string(),
  /** Topic of the past results that are in the strategy's figures; absent: none are. */
  results: z.string().exactOptional(),
  /** Rank of the (first) agent in this queue, and the strategy's figure for him: the lowest gets the call. */
  rank: z.number(),
  key: z.number(),
  /** Of the agents who meet what is asked: how many are logged in, and how many of them were free. */
  candidates: z.object({ able: z.int(), free: z.int() }),
  /** The next best of the free ones, at most five, and what they lost by. */
  lost: z.array(
    z.object({ agentId: z.string(), by: z.enum(['share', 'rank', 'strategy']), rank: z.number(), key: z.number() }),
  ),
  /** Other calls that the agent could have taken, at most five, and their scores. */
  behind: z.array(z.object({ callId: z.string(), queue: z.string(), total: z.number() })),
  /** The preferred agent, if the call had one, and how that went. */
  preferred: z.object({ agentId: z.string(), outcome: z.enum(['taken', 'waited-in-vain', 'away']) }).nullable(),
});

export type Why = Readonly<z.output<typeof whySchema>>;

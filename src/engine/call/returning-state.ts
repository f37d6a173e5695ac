import { z } from 'zod';

/** What is to be known of a caller who may have been here before, and what is kept of him for the next time. */
export const returningSchema = z.object({
  queue: z.string(),
  /** Since when he has waited: his place. */
  enqueuedAt: z.number(),
  /** For so long a place is kept for who is lost here; null: for nobody. */
  keepMs: z.number().nullable(),
  /** It is being found out, and nobody is rung for him meanwhile. */
  held: z.boolean(),
  /** So long the agent who talked with him last is waited for; null: nobody asked for that. */
  lastAgent: z.object({ withinMs: z.number(), waitUpToMs: z.number() }).nullable(),
});

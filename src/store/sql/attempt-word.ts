import { z } from 'zod';
import type { AttemptWord } from '../../engine/ports/dispositions.ts';

/** What was said of an attempt, as its column keeps it. */
export const attemptWord: z.ZodType<AttemptWord> = z.object({
  disposition: z.string(),
  kind: z.enum(['success', 'refusal', 'retry', 'callback', 'dnc', 'payment', 'machine']),
  at: z.number(),
  agentId: z.string(),
  by: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  counts: z.array(z.string()),
  payment: z.object({ amount: z.number(), currency: z.string(), due: z.string() }).exactOptional(),
  lead: z.discriminatedUnion('status', [
    z.object({ status: z.literal('done') }),
    z.object({
      status: z.literal('pending'),
      notBefore: z.number(),
      numberIndex: z.number(),
      callback: z
        .object({ at: z.number(), agentId: z.string().nullable(), waitMs: z.number().exactOptional() })
        .exactOptional(),
    }),
  ]),
});

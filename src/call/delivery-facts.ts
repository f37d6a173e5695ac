import { z } from 'zod';
import { ms } from './fact-words.ts';

/**
 * What is recorded of the places to which events are sent, and of who takes them. A webhook is never sent these of itself: one that fails on them would
 * make new ones without end.
 */
export const DELIVERY_FACTS = {
  'webhook.failing': z.strictObject({
    webhookId: z.string(),
    /** Nothing got through since then. */
    since: z.number(),
    tries: z.int(),
    /** What its receiver said last, or why there was no answer. */
    why: z.string(),
  }),
  'webhook.well': z.strictObject({ webhookId: z.string(), failedMs: ms }),
  'webhook.off': z.strictObject({
    webhookId: z.string(),
    because: z.enum(['given-up', 'gone', 'asked']),
    why: z.string(),
  }),
  'group.dead-letter': z.strictObject({
    group: z.string(),
    /** How many dead letters it has by now. */
    dead: z.int(),
    /** The oldest of them: where it stands, how often it was taken, whom and what it is about. */
    first: z.strictObject({ cursor: z.string(), tries: z.int(), subject: z.string(), type: z.string() }),
  }),
} as const;

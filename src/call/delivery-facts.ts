import { z } from 'zod';
import { ms } from './fact-words.ts';

/**
 * What is recorded of the places to which events are sent. A webhook is never sent these of itself: one that fails on them would
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
} as const;

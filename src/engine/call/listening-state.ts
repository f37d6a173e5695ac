import { z } from 'zod';
import { amdStateSchema } from '../../dialer/amd.ts';
import { greetingStateSchema } from '../../dialer/amd-greeting.ts';
import { SCREENED } from '../../dialer/amd-policy.ts';

/** What a campaign's call has heard of who picked up. Null while nobody did, or nobody listens. */
export const listeningSchema = z.object({
  /** By our own classifier; null where the switch listens. */
  amd: amdStateSchema.nullable(),
  found: z
    .object({
      result: z.enum(['human', 'machine', 'unsure']),
      silent: z.boolean(),
      /** Left out in calls of an older Callwright. */
      screened: z.enum(SCREENED).exactOptional(),
    })
    .nullable(),
  /** A machine's greeting, whose end is waited for. */
  greeting: greetingStateSchema.nullable(),
  /** The message that is being left: since when, and how often it was begun. */
  message: z.object({ playbackId: z.string(), begunAt: z.number(), times: z.number(), left: z.boolean() }).nullable(),
});

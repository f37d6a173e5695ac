import { z } from 'zod';

const requirements = z.array(z.object({ skill: z.string(), level: z.number() })).readonly();

/** What is asked of a queue, as it is kept with a call. */
export const queueRequestSchema = z.object({
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
  offerCallback: z
    .object({
      key: z.string(),
      prompt: z.string().default('callback.offer'),
      whenEstimateOverMs: z.number(),
      keepPlace: z.boolean(),
    })
    .nullable(),
  preferLastAgent: z.object({ withinMs: z.number(), waitUpToMs: z.number() }).nullable(),
  customerType: z.string().exactOptional(),
  preferOwner: z.object({ waitUpToMs: z.number() }).nullable().default(null),
});

import { z } from 'zod';

const range = { fromMs: z.number(), toMs: z.number() };

/** Where a caller stands in his wait; plain data, so that another process can carry on from it. */
export const waitStateSchema = z.object({
  callId: z.string(),
  queue: z.string(),
  /** In which everything is said: the call's own, or one that has all the words. */
  language: z.string(),
  music: z.string(),
  positions: z.enum(['always', 'onlyIfImproved', 'never']),
  estimates: z.boolean(),
  /** Time between announcements; null makes none. */
  everyMs: z.number().nullable(),
  phase: z.enum(['speaking', 'music', 'over']),
  /** What is being said, null while music plays. */
  playbackId: z.string().nullable(),
  /** Messages so far. */
  spoken: z.int(),
  position: z.int().nullable(),
  /** Null: not known. */
  estimateMs: z.number().nullable(),
  /** What may be said of the estimate; null: nothing. */
  range: z.object(range).nullable().default(null),
  /** When this stay began; null in what an older process wrote. */
  since: z.number().nullable().default(null),
  /** The range that was said last, and when it was said first. */
  told: z
    .object({ ...range, at: z.number() })
    .nullable()
    .default(null),
  /** Messages in turn; `next` counts through them. */
  comfort: z
    .object({ everyMs: z.number(), prompts: z.array(z.string()).readonly(), next: z.int() })
    .nullable()
    .default(null),
  /** What is being said is one of them, which gives way to whatever there is to announce. */
  comforting: z.boolean().default(false),
  /** The place that was said last. */
  announced: z.int().nullable(),
  /** Nothing was announced yet. */
  first: z.boolean(),
  /** That he may be called back, when the estimate is longer than this; `saidAt` null: not said yet. */
  callback: z
    .object({ overMs: z.number(), prompt: z.string(), saidAt: z.number().nullable() })
    .nullable()
    .default(null),
  /** What he is to be told once, as soon as nothing else is being said. */
  notice: z.string().nullable().default(null),
  timers: z.record(z.string(), z.number()),
});

export type WaitState = z.output<typeof waitStateSchema>;

/** What the estimate is needed for; without that nobody has to make one. */
export const wantsEstimate = ({ estimates, callback }: WaitState): boolean =>
  estimates || (callback !== null && callback.overMs > 0);

/** Was the caller told that he may be called back, so that his key means that? */
export const offersCallback = ({ callback }: WaitState): boolean => callback !== null && callback.saidAt !== null;

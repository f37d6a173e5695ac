import { z } from 'zod';

/**
 * What is done for somebody who is not on the line: a promised callback, or a message that waits for an answer. The store is
 * the truth of it; a call takes it in hand for one try, waits with it like a caller, and lets it go again.
 */
export const errandSchema = z.object({
  kind: z.enum(['callback', 'voicemail']),
  id: z.string(),
  /** Whom to ring, E.164; null: nobody knows. */
  number: z.string().nullable(),
  trunk: z.string().nullable(),
  /** What is shown to who is rung. */
  callerId: z.string().nullable(),
  /** Tries before this one, and how many there may be in all. */
  tries: z.int(),
  most: z.int(),
  retryAfterMs: z.number(),
  ringMs: z.number(),
  /** When it is worth nothing any more, or was promised for. */
  dueBy: z.number(),
  /** The recording of a message, where recordings are kept, and its box. */
  file: z.string().nullable(),
  box: z.string().nullable(),
  /** How often the agent there has heard what it is about, and what has been said to agents in all. */
  told: z.int().default(0),
  plays: z.int().default(0),
  /** `asked` whether it is still in this call's hands, and `granted`; without that nobody is rung. */
  leave: z.enum(['none', 'asked', 'granted']).default('none'),
  /** It is out of this call's hands. */
  settled: z.boolean().default(false),
});

export type Errand = Readonly<z.output<typeof errandSchema>>;

import { z } from 'zod';
import { detectionPlanSchema } from '../../dialer/amd-policy.ts';

/** One dial of a campaign's lead, as its call carries it. */
export const attemptSchema = z.object({
  campaignId: z.string(),
  leadId: z.string(),
  attemptId: z.string(),
  phase: z.enum(['dialing', 'ringing', 'detecting', 'machine', 'waiting', 'talking', 'abandoned', 'over']),
  ringMs: z.number(),
  connectDeadlineMs: z.number(),
  wrapUpMs: z.number(),
  /** The flow that talks with who answers; left out: an agent does. */
  flow: z.string().exactOptional(),
  /** What the lead says of what the flow takes, by the names of its variables. */
  words: z.record(z.string(), z.string()).exactOptional(),
  /** No agent is kept while it rings: pacing covers it. Left out: one is. */
  keeps: z.literal('nobody').exactOptional(),
  /** How who picks up is listened to; left out: whoever does is a person. */
  detect: detectionPlanSchema.exactOptional(),
  /** Name and version of the compliance profile by which it was dialled. */
  profile: z.string().exactOptional(),
  /** The prompt for a person who gets no agent; left out: the house's own. */
  message: z.string().exactOptional(),
  /** The message to him is recorded, and kept for so many days; left out: it is not. */
  recordingDays: z.number().exactOptional(),
  /** The key by which he asks not to be called again ends the line at once; left out: he hears first that it was taken. */
  endsOnOptOut: z.literal(true).exactOptional(),
  /** He asked by a key not to be called again. */
  optedOut: z.literal(true).exactOptional(),
  /** How often the message was begun anew after an outage; left out: never. */
  begunAnew: z.number().exactOptional(),
  /** It was written what became of the message. */
  apologised: z.literal(true).exactOptional(),
});

/**
 * An agent has seen the lead and asked for him: he sits on the line first, and only then the number is dialled. Until then the
 * call has no attempt.
 */
export const previewSchema = z.object({ campaignId: z.string(), leadId: z.string(), agentId: z.string() });

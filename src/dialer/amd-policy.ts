import { z } from 'zod';
import type { DetectionResult } from '../call/detection.ts';

/** What a campaign does with whom the detection took for what. A person is always put to an agent. */
export const afterDetectionSchema = z.object({
  machine: z.enum(['hang-up', 'message', 'connect']).default('hang-up'),
  /** Nobody can say: a person who is hung up on is the worse mistake. */
  unsure: z.enum(['connect', 'hang-up', 'message']).default('connect'),
  /**
   * Share, 0–1, of the machines that are put to an agent all the same, who says what they were. Without it nobody can say how
   * many of those who were hung up on were persons, and the law's estimate rests on nothing.
   */
  sampleShare: z.number().min(0).max(1).default(0.02),
});
export type AfterDetection = z.output<typeof afterDetectionSchema>;

export type DetectionDeed =
  /** `sampled`: though it was taken for a machine, to learn how often that is wrong. */
  | { readonly do: 'connect'; readonly sampled: boolean }
  /** Leave the message once the greeting is over. */
  | { readonly do: 'message' }
  | { readonly do: 'hang-up' };

/** @param lot evenly spread over 0–1 and the same whenever it is asked for this attempt, see `lotOf`. */
export function afterDetection(settings: AfterDetection, result: DetectionResult, lot: number): DetectionDeed {
  if (result === 'human') return { do: 'connect', sampled: false };
  const wanted = settings[result];
  if (wanted === 'connect') return { do: 'connect', sampled: false };
  if (result === 'machine' && lot < settings.sampleShare) return { do: 'connect', sampled: true };
  return { do: wanted };
}

/** The lot of an attempt, from its id (FNV-1a, 32 bit, mixed): no chance is asked, so whoever carries the call on draws the same. */
export function lotOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

import { z } from 'zod';
import type { DetectionResult } from '../call/detection.ts';
import { AMD_DEFAULTS } from './amd.ts';
import type { ComplianceProfile } from './compliance/profile.ts';

/** What a campaign does with whom the detection took for what. A person is always put to an agent. */
export const afterDetectionSchema = z.object({
  machine: z.enum(['hang-up', 'message', 'connect']).default('hang-up'),
  /** Nobody can say: a person who is hung up on is the worse mistake. */
  unsure: z.enum(['connect', 'hang-up', 'message']).default('connect'),
  /**
   * Share, 0–1, of those who would be kept from agents that are put to one all the same, who says what they were. Without it
   * nobody can say how many of those who were hung up on were persons, and the law's estimate rests on nothing.
   */
  sampleShare: z.number().min(0).max(1).default(0.02),
});
export type AfterDetection = z.output<typeof afterDetectionSchema>;

const ms = z.number().int().positive();
const share = z.number().gt(0).lt(1);

/** How a campaign listens to who picks up, and what it does with the finding. Kept with the call for whoever carries it on. */
export const detectionPlanSchema = z
  .object({
    /** The switch's own detection, or the classifier of `amd.ts` on the switch's talk events. */
    by: z.enum(['switch', 'own']).default('own'),
    switch: z
      .object({
        initialSilenceMs: ms.default(2_500),
        greetingMs: ms.default(1_500),
        afterGreetingSilenceMs: ms.default(800),
        totalMs: ms.default(4_000),
        shortestWordMs: ms.default(100),
        betweenWordsMs: ms.default(50),
        mostWords: z.number().int().positive().default(3),
        loudness: z.number().int().positive().max(32_767).default(256),
        longestWordMs: ms.default(5_000),
      })
      .prefault({}),
    own: z
      .object({
        maxMs: ms.default(AMD_DEFAULTS.maxMs),
        lastMs: ms.default(AMD_DEFAULTS.lastMs),
        quietMs: ms.default(AMD_DEFAULTS.quietMs),
        machineShare: share.default(AMD_DEFAULTS.machineShare),
        sureOfMachine: share.min(0.5).default(AMD_DEFAULTS.sureOfMachine),
        sureOfHuman: share.min(0.5).default(AMD_DEFAULTS.sureOfHuman),
      })
      .prefault({}),
    after: afterDetectionSchema.prefault({}),
    /** Prompt that is left on machines; needed where `after` says so. */
    message: z.string().min(1).nullable().default(null),
    /** From when on an agent's time to come counts: as the compliance profile has it, or stricter. */
    countFrom: z.enum(['profile', 'pick-up', 'greeting-end']).default('profile'),
  })
  .refine(({ after, message }) => message !== null || (after.machine !== 'message' && after.unsure !== 'message'), {
    message: 'a message is to be left, but none is named',
    path: ['message'],
  });
export type DetectionPlan = z.output<typeof detectionPlanSchema>;

type CountsFrom = ComplianceProfile['abandonment']['countsFrom']['value'];

/** From when an agent's time counts under a profile. Where it is the greeting's start, which nobody tells us, from the pick-up. */
export function countFromOf({ countFrom }: DetectionPlan, byProfile: CountsFrom): 'pick-up' | 'greeting-end' {
  const wanted = countFrom === 'profile' ? byProfile : countFrom;
  return wanted === 'greeting-end' ? 'greeting-end' : 'pick-up';
}

/**
 * What became of a call that was listened to: `kept-out` was put to nobody, `sampled` was taken for a machine and put to an
 * agent all the same, `passed` was let through as a person or because nobody could say.
 */
export const SCREENED = ['kept-out', 'sampled', 'passed'] as const;
export type Screened = (typeof SCREENED)[number];

export type DetectionDeed =
  /** `sampled`: though it was not taken for a person, to learn how often that is wrong. */
  | { readonly do: 'connect'; readonly sampled: boolean }
  /** Leave the message once the greeting is over. */
  | { readonly do: 'message' }
  | { readonly do: 'hang-up' };

/** @param lot evenly spread over 0–1 and the same whenever it is asked for this attempt, see `lotOf`. */
export function afterDetection(settings: AfterDetection, result: DetectionResult, lot: number): DetectionDeed {
  if (result === 'human') return { do: 'connect', sampled: false };
  const wanted = settings[result];
  // All machines are put to agents: each of them tells how often that word is wrong.
  if (wanted === 'connect') return { do: 'connect', sampled: result === 'machine' };
  return lot < settings.sampleShare ? { do: 'connect', sampled: true } : { do: wanted };
}

export const screenedBy = (deed: DetectionDeed): Screened => {
  if (deed.do !== 'connect') return 'kept-out';
  return deed.sampled ? 'sampled' : 'passed';
};

/** The lot of an attempt, from its id (FNV-1a, 32 bit, mixed): no chance is asked, so whoever carries the call on draws the same. */
export function lotOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

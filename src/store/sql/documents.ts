import { z } from 'zod';
import { chainRules } from '../../engine/ports/chain.ts';
import { MESSAGE_PARTS } from '../../engine/ports/law.ts';
import type { PinRow, Release } from '../../engine/ports/flow-store.ts';
import type { CampaignSettings } from '../../engine/ports/history.ts';
import { CAMPAIGN_MODES } from '../../engine/ports/history.ts';
import { PREVIEW_AFTER } from '../../engine/ports/preview.ts';
import { retryWish } from '../../engine/ports/retry.ts';
import type { AgentProfile } from '../../call/routing.ts';
import { detectionPlanSchema } from '../../engine/ports/detection.ts';

/** The JSON columns, parsed on the way in from the database: a row that an older or a foreign hand wrote is refused, not half used. */
const requirement = z.object({ skill: z.string(), level: z.number() });

export const campaignSettings: z.ZodType<CampaignSettings> = z.object({
  name: z.string(),
  mode: z.enum(CAMPAIGN_MODES),
  ratio: z.number().exactOptional(),
  abandonCap: z.number().exactOptional(),
  guard: z.enum(['quantile', 'strict']).exactOptional(),
  flow: z.string().exactOptional(),
  detect: detectionPlanSchema.nullable().exactOptional(),
  weight: z.number().exactOptional(),
  trunk: z.string(),
  trunks: z.array(z.object({ trunk: z.string(), weight: z.number(), tier: z.number() })).exactOptional(),
  preferTrunk: z.enum(['weight', 'rate']).exactOptional(),
  callerId: z.string(),
  callerIds: z.string().nullable().exactOptional(),
  language: z.string(),
  require: z.array(requirement),
  maxLines: z.number(),
  cps: z.number(),
  ringMs: z.number(),
  maxAttempts: z.number(),
  retryAfterMs: z.number(),
  retry: retryWish.exactOptional(),
  connectDeadlineMs: z.number(),
  wrapUpMs: z.number(),
  previewMs: z.number().exactOptional(),
  previewAfter: z.enum(PREVIEW_AFTER).exactOptional(),
  profile: z.string().exactOptional(),
  message: z
    .object({
      prompt: z.string(),
      says: z.array(z.enum(MESSAGE_PARTS)),
      marketing: z.boolean(),
      recordingDays: z.number().exactOptional(),
    })
    .exactOptional(),
  chain: chainRules.exactOptional(),
  asksDisposition: z.boolean().exactOptional(),
  takesCalls: z.boolean().exactOptional(),
  script: z.string().exactOptional(),
});

export const agentProfile: z.ZodType<AgentProfile> = z.object({
  id: z.string(),
  name: z.string(),
  phone: z.string(),
  skills: z.record(z.string(), z.number()),
  queues: z.array(z.string()),
  campaigns: z.array(z.string()),
  ranks: z.record(z.string(), z.number()).exactOptional(),
  shares: z.record(z.string(), z.number()).exactOptional(),
  weight: z.number().exactOptional(),
  results: z.record(z.string(), z.number()).exactOptional(),
});

/** What a callback asks of an agent; older rows ask nothing. */
export const callbackTerms = z.object({
  require: z.array(requirement).default([]),
  relax: z.array(z.object({ afterMs: z.number(), require: z.array(requirement) })).default([]),
  priority: z.number().default(0),
  line: z.string().nullable().default(null),
  prefer: z.string().exactOptional(),
});

export const leadFields = z.record(z.string(), z.string());

export const releaseFiles: z.ZodType<Release['files']> = z.array(z.object({ path: z.string(), text: z.string() }));

export const releaseFlows: z.ZodType<Release['flows']> = z.array(
  z.object({ id: z.string(), version: z.string(), title: z.string() }),
);

export const pinTries: z.ZodType<PinRow['tries']> = z.array(z.number());

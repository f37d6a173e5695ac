import { z } from 'zod';
import { detectionPlanSchema } from '../../engine/ports/detection.ts';
import { chainRules } from '../../engine/ports/chain.ts';
import { ATTEMPT_OUTCOMES, CAMPAIGN_MODES } from '../../engine/ports/history.ts';
import { DEFAULT_PROFILE } from '../../engine/ports/campaigns.ts';
import { KEEP_RULES, MESSAGE_PARTS } from '../../engine/ports/law.ts';
import { PREVIEW_AFTER } from '../../engine/ports/preview.ts';
import { retryWish } from '../../engine/ports/retry.ts';
import { abandonmentView } from './abandonment.ts';
import { epochMs, id, language, list, ms, requirement, text } from './common.ts';

const message = z.strictObject({
  prompt: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/u, 'not the name of a prompt'),
  says: z.array(z.enum(MESSAGE_PARTS)).max(MESSAGE_PARTS.length).readonly().meta({
    description:
      'What the recording tells, as who made it says: who calls, at which number he is reached, and what for.',
  }),
  marketing: z.boolean().meta({ description: 'It advertises something.' }),
  recordingDays: z
    .int()
    .min(1)
    .max(3_660)
    .meta({
      description:
        'What the person hears and says is recorded from the message on, and erased after so many days; left out: it is not recorded.',
    })
    .exactOptional(),
});

const DAY_MS = 24 * 60 * 60_000;

const detect = detectionPlanSchema.nullable().meta({
  description:
    'How whoever picks up is listened to for a machine, and what is done then; null: he is taken for a person.',
});

const trunkUse = z.strictObject({
  trunk: id,
  weight: z.number().min(1).max(1_000).default(1),
  tier: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .meta({ description: 'Used when no trunk of a lower tier can take the call.' }),
});
const preferTrunk = z
  .enum(['weight', 'rate'])
  .meta({ description: 'Within a tier: by weight, or the cheapest for the number.' });

const asksDisposition = z
  .boolean()
  .meta({ description: 'Agents are to say of each talk what became of it; `disposition.missing` tells who did not.' })
  .exactOptional();
const takesCalls = z
  .boolean()
  .meta({ description: 'Single calls may be asked for by `POST /v1/calls`; agentless only.' })
  .exactOptional();
const script = text(100)
  .min(1)
  .meta({ description: 'Name of what agents read from, for their screens.' })
  .exactOptional();

/** How a campaign dials, field by field; the same bounds hold when one is changed. */
const settings = {
  name: text(100).min(1),
  mode: z.enum(CAMPAIGN_MODES),
  ratio: z.number().min(1).max(10).meta({ description: 'Dials for each free agent; power only.' }).exactOptional(),
  abandonCap: z
    .number()
    .min(0)
    .max(0.03)
    .meta({ description: 'Share of live answers that may be abandoned.' })
    .exactOptional(),
  guard: z
    .enum(['quantile', 'strict'])
    .meta({
      description:
        'strict: the cap cannot be passed at any instant, even if all who are dialled answered at once. quantile: but for three chances in ten thousand.',
    })
    .exactOptional(),
  flow: id.meta({ description: 'The flow that talks; agentless only.' }).exactOptional(),
  detect: detect.exactOptional(),
  weight: z
    .number()
    .min(0.1)
    .max(100)
    .meta({ description: 'Its part of the time of agents that it shares with other campaigns; left out: 1.' })
    .exactOptional(),
  trunk: id,
  trunks: z
    .array(trunkUse)
    .max(50)
    .readonly()
    .meta({ description: 'Several trunks, by weight and tier; empty: `trunk` alone.' })
    .exactOptional(),
  preferTrunk: preferTrunk.exactOptional(),
  callerId: z.string().regex(/^\+?\d{3,15}$/u, 'not a number'),
  callerIds: id
    .nullable()
    .meta({ description: 'The pool whose numbers are shown; null: `callerId` is.' })
    .exactOptional(),
  language,
  require: z.array(requirement).max(20).readonly(),
  maxLines: z.int().min(1).max(10_000),
  cps: z.number().min(0.1).max(1_000).meta({ description: 'Call starts per second.' }),
  ringMs: z.int().min(5_000).max(120_000),
  maxAttempts: z.int().min(1).max(20),
  retryAfterMs: z
    .int()
    .min(0)
    .max(30 * DAY_MS),
  retry: retryWish.exactOptional(),
  connectDeadlineMs: z.int().min(0).max(60_000).meta({
    description:
      'A person who answered and is not with an agent by then hears the message and is counted as abandoned.',
  }),
  wrapUpMs: z
    .int()
    .min(0)
    .max(60 * 60_000),
  previewMs: z
    .int()
    .min(5_000)
    .max(30 * 60_000)
    .meta({ description: 'How long an agent reads before `previewAfter` happens; preview only, left out: a minute.' })
    .exactOptional(),
  previewAfter: z
    .enum(PREVIEW_AFTER)
    .meta({ description: 'Then: the agent is waited for, the lead is dialled for him, or shown to another.' })
    .exactOptional(),
  profile: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/u, 'not the name of a profile')
    .meta({ description: `The compliance profile it dials by; left out: ${DEFAULT_PROFILE}.` })
    .exactOptional(),
  message: message
    .meta({ description: 'What a person hears for whom there is no agent in time; after it a key opts out.' })
    .exactOptional(),
  chain: chainRules.exactOptional(),
  asksDisposition,
  takesCalls,
  script,
};

/** A new campaign. What is left out is as a careful person would start. */
export const campaignBody = z.strictObject({
  ...settings,
  mode: settings.mode.default('progressive'),
  require: settings.require.default([]),
  maxLines: settings.maxLines.default(10),
  cps: settings.cps.default(1),
  ringMs: settings.ringMs.default(25_000),
  maxAttempts: settings.maxAttempts.default(3),
  retryAfterMs: settings.retryAfterMs.default(60 * 60_000),
  connectDeadlineMs: settings.connectDeadlineMs.default(2_000),
  wrapUpMs: settings.wrapUpMs.default(10_000),
});

export const campaignChange = z
  .strictObject(settings)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

const outcome = z.enum(ATTEMPT_OUTCOMES);
const count = z.int();

const share = z.object({
  share: z.number(),
  low: z.number().meta({ description: 'Of the 95 % interval.' }),
  high: z.number().meta({ description: 'Of the 95 % interval.' }),
});
const met = z.object({ persons: count, machines: count });

const amdView = z.object({
  machines: count.meta({ description: 'Calls that were taken for machines, or for nobody, and put to no agent.' }),
  sampled: met.meta({
    description: 'Taken for machines and put to an agent all the same, by what he said they were.',
  }),
  passed: met.meta({ description: 'Let through, by what the agent said they were.' }),
  falsePositive: share
    .nullable()
    .meta({ description: 'Persons among those taken for machines, 0–1; null: nobody knows.' }),
  missed: share.nullable().meta({ description: 'Machines among those let through, 0–1; null: nobody knows.' }),
  charged: z
    .object({
      share: z.number().meta({ description: '0–1 of the machines.' }),
      calls: z.number().meta({ description: 'Abandoned calls, an estimate.' }),
      from: z.enum(['measured', 'assumed', 'not-charged']),
    })
    .meta({ description: 'What the abandonment rate is charged with, by the formula of the profile.' }),
  definition: z.string(),
});

export const campaignView = z.object({
  campaign: z.object({
    id: z.string(),
    status: z.enum(['draft', 'running', 'paused', 'stopped', 'finished']),
    createdAt: epochMs,
    name: z.string(),
    mode: z.enum(CAMPAIGN_MODES),
    ratio: z.number().exactOptional(),
    abandonCap: z.number().exactOptional(),
    guard: z.enum(['quantile', 'strict']).exactOptional(),
    flow: z.string().exactOptional(),
    detect: detect.exactOptional(),
    weight: z.number().exactOptional(),
    trunk: z.string(),
    trunks: list(z.object({ trunk: z.string(), weight: z.number(), tier: z.number() })).exactOptional(),
    preferTrunk: preferTrunk.exactOptional(),
    callerId: z.string(),
    callerIds: z.string().nullable().exactOptional(),
    language: z.string(),
    require: list(requirement),
    maxLines: count,
    cps: z.number(),
    ringMs: ms,
    maxAttempts: count,
    retryAfterMs: ms,
    retry: retryWish.exactOptional(),
    connectDeadlineMs: ms,
    wrapUpMs: ms,
    previewMs: ms.exactOptional(),
    previewAfter: z.enum(PREVIEW_AFTER).exactOptional(),
    profile: z.string().exactOptional(),
    message: message.exactOptional(),
    chain: chainRules.exactOptional(),
    asksDisposition,
    takesCalls,
    script,
  }),
  leads: z.object({ pending: count, leased: count, done: count }),
  outcomes: z.partialRecord(z.union([outcome, z.literal('open')]), count),
  inFlight: count.meta({ description: 'Dials ringing or waiting for an agent now.' }),
  live: z
    .object({
      agents: z.object({ idle: count, talk: count, wrap: count }),
      idleMs: ms.nullable().meta({ description: 'What agents idled before a talk, on average.' }),
      callsMade: count,
      dropsPercent: z.number().nullable().meta({
        description: 'Abandonment by the formula of the profile, in its tightest window; null: nobody has answered.',
      }),
      dropsDefinition: z.string().nullable().meta({ description: 'What is divided by what, and when.' }),
      dialLevel: z.number().nullable().meta({ description: 'Dials out for each free agent; null: nobody is free.' }),
      lines: z.object({ inUse: count, max: count }),
      finishAt: z
        .object({ low: epochMs, likely: epochMs, high: epochMs, from: z.enum(['pace', 'preflight']) })
        .nullable()
        .meta({
          description:
            'When the last lead is done: in eight cases of ten between `low` and `high`. By the pace of the last minutes, or by the preflight as long as there is none; null: too little to tell.',
        }),
    })
    .nullable()
    .meta({ description: 'As it runs now; null where another process dials it, or nobody.' }),
  wordsMissing: count.meta({ description: 'Talks of which nothing was said in the wrap-up, nor since.' }),
  amd: amdView.nullable().meta({
    description: 'How often its detection of machines was wrong; null: nobody listens, and nobody did.',
  }),
  abandonment: abandonmentView.nullable().meta({
    description: 'Against each limit of its compliance profile; null: no profile of its name is loaded.',
  }),
  refused: z.partialRecord(z.enum(KEEP_RULES), count).meta({
    description:
      'Leads that a rule of the law keeps from being dialled now, or has for good; `no-trunk`: no trunk leads to their number now, or no number may be shown to them; `destinations`: single calls that site/destinations.yaml does not allow now.',
  }),
  because: z.string().nullable().meta({ description: 'Why pacing dials as it does.' }),
});

const stillOut = z.object({
  campaignId: z.string(),
  callId: z.string(),
  number: z.string().meta({ description: 'Its last three digits.' }),
  state: z.enum(['ringing', 'waiting']),
  ageMs: ms,
});

export const killed = z.object({
  at: epochMs,
  campaigns: list(z.object({ id: z.string(), name: z.string() })).meta({
    description: 'Campaigns that were running and are paused now.',
  }),
  stillOut: list(stillOut).meta({ description: 'Dials that are let ring; none is added to them.' }),
});

export const leadView = z.object({
  id: z.string(),
  campaignId: z.string(),
  number: z.string(),
  name: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
  status: z.enum(['pending', 'leased', 'done']),
  attempts: count,
  notBefore: epochMs,
  outcome: outcome.nullable(),
  refused: z.enum(KEEP_RULES).exactOptional().meta({ description: 'The rule that forbade its last dial.' }),
  refusedBy: z
    .string()
    .exactOptional()
    .meta({ description: 'Version of the compliance profile by which that rule was asked, as `uk-ofcom@3`.' }),
});

export const attemptView = z.object({
  id: z.string(),
  campaignId: z.string(),
  leadId: z.string(),
  callId: z.string(),
  number: z.string(),
  startedAt: epochMs,
  endedAt: epochMs.nullable(),
  outcome: outcome.nullable(),
  q850: count.nullable(),
  sip: count.nullable(),
  agentId: z.string().nullable(),
  trunk: z.string().nullish(),
  callerId: z.string().nullish(),
});

export const leadImport = z.object({
  rows: count,
  added: count,
  updated: count,
  duplicates: count,
  rejected: count,
  errors: list(z.object({ line: count, column: z.string().nullable(), problem: z.string() })).meta({
    description: 'The first 1,000 bad rows. Good rows are kept though others are bad.',
  }),
});

import { z } from 'zod';
import { epochMs, list } from './common.ts';

const count = z.int();
const share = z.number();
const tenths = <T extends z.ZodType>(of: T) => z.object({ low: of, middle: of, high: of });

export const preflight = z.object({
  done: z.literal(true),
  at: epochMs,
  campaignId: z.string(),
  profile: z.string().meta({ description: 'Name and version of the compliance profile.' }),
  leads: z.object({
    all: count,
    done: count,
    now: count.meta({ description: 'May be dialled at this moment.' }),
    later: count.meta({ description: 'May be dialled when time has passed.' }),
    never: count.meta({ description: 'Not done, and not to be dialled by waiting.' }),
  }),
  skipped: list(
    z.object({
      reason: z.string().meta({ description: 'A rule of the profile; or filter, quota, stopped, in-dial.' }),
      leads: count,
      until: epochMs.nullable().meta({ description: 'When the first of them is free of it; null: not by waiting.' }),
      text: z.string(),
    }),
  ),
  hours: list(z.object({ at: epochMs, leads: count })).meta({
    description: 'The next seven days: leads that may be dialled when the hour begins, were none dialled before.',
  }),
  zones: list(z.object({ zones: list(z.string()), leads: count, open: z.boolean() })).meta({
    description: 'Where the persons may be: the 20 largest groups, and whether it is an hour to call there.',
  }),
  expected: z
    .object({
      agents: count,
      dials: count.meta({ description: 'Retries included.' }),
      answerRate: tenths(share),
      utilisation: tenths(share).nullable().meta({ description: 'Share of the agents’ time in talk and wrap-up.' }),
      abandonment: tenths(share).nullable().meta({ description: 'Abandoned of the live answers.' }),
      byFlow: z
        .object({
          lines: z.number().meta({ description: 'That it may have.' }),
          linesInUse: tenths(z.number()),
          cps: z.number().meta({ description: 'Call starts per second that it may have.' }),
          startsPerSecond: tenths(z.number()),
        })
        .nullable()
        .meta({ description: 'Of an agentless campaign: on average until it is done; null: agents bound it.' }),
      finishAt: tenths(epochMs.nullable()).meta({ description: 'Null: not within seven days.' }),
    })
    .nullable()
    .meta({ description: 'From the lower to the upper tenth of simulated runs; null: see `noForecast`.' }),
  noForecast: z.string().nullable().meta({
    description: 'Why there is no forecast and what would mend it, in a sentence; null: there is one.',
  }),
  assumptions: list(
    z.object({
      what: z.string(),
      value: z.string(),
      from: z.enum(['this campaign', 'similar campaigns', 'settings', 'profile', 'assumed']),
    }),
  ),
  warnings: list(
    z.object({
      blocks: z.boolean().meta({ description: 'Nobody is dialled as long as it is so.' }),
      text: z.string(),
    }),
  ),
});

export const preflightProgress = z.object({
  done: z.literal(false),
  step: z.enum(['leads', 'forecast']),
  share: share.meta({ description: 'Of this step, 0–1.' }),
});

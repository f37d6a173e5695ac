import { z } from 'zod';
import { epochMs, list } from './common.ts';

const day = z.string().meta({ description: 'A local date, as 2026-11-22.' });

/** How a campaign stands against the limits of its compliance profile. */
export const abandonmentView = z.object({
  profile: z.string().meta({ description: 'Name and version.' }),
  limits: list(
    z.object({
      cap: z.number(),
      window: z.enum(['day', 'calendar-month', 'rolling-30-days', 'campaign-30-days', 'campaign']),
      scope: z.enum(['campaign', 'all']).meta({ description: '`all`: the campaigns of the profile together.' }),
      rate: z.number().meta({ description: '0–1; 0 while nobody has answered.' }),
      abandoned: z.number().meta({ description: 'Estimates of the formula included, so it need not be whole.' }),
      of: z.number(),
      from: day,
      to: day,
      zone: z.string(),
      endsAt: epochMs.meta({ description: 'Of a rolling window: when its oldest day falls out.' }),
      budget: z.number().meta({ description: 'How many more may be abandoned without passing the cap.' }),
      binds: z.boolean().meta({ description: 'Of all limits this one leaves the least.' }),
      definition: z.string().meta({ description: 'What is divided by what, and when.' }),
    }),
  ),
});

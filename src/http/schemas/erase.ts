import { z } from 'zod';
import { epochMs, limitTo, list, text } from './common.ts';

const MOST = 50;

export const erasureOrder = z.strictObject({
  numbers: z
    .array(text(40).min(1))
    .max(MOST)
    .default([])
    .meta({ description: 'In E.164, or as they were written. Other ways of writing them are found too.' }),
  customerIds: z
    .array(text(200).min(1))
    .max(MOST)
    .default([])
    .meta({ description: 'External ids of lists; the numbers of their leads are erased with them.' }),
  dryRun: z.boolean().default(false).meta({ description: 'Only looks, and tells what there is.' }),
  compact: z.boolean().default(false).meta({
    description: 'Writes the tables anew at the end, so that their files keep nothing. Calls wait meanwhile.',
  }),
});

export const erasureView = z.object({
  id: z.string(),
  state: z.enum(['running', 'done']),
  dryRun: z.boolean(),
  compact: z.boolean(),
  by: z.string(),
  askedAt: epochMs,
  doneAt: epochMs.nullable(),
  found: z.record(z.string(), z.int()).readonly().meta({ description: 'How much there was, by what it is.' }),
  problem: z.string().nullable().meta({ description: 'What keeps it from going on, or what is left to do by hand.' }),
});

export const erasurePage = z.strictObject({ limit: limitTo(200, 50) });
export const erasures = z.object({ items: list(erasureView) });

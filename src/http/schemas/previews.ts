import { z } from 'zod';
import { epochMs, text } from './common.ts';

export const previewView = z.object({
  campaignId: z.string(),
  campaign: z.string(),
  leadId: z.string(),
  externalId: z.string().nullable(),
  callId: z.string().meta({ description: 'The call that it would be.' }),
  number: z.string(),
  name: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
  callbackAt: epochMs.nullable().meta({ description: 'A call was promised at that time; null: none was.' }),
  attempts: z.int().meta({ description: 'Dials of the lead so far.' }),
  shownAt: epochMs,
  until: epochMs.meta({ description: 'When it ends by time alone.' }),
  atEnd: z.enum(['dial', 'lapse']).meta({ description: 'How: dialled for the agent, or shown to another.' }),
  state: z.enum(['reading', 'calling']),
});

export const skipBody = z.strictObject({
  reason: text(200).min(1).meta({ description: 'Why this lead is not dialled now.' }),
});

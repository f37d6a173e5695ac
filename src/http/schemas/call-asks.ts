import { z } from 'zod';
import { epochMs, id, text } from './common.ts';

const MAX_DATA = 50;

export const callAskBody = z.strictObject({
  campaignId: id.meta({ description: 'An agentless campaign with `takesCalls`: its flow talks, by its profile.' }),
  number: text(40).min(1),
  data: z
    .record(text(100).min(1), z.string().max(1_000))
    .refine((data) => Object.keys(data).length <= MAX_DATA, `has more than ${MAX_DATA} names`)
    .default({})
    .meta({ description: 'What the flow is told, by names of its variables that it `takes`.' }),
  reason: text(200).min(1).meta({ description: 'Why he is called; it stands in the journal.' }),
  name: text(200).nullable().default(null),
  consent: text(1_000).nullable().default(null).meta({ description: '`express` or `written`; all else is none.' }),
  zone: text(60).nullable().default(null),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/u, 'not two letters')
    .nullable()
    .default(null),
  reference: text(100)
    .min(1)
    .exactOptional()
    .meta({ description: 'Your own id of the call, once a campaign; the same again is the same call.' }),
  wait: z.boolean().default(false).meta({
    description: 'Not refused when only the hour, a cap or another call forbids it now: made when it may be.',
  }),
});

export const askedCall = z.object({
  callId: z.string(),
  campaignId: z.string(),
  reference: z.string(),
  until: epochMs.nullable().meta({ description: 'Not before then; null: as soon as a line is free.' }),
  because: z.string().nullable().meta({ description: 'The rule that it waits for.' }),
});

import { z } from 'zod';
import type { FactType } from '../../call/journal.ts';
import { FACT_TYPES } from '../../events/catalogue.ts';
import { epochMs, limitTo, list } from './common.ts';
import { cloudEvent } from './events.ts';

const types = z
  .array(z.enum(FACT_TYPES as [FactType, ...FactType[]]))
  .min(1)
  .readonly()
  .nullable()
  .meta({ description: 'Only these types, short names from docs/events.md; null: all.' });

const url = z
  .url({ protocol: /^https?$/u })
  .max(2_000)
  .meta({
    description: 'Its host must be one of `hosts` in the site’s destinations.',
  });

export const newWebhook = z.strictObject({
  url,
  types: types.default(null),
  from: z
    .union([z.literal('now'), z.literal('oldest'), z.string().regex(/^\d{14}(-\d{8,15})?$/u, 'not a cursor')])
    .default('now')
    .meta({ description: 'The first event that is sent comes after this.' }),
});

export const webhookChange = z
  .strictObject({ url, types, isOn: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

export const webhookView = z.object({
  id: z.string(),
  url: z.string(),
  types,
  isOn: z.boolean(),
  why: z.string().meta({ description: 'Why it is off; empty while it is on.' }),
  createdAt: epochMs,
  cursor: z.string().nullable().meta({ description: 'All up to here was sent, set aside, or not wanted.' }),
  parked: z.int().meta({ description: 'Refused, and sent again later; with those of the same call that follow.' }),
  dead: z.int().meta({ description: 'Refused for a day.' }),
  failing: z
    .object({ since: epochMs, tries: z.int(), nextAt: epochMs, why: z.string() })
    .nullable()
    .meta({ description: 'Nothing gets through; null also where another process sends.' }),
});

export const webhooks = z.object({ items: list(webhookView) });

const secret = z
  .string()
  .meta({ description: 'It is told this once. Standard Webhooks 1.0.0, HMAC-SHA256 of `id.timestamp.body`.' });

export const madeWebhook = z.object({ webhook: webhookView, secret });

export const rotation = z.strictObject({
  keepOldMs: z
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(86_400_000)
    .meta({ description: 'So long the old secret signs too.' }),
});
export const rotated = z.object({ secret });

export const deadPage = z.strictObject({ limit: limitTo(500, 100) });
export const deadLetters = z.object({
  items: list(z.object({ cursor: z.string(), tries: z.int(), firstAt: epochMs, why: z.string(), event: cloudEvent })),
});
export const revived = z.object({ replayed: z.int() });

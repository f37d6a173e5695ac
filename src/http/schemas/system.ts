import { z } from 'zod';
import { ROLES } from '../roles.ts';
import { epochMs, id, list, text } from './common.ts';

export const flowView = z.object({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  file: z.string(),
  numbers: list(z.string()),
  nodes: z.int(),
});

export const trunkView = z.object({
  name: z.string(),
  lines: z.int(),
  cps: z.number(),
  inUse: z.int(),
  down: z
    .object({ since: epochMs, said: z.string(), until: epochMs.meta({ description: 'When one call tries it.' }) })
    .nullable()
    .meta({ description: 'Campaigns leave it alone, as this process knows it; null: it works, as far as is known.' }),
  backOff: list(z.object({ destination: z.string(), said: z.string(), until: epochMs })).meta({
    description: 'Beginnings of numbers that are left alone after failures.',
  }),
});

const part = z.object({ ok: z.boolean(), detail: z.string() });

export const healthView = z.object({
  ready: z.boolean(),
  parts: z.object({ switch: part, liveStore: part, history: part, journal: part }),
});

const role = z.enum(ROLES);

export const tokenBody = z
  .strictObject({
    name: text(100).min(1),
    role,
    agentId: id.nullable().default(null).meta({ description: 'For the role `agent`: who the token is.' }),
  })
  .refine((token) => (token.role === 'agent') === (token.agentId !== null), {
    path: ['agentId'],
    message: 'the role "agent" needs it, and no other may have it',
  });

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  role,
  agentId: z.string().nullable(),
  createdAt: epochMs,
});

export const tokenMade = tokenView.extend({
  token: z.string().meta({ description: 'Shown this once; only its hash is kept.' }),
});

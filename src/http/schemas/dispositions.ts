import { z } from 'zod';
import { epochMs, list, text } from './common.ts';

const KINDS = ['success', 'refusal', 'retry', 'callback', 'dnc', 'payment', 'machine'] as const;

export const dispositionValues = z
  .record(text(100), z.union([text(1_000), z.number()]))
  .default({})
  .meta({ description: 'What it asks for: see `GET /v1/calls/{id}/disposition`.' });

export const callDispositionBody = z.strictObject({
  disposition: text(100).min(1).meta({ description: 'A name of `site/dispositions.yaml`.' }),
  values: dispositionValues,
});

const said = z.object({
  disposition: z.string(),
  kind: z.enum(KINDS),
  at: epochMs,
  agentId: z.string(),
  by: z.string().meta({ description: 'The agent, or the name of the supervisor’s token.' }),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .meta({ description: 'As they were understood: sums in minor units, moments in ms since 1970.' }),
  counts: list(z.string()),
  payment: z
    .object({
      amount: z.int().meta({ description: 'Minor units of the currency: cents.' }),
      currency: z.string().meta({ description: 'ISO 4217.' }),
      due: z.string().meta({ description: 'A day: 2026-12-24.' }),
    })
    .exactOptional()
    .meta({ description: 'What was promised.' }),
  lead: z.discriminatedUnion('status', [
    z.object({ status: z.literal('done') }),
    z.object({
      status: z.literal('pending'),
      notBefore: epochMs,
      numberIndex: z.int().meta({ description: 'Which of its numbers is dialled next, from 0.' }),
      callback: z
        .object({
          at: epochMs,
          agentId: z.string().nullable().meta({ description: 'Null: whoever of the team is free.' }),
          waitMs: z.number().exactOptional(),
        })
        .exactOptional(),
    }),
  ]),
});

const field = z.object({
  name: z.string(),
  type: z.enum(['text', 'number', 'choice', 'money', 'date', 'time']),
  labels: z.record(z.string(), z.string()),
  required: z.boolean(),
  choices: list(z.string()).optional(),
  currency: z.string().optional(),
  withinMs: z.number().nullable().optional(),
});

export const callDisposition = said;

export const agentLead = z.object({
  callId: z.string(),
  campaign: z.object({
    id: z.string(),
    name: z.string(),
    script: z.string().nullable().meta({ description: 'Name of what the agent reads from.' }),
  }),
  lead: z.object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    number: z.string().meta({ description: 'The one that was dialled.' }),
    fields: z.record(z.string(), z.string()),
  }),
});

export const dispositionForm = z.object({
  callId: z.string(),
  campaignId: z.string(),
  lead: z.object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    fields: z.record(z.string(), z.string()),
  }),
  said: said.nullable().meta({ description: 'Null: nothing was said yet.' }),
  dispositions: list(
    z.object({
      name: z.string(),
      kind: z.enum(KINDS),
      labels: z.record(z.string(), z.string()),
      fields: list(field),
    }),
  ),
});

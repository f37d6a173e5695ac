import { z } from 'zod';
import { QUALITY_WORDS } from '../../engine/ports/campaigns.ts';
import { epochMs, list } from './common.ts';

const count = z.int();

export const campaignWhy = z.object({
  at: epochMs,
  headline: z.string().meta({ description: 'The first gate that fails, or what pacing says.' }),
  gates: list(z.object({ gate: z.string(), pass: z.boolean(), text: z.string() })),
});

const part = (words: string) =>
  z
    .object({ share: z.number().nullable(), of: count })
    .meta({ description: `${words} \`share\` is null of nothing; \`of\` is what it is a share of.` });

const quality = z.object({
  listId: z.string(),
  leads: count,
  done: count,
  dialled: count.meta({ description: 'Leads whom at least one dial tried that has ended.' }),
  dials: count.meta({
    description: 'Dials that have ended, without those that we took back or that failed on our side.',
  }),
  contact: part(QUALITY_WORDS.contact),
  reached: part(QUALITY_WORDS.reached),
  machine: part(QUALITY_WORDS.machine),
  noAnswer: part(QUALITY_WORDS.noAnswer),
  invalid: part(QUALITY_WORDS.invalid),
  refused: part(QUALITY_WORDS.refused),
});

export const campaignQuality = z.object({
  at: epochMs.meta({ description: 'When it was counted: at most 15 s ago.' }),
  all: quality,
  lists: list(quality.extend({ name: z.string() })),
  definitions: z.record(z.string(), z.string()),
});

const leadGate = z.object({
  gate: z.string(),
  pass: z.boolean(),
  text: z.string(),
  until: epochMs.nullable().meta({ description: 'When it will be so; null: it is, or not by waiting.' }),
});

export const leadWhy = z.object({
  at: epochMs,
  headline: z.string().meta({ description: 'The first gate that fails, or that it is next.' }),
  lead: z.object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    others: list(z.string()).meta({ description: 'Other leads of the campaign with the number that was asked for.' }),
  }),
  gates: list(leadGate).meta({ description: 'Of the lead, of its numbers together, of its campaign, in order.' }),
  numbers: list(z.object({ number: z.string(), kind: z.string(), gates: list(leadGate) })).meta({
    description: 'What the law says of each of its numbers, the one whose turn it is first.',
  }),
});

export const paced = z.object({
  at: epochMs,
  launch: count,
  because: z.string(),
  numbers: z.record(z.string(), z.number()).meta({ description: 'What the policy reckoned with, as it names it.' }),
});

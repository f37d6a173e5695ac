import { z } from 'zod';
import { Explained } from './ending.ts';
import { askServer } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const limit = z.object({
  cap: z.number(),
  window: z.string(),
  scope: z.string(),
  rate: z.number(),
  abandoned: z.number(),
  of: z.number(),
  from: z.string(),
  to: z.string(),
  budget: z.number(),
  binds: z.boolean(),
  definition: z.string(),
});

/** What `GET /v1/campaigns/:id` tells, as far as it is shown. */
export const campaignAnswer = z.object({
  campaign: z.object({ id: z.string(), name: z.string(), status: z.string(), mode: z.string() }),
  leads: z.object({ pending: z.number(), leased: z.number(), done: z.number() }),
  outcomes: z.record(z.string(), z.number()),
  inFlight: z.number(),
  live: z
    .object({
      agents: z.object({ idle: z.number(), talk: z.number(), wrap: z.number() }),
      idleMs: z.number().nullable(),
      callsMade: z.number(),
      dropsPercent: z.number().nullable(),
      dialLevel: z.number().nullable(),
      lines: z.object({ inUse: z.number(), max: z.number() }),
      finishAt: z.object({ low: z.number(), likely: z.number(), high: z.number(), from: z.string() }).nullable(),
    })
    .nullable(),
  abandonment: z
    .object({ profile: z.string(), limits: z.array(limit) })
    .nullable()
    .default(null),
  amd: z
    .object({
      machines: z.number(),
      falsePositive: z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable(),
      charged: z.object({ share: z.number(), from: z.string() }),
    })
    .nullable()
    .default(null),
  because: z.string().nullable(),
});

export type CampaignAnswer = z.output<typeof campaignAnswer>;

const part = z.object({ share: z.number().nullable(), of: z.number() });
const quality = z.object({
  listId: z.string(),
  leads: z.number(),
  done: z.number(),
  dialled: z.number(),
  dials: z.number(),
  contact: part,
  reached: part,
  machine: part,
  noAnswer: part,
  invalid: part,
  refused: part,
});

/** What `GET /v1/campaigns/:id/quality` tells. */
export const qualityAnswer = z.object({
  at: z.number(),
  all: quality,
  lists: z.array(quality.extend({ name: z.string() })),
  definitions: z.record(z.string(), z.string()),
});

export type QualityAnswer = z.output<typeof qualityAnswer>;

const ID = /^campaign-/u;
const named = z.object({ items: z.array(z.object({ campaign: z.object({ id: z.string(), name: z.string() }) })) });

/** The ID of a campaign that is asked for by its ID or its name. @throws Explained when there is none, or several. */
export async function campaignId(asked: string, env: Env): Promise<string> {
  if (ID.test(asked)) return asked;
  const [one, ...more] = await campaignsNamed(asked, env);
  if (one !== undefined && more.length === 0) return one;
  if (one !== undefined)
    throw new Explained(
      `There are ${more.length + 1} campaigns '${asked}', name one by its ID: ${[one, ...more].join(', ')}.`,
    );
  throw new Explained(`There is no campaign '${asked}'. \`callwright campaign list\` shows what there is.`);
}

/** IDs of the campaigns of a name. @throws Explained when the server refuses */
export async function campaignsNamed(name: string, env: Env): Promise<readonly string[]> {
  const reply = await askServer(env, { method: 'GET', path: '/v1/campaigns', answer: named });
  if (!reply.ok) throw new Explained(reply.sentence);
  const all = reply.value.items.map(({ campaign }) => campaign);
  return all.filter((each) => each.id === name || each.name.toLowerCase() === name.toLowerCase()).map(({ id }) => id);
}

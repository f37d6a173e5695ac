import { z } from 'zod';
import { epochMs, id, list, ms, text } from './common.ts';
import { dispositionValues } from './dispositions.ts';

const name = text(100).min(1);
const count = z.int();

const MOST = 200;

const share = z.number().min(0).max(1);

/** How a phone logs in to the private Asterisk. */
export const phoneAccount = z.object({
  server: z.string().meta({ description: 'SIP over UDP, host and port.' }),
  account: z.string(),
  password: z.string().meta({ description: 'Shown this once.' }),
});

/** An agent as given in the body of PUT; the id is in the path. */
export const agentBody = z.strictObject({
  name,
  phone: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/u, 'not the name of a phone')
    .meta({
      description:
        'An account of the switch. On the one that Callwright starts itself POST /v1/agents/{id}/phone-account makes it.',
    }),
  skills: z.record(id, z.int().min(1).max(10)).default({}),
  queues: list(id).pipe(z.array(z.string()).max(MOST).readonly()).default([]),
  campaigns: z
    .array(z.union([z.literal('*'), id]))
    .max(MOST)
    .readonly()
    .default([]),
  ranks: z
    .record(id, z.int().min(1).max(100))
    .exactOptional()
    .meta({ description: 'By queue; the lowest is asked first.' }),
  shares: z
    .record(id, share)
    .exactOptional()
    .meta({ description: 'By queue, the part of his calls it should give, 0–1.' }),
  weight: z.number().min(0.01).max(100).exactOptional().meta({ description: 'For the strategy `random`.' }),
  results: z.record(id, share).exactOptional().meta({ description: 'By topic, 0–1.' }),
});

const status = z.enum(['logged-out', 'ready', 'not-ready']);
const number = z.string().regex(/^\+[1-9][0-9]{6,14}$/u, 'not a number with + and 7 to 15 digits');
const phone = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/u, 'not the name of a phone');
const place = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('phone'), phone }),
  z.strictObject({ kind: z.literal('number'), number, trunk: id }),
]);

export const loginBody = z.strictObject({
  seat: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('own') }),
      ...place.options,
      z.strictObject({
        kind: z.literal('line'),
        to: place.nullable().default(null).meta({ description: "Null: the agent's own phone." }),
      }),
    ])
    .default({ kind: 'own' })
    .meta({
      description: 'Where calls reach the agent. A `line` is rung once and stays up; then the agent is logged in.',
    }),
  status: z.enum(['ready', 'not-ready']).default('ready'),
  reason: text(100).nullable().default(null),
});

export const extendBody = z.strictObject({ byMs: z.int().min(1_000).max(14_400_000) });

export const dispositionBody = z.strictObject({
  disposition: text(100).min(1).meta({
    description:
      "One of the queue's `dispositions`, where it names any; of a campaign's call one of `site/dispositions.yaml`.",
  }),
  callId: id.nullable().default(null).meta({ description: 'Null: the last call.' }),
  values: dispositionValues,
});

export const changeBody = z.strictObject({
  skills: z
    .record(id, z.int().min(1).max(10).nullable())
    .default({})
    .meta({ description: 'New levels; null takes a skill away.' }),
  queues: list(id).pipe(z.array(z.string()).max(MOST).readonly()).nullable().default(null).meta({
    description: 'Instead of those of the profile; null: those.',
  }),
});

export const reasonView = z.object({ id: z.string(), title: z.string(), maxMs: ms.nullable() });

export const statusBody = z.strictObject({
  status,
  reason: text(100).nullable().default(null).meta({ description: 'Why not ready, e.g. `lunch`.' }),
});

export const agentProfile = z.object({
  id: z.string(),
  name: z.string(),
  phone: z.string(),
  skills: z.record(z.string(), z.number()),
  queues: list(z.string()),
  campaigns: list(z.string()),
  ranks: z.record(z.string(), z.number()).optional(),
  shares: z.record(z.string(), z.number()).optional(),
  weight: z.number().optional(),
  results: z.record(z.string(), z.number()).optional(),
});

export const agentView = z.object({
  profile: agentProfile,
  status,
  reason: z.string().nullable(),
  state: z.enum(['idle', 'reserved', 'ringing', 'talking', 'wrap-up']),
  since: epochMs,
  callId: z.string().nullable(),
  seat: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('own') }),
    z.object({ kind: z.literal('phone'), phone: z.string() }),
    z.object({ kind: z.literal('number'), number: z.string(), trunk: z.string() }),
    z.object({ kind: z.literal('line'), at: z.string(), phase: z.enum(['ringing', 'up']) }),
  ]),
  lineRefused: z
    .object({ at: z.string(), verdict: z.string(), when: epochMs })
    .nullable()
    .meta({ description: 'The line asked for last did not come up: where it was rung, and how that ended.' }),
  statusUntil: epochMs.nullable().meta({ description: 'When the longest time of this reason is over.' }),
  overran: z.boolean(),
  wrapUpUntil: epochMs.nullable(),
  missed: count.meta({ description: 'Offers in a row that were not taken.' }),
  backOffUntil: epochMs.nullable(),
  restUntil: epochMs.nullable(),
  occupancy: z.number().meta({ description: 'How busy lately, 0–1.' }),
  handled: z.record(z.string(), count),
  lastCall: z
    .object({ callId: z.string(), queue: z.string().nullable(), disposition: z.string().nullable() })
    .nullable(),
  changed: z
    .object({ skills: z.record(z.string(), z.number().nullable()), queues: list(z.string()).nullable() })
    .nullable()
    .meta({ description: 'What a supervisor changed until the agent logs out.' }),
});

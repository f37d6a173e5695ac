import { z } from 'zod';
import { epochMs, id, list, ms, requirement, text } from './common.ts';

const name = text(100).min(1);
const count = z.int();

export const queueView = z.object({
  profile: z.object({
    name: z.string(),
    title: z.string(),
    require: list(requirement),
    wrapUpMs: ms,
    ringMs: ms,
    maxWaiting: count,
    maxWaitMs: ms,
    targetMs: ms,
    music: z.string(),
    announce: z.object({ everyMs: ms, position: z.boolean() }),
    refuseWhenNoAgents: z.boolean(),
  }),
  waiting: count,
  longestWaitMs: ms,
  agents: z.object({
    idle: count,
    reserved: count,
    ringing: count,
    talking: count,
    'wrap-up': count,
    'not-ready': count,
    'logged-out': count,
  }),
  handled: count,
  abandoned: count,
});

const MOST = 200;

/** An agent as given in the body of PUT; the id is in the path. */
export const agentBody = z.strictObject({
  name,
  phone: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/u, 'not the name of a phone'),
  skills: z.record(id, z.int().min(1).max(10)).default({}),
  queues: list(id).pipe(z.array(z.string()).max(MOST).readonly()).default([]),
  campaigns: z
    .array(z.union([z.literal('*'), id]))
    .max(MOST)
    .readonly()
    .default([]),
});

const status = z.enum(['logged-out', 'ready', 'not-ready']);

export const statusBody = z.strictObject({
  status,
  reason: text(100).nullable().default(null).meta({ description: 'Why not ready, e.g. `lunch`.' }),
});

export const agentView = z.object({
  profile: z.object({
    id: z.string(),
    name: z.string(),
    phone: z.string(),
    skills: z.record(z.string(), z.number()),
    queues: list(z.string()),
    campaigns: list(z.string()),
  }),
  status,
  reason: z.string().nullable(),
  state: z.enum(['idle', 'reserved', 'ringing', 'talking', 'wrap-up']),
  since: epochMs,
  callId: z.string().nullable(),
});

import { z } from 'zod';
import { epochMs, id, list, text } from './common.ts';

const phone = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/u, 'not the name of a phone');
const HOUR_MS = 3_600_000;

const note = text(500).nullable().default(null).meta({ description: 'Why, for whoever has the customer next.' });

const to = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent'), agentId: id }),
    z.strictObject({ kind: z.literal('queue'), queue: id }),
    z.strictObject({
      kind: z.literal('number'),
      number: z.string().regex(/^\+?[0-9]{3,15}$/u, 'not a telephone number'),
      trunk: id.nullable().default(null).meta({ description: 'Null: the first of the site.' }),
    }),
    z.strictObject({ kind: z.literal('phone'), phone }),
  ])
  .meta({ description: 'An agent, a queue, a number outside that the site allows, or a phone that is no agent’s.' });

export const onBody = z.strictObject({ on: z.boolean() });
export const toBody = z.strictObject({ to });
export const sideBody = z.strictObject({ side: z.enum(['customer', 'consult']) });
export const dropBody = z.strictObject({ guest: id });
export const transferBody = z.strictObject({
  to,
  note,
  keepPlace: z.boolean().default(true).meta({
    description: 'Into a queue at the time of the arrival; false: behind those who wait there.',
  }),
});
export const noteBody = z.strictObject({ note });
export const parkBody = z.strictObject({
  note,
  forMs: z.int().min(10_000).max(HOUR_MS).default(120_000).meta({ description: 'Then the customer comes back.' }),
});
export const escalateBody = z.strictObject({
  how: z.enum(['queue', 'conference']).meta({ description: 'The customer goes there, or an agent comes from there.' }),
  note,
});
export const pickUpBody = z.strictObject({
  slot: z.string().regex(/^[0-9]{3}$/u, 'not a place where callers are parked'),
});
export const monitorBody = z.strictObject({
  mode: z.enum(['listen', 'whisper', 'barge', 'take-over']),
  phone: phone.meta({
    description: 'The phone that rings for it; an agent who sits there gets no other call meanwhile.',
  }),
});
export const moveBody = z.strictObject({ queue: id });
export const priorityBody = z.strictObject({
  priority: z.number().min(0).max(86_400).meta({ description: 'Seconds of credit.' }),
});

const maybe = z.string().nullable();

const talk = z.object({
  callId: z.string(),
  phase: z.string(),
  part: z.enum(['leader', 'consult', 'member', 'listen', 'whisper', 'rung']),
  leader: maybe,
  ani: maybe,
  dnis: z.string(),
  language: z.string(),
  queue: maybe,
  held: z.boolean(),
  muted: z.boolean(),
  side: z.enum(['customer', 'consult']),
  recording: z.enum(['off', 'on', 'paused']).meta({
    description: 'A pause that another agent asked for is still there after a hand-over, until somebody resumes.',
  }),
  guests: list(
    z.object({
      id: z.string(),
      role: z.string(),
      phase: z.enum(['waiting', 'ringing', 'in']),
      to: z.string(),
      agentId: maybe,
      muted: z.boolean(),
      since: epochMs,
    }),
  ),
  handed: z
    .object({ how: z.string(), from: z.string(), to: z.string(), note: maybe, at: epochMs })
    .nullable()
    .meta({ description: 'From whom the customer comes, why, and since when; null: from the queue.' }),
  tags: list(z.string()),
  variables: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .meta({ description: 'What the flow knows of the caller; nothing sensitive.' }),
  since: epochMs.nullable(),
});

export const talkView = z.object({ call: talk.nullable() });

export const parkedView = z.object({
  slot: z.string(),
  callId: z.string(),
  queue: maybe,
  by: z.string(),
  note: maybe,
  at: epochMs,
  until: epochMs,
});

export const pickedUp = z.object({ callId: z.string() });

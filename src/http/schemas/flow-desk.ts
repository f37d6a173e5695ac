import { z } from 'zod';
import { epochMs, id, ms, page } from './common.ts';

export const answerBody = z.strictObject({
  outcome: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/u, 'not the name of an answer')
    .meta({ description: 'One of the answers that the node lists, or `answered`.' }),
  data: z
    .record(z.string().max(100), z.unknown())
    .default({})
    .meta({ description: 'JSON, of which the node saves what it names.' }),
});

const state = z.enum(['new', 'heard', 'done']);

export const voicemailQuery = z.strictObject({
  ...page.shape,
  box: id.optional(),
  state: state.optional(),
});

export const voicemailView = z.object({
  id: z.string(),
  box: z.string(),
  callId: z.string(),
  ani: z.string().nullable(),
  language: z.string(),
  recordedAt: epochMs,
  durationMs: ms,
  replyBy: epochMs.nullable().meta({ description: 'When an answer was promised to the caller.' }),
  state,
  by: z.string().nullable().meta({ description: 'Name of the token that moved it to its state.' }),
  movedAt: epochMs.nullable(),
  tries: z.int().meta({ description: 'How often the caller was rung back by an agent who was given the message.' }),
  notBefore: epochMs.meta({ description: 'Not given to an agent before this time; 0: at any.' }),
});

export const voicemailChange = z.strictObject({ state });

export const recordingView = z.object({
  id: z.string(),
  callId: z.string(),
  recordedAt: epochMs,
  kind: z.enum(['flow', 'talk', 'message']).meta({
    description:
      '`flow`: what the caller said to a node; `talk`: a part of a talk; `message`: what an abandoned person heard and said.',
  }),
  queue: z.string().nullable().meta({ description: "A campaign's is `campaign:<id>`." }),
  agentId: z.string().nullable(),
  durationMs: ms.nullable().meta({ description: 'Null while it is being made, and of what a node recorded.' }),
  keepUntil: epochMs.meta({ description: 'It is erased then.' }),
});

export const byRecordingVerb = z.strictObject({ id, verb: z.enum(['start', 'stop', 'pause', 'resume']) });

export const talkRecordingView = z.object({
  state: z.enum(['off', 'on', 'paused']).meta({ description: '`paused`: nothing that is said from now on is kept.' }),
  id: z.string().nullable().meta({ description: 'The part that is being made.' }),
});

/** As callers key it or systems name it; letters, digits and a few signs. */
const account = z.string().regex(/^[A-Za-z0-9+][A-Za-z0-9_.:@+-]{0,99}$/u, 'not an account');

export const byAccount = z.strictObject({ account });

export const pinBody = z.strictObject({ pin: z.string().regex(/^[0-9]{4,12}$/u, 'not 4 to 12 digits') });

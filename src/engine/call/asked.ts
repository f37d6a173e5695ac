import { z } from 'zod';
import { AGENT_ACTIONS, DNC_SCOPES, type FlowRequest } from '../../call/request.ts';
import { OWNER_KINDS } from '../../call/work-facts.ts';

const at = z.number();
const text = z.string();

/** A request of a flow as it is kept with its call, so that the process that adopts the call makes it again. */
export const flowRequestSchema: z.ZodType<FlowRequest> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lookup'),
    method: z.enum(['GET', 'POST']),
    url: text,
    secret: text.nullable(),
    body: z.json(),
    timeoutMs: z.number(),
    cacheMs: z.number().nullable(),
  }),
  z.object({ kind: z.literal('ask'), question: text, data: z.json(), deadline: at }),
  z.object({ kind: z.literal('pin'), account: text, pin: text }),
  z.object({ kind: z.literal('metrics'), queue: text }),
  z.object({ kind: z.literal('dnc'), scope: z.enum(DNC_SCOPES) }),
  z.object({
    kind: z.literal('follow-up'),
    flow: text,
    work: text,
    owner: z.object({ kind: z.enum(OWNER_KINDS), id: text }),
    dueAt: at,
    reason: text,
    priority: z.number(),
    data: z.record(z.string(), text),
  }),
  z.object({ kind: z.literal('recall'), what: text }),
  z.object({ kind: z.literal('keep-recording'), recordingId: text }),
  z.object({
    kind: z.literal('voicemail'),
    box: text,
    recordingId: text,
    durationMs: z.number(),
    language: text,
    replyBy: at.nullable(),
  }),
  z.object({ kind: z.literal('voicemail-room'), box: text }),
  z.object({
    kind: z.literal('callback'),
    queue: text,
    number: text,
    language: text,
    dueBy: at,
    keepPlace: z.boolean(),
    require: z
      .array(z.object({ skill: z.string(), level: z.number() }))
      .readonly()
      .default([]),
  }),
  z.object({
    kind: z.literal('agent'),
    action: z.enum(AGENT_ACTIONS),
    number: text.nullable(),
    reason: text.nullable(),
    disposition: text.nullable(),
    slot: text.exactOptional(),
    byMs: z.number(),
  }),
  z.object({
    kind: z.literal('speech'),
    legId: text,
    language: text,
    hints: z.array(text).readonly(),
    timeoutMs: z.number(),
  }),
]);

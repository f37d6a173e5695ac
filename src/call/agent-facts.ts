import { z } from 'zod';
import { ms, verdict } from './fact-words.ts';

/** What is recorded of agents: what they are asked to be, what they do, where they sit. */
export const AGENT_FACTS = {
  'agent.status.changed': z.strictObject({
    agentId: z.string(),
    status: z.enum(['logged-out', 'ready', 'not-ready']),
    previous: z.enum(['logged-out', 'ready', 'not-ready']),
    reason: z.string().nullable(),
  }),
  'agent.state.changed': z.strictObject({
    agentId: z.string(),
    state: z.enum(['idle', 'reserved', 'ringing', 'talking', 'wrap-up']),
    previous: z.enum(['idle', 'reserved', 'ringing', 'talking', 'wrap-up']),
    callId: z.string().nullable(),
    /** Time spent in the previous state. */
    lastedMs: ms,
  }),
  'agent.seated': z.strictObject({ agentId: z.string(), kind: z.enum(['phone', 'number', 'line']), at: z.string() }),
  'agent.line.ended': z.strictObject({ agentId: z.string(), at: z.string() }),
  'agent.line.refused': z.strictObject({ agentId: z.string(), at: z.string(), verdict }),
  'agent.status.overran': z.strictObject({
    agentId: z.string(),
    status: z.enum(['logged-out', 'ready', 'not-ready']),
    reason: z.string().nullable(),
    dueAt: z.number(),
  }),
  'agent.backed.off': z.strictObject({ agentId: z.string(), missed: z.int(), until: z.number() }),
  'agent.rest.began': z.strictObject({ agentId: z.string(), until: z.number(), occupancy: z.number() }),
  'agent.rest.ended': z.strictObject({ agentId: z.string() }),
  'agent.changed': z.strictObject({
    agentId: z.string(),
    skills: z.record(z.string(), z.int().nullable()),
    queues: z.array(z.string()).nullable(),
  }),
  'agent.hold.lapsed': z.strictObject({
    agentId: z.string(),
    callId: z.string(),
    state: z.enum(['reserved', 'ringing']),
  }),
} as const;

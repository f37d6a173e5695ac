import { z } from 'zod';
import { VERDICTS, type Verdict } from '../../call/cause.ts';
import { epochMs, ms } from './common.ts';

const direction = z.enum(['inbound', 'outbound']);
const verdict = z.enum(VERDICTS as [Verdict, ...Verdict[]]);
const maybe = z.string().nullable();

export const callView = z.object({
  id: z.string(),
  direction,
  phase: z.string(),
  ani: maybe,
  dnis: z.string(),
  language: z.string(),
  flow: maybe,
  node: maybe,
  queue: maybe,
  agentId: maybe,
  campaignId: maybe,
  priority: z.number(),
  startedAt: epochMs,
  queuedAt: epochMs.nullable(),
});

export const callRecord = z.object({
  id: z.string(),
  direction,
  ani: maybe,
  dnis: z.string(),
  source: z.string(),
  language: z.string(),
  flow: maybe,
  queue: maybe,
  agentId: maybe,
  campaignId: maybe,
  startedAt: epochMs,
  answeredAt: epochMs.nullable(),
  endedAt: epochMs,
  waitedMs: ms,
  talkedMs: ms,
  heldMs: ms,
  outcome: z.union([z.enum(['handled', 'contained', 'abandoned', 'rejected', 'transferred', 'failed']), verdict]),
  verdict,
  q850: z.int(),
  detected: z.enum(['event', 'reconcile']),
});

import { z } from 'zod';
import { SERVICE_LEVEL } from '../../engine/ports/service.ts';
import { list, ms, requirement } from './common.ts';

const count = z.int();
const share = z.number();
const target = z.union([z.object({ queue: z.string() }), z.object({ number: z.string(), trunk: z.string() })]);

/** A queue as its site file says, durations in ms. */
export const queueProfile = z.object({
  name: z.string(),
  title: z.string(),
  require: list(requirement),
  relax: list(z.object({ afterMs: ms, require: list(requirement) })),
  strategy: z.string(),
  ringAtOnce: count,
  priorities: z.record(z.string(), z.number()).meta({ description: 'Seconds of age credited by type of customer.' }),
  results: z.object({ topic: z.string(), weight: share }).nullable(),
  wrapUpMs: ms,
  wrapUpExtendMs: ms,
  dispositions: list(z.string()),
  ringMs: ms,
  maxWaiting: count,
  maxWaitMs: ms,
  targetMs: ms,
  serviceLevel: share.meta({ description: 'The share of calls that is to be answered within `targetMs`.' }),
  greeting: z.string().nullable(),
  music: z.string(),
  announce: z.object({ everyMs: ms, position: z.boolean() }),
  comfort: z.object({ everyMs: ms, prompts: list(z.string()) }).nullable(),
  refuseWhenNoAgents: z.boolean(),
  refuseWhenEstimateOverMs: ms.nullable(),
  leaveWhenNoAgentsMs: ms.nullable(),
  calendar: z.string().nullable(),
  closing: z.object({ sweep: z.boolean(), callback: z.boolean() }),
  overflow: list(
    z.object({
      to: target,
      when: z.object({
        waitedOverMs: ms.optional(),
        estimateOverMs: ms.optional(),
        staffedUnder: count.optional(),
        serviceLevelUnder: share.optional(),
        closed: z.boolean().optional(),
      }),
    }),
  ),
  recording: z.object({ mode: z.string(), keepDays: count }),
  callbacks: z.object({ tries: count, retryAfterMs: ms, ringMs: ms, trunk: z.string().nullable() }),
  returningMs: ms.nullable(),
  box: z.string().nullable(),
  reserve: z.boolean(),
  escalateTo: z.string().nullable(),
});

export const queueView = z.object({
  profile: queueProfile,
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
  serviceLevel: share.nullable().meta({ description: `${SERVICE_LEVEL} Null: too few calls to tell.` }),
  overflowingTo: list(z.string()).meta({
    description: 'Queues, or numbers of other sites, that help out now, whatever the wait of a single call is.',
  }),
  reserved: count.meta({ description: 'Agents on whom campaigns do not count, for the sake of this queue.' }),
});

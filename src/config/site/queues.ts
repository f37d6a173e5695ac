import { z } from 'zod';
import { type Overflow, PLAIN_QUEUE, type QueueProfile, STRATEGIES } from '../../call/routing.ts';
import { destination, duration, name, promptName, requirement, shape, title } from '../../ivr/words.ts';
import { share } from './words.ts';

const DAY_MS = 86_400_000;
/** Seconds of age; a day at most, so that nobody is put before all who waited since yesterday. */
const credit = z.int().min(-86_400).max(86_400);

const relaxation = shape({ after: duration('1s', '4h'), require: z.array(requirement).max(20) });

const helped = shape({
  to: z.union([
    name.transform((queue) => ({ queue })),
    shape({ queue: name }),
    shape({ number: destination, trunk: name }),
  ]),
  when: shape({
    waitedOver: duration('1s', '4h').exactOptional(),
    estimateOver: duration('10s', '4h').exactOptional(),
    staffedUnder: z.int().min(1).max(10_000).exactOptional(),
    serviceLevelUnder: share.exactOptional(),
    closed: z.boolean().exactOptional(),
  }),
});

const announce = shape({ every: duration('10s', '30m').default(45_000), position: z.boolean().default(true) });
const closing = shape({ sweep: z.boolean().default(true), callback: z.boolean().default(false) });
const recording = shape({
  mode: z.enum(['always', 'on-demand', 'never']),
  keep: duration('1d', '3650d').default(PLAIN_QUEUE.recording.keepDays * DAY_MS),
});
const callbacks = shape({
  tries: z.int().min(1).max(20).default(PLAIN_QUEUE.callbacks.tries),
  retryAfter: duration('1m', '24h').default(PLAIN_QUEUE.callbacks.retryAfterMs),
  ring: duration('10s', '2m').default(PLAIN_QUEUE.callbacks.ringMs),
  trunk: name.exactOptional(),
});

/** `site/queues.yaml`: queue name → queue. What is left out is as `PLAIN_QUEUE` says. */
export const queuesFile = z.record(
  name,
  shape({
    title,
    require: z.array(requirement).max(20).default([]),
    relax: z.array(relaxation).max(10).default([]),
    strategy: z.enum(STRATEGIES).default(PLAIN_QUEUE.strategy),
    ringAtOnce: z.int().min(2).max(10).exactOptional(),
    priorities: z.record(name, credit).default({}),
    results: shape({ topic: name, weight: share }).exactOptional(),
    wrapUp: duration('0s', '30m').default(PLAIN_QUEUE.wrapUpMs),
    wrapUpExtend: duration('0s', '4h').default(PLAIN_QUEUE.wrapUpExtendMs),
    dispositions: z.array(name).max(100).default([]),
    ring: duration('5s', '2m').default(PLAIN_QUEUE.ringMs),
    maxWaiting: z.int().min(1).max(10_000).default(PLAIN_QUEUE.maxWaiting),
    maxWait: duration('10s', '4h').default(PLAIN_QUEUE.maxWaitMs),
    target: duration('1s', '30m').default(PLAIN_QUEUE.targetMs),
    serviceLevel: share.default(PLAIN_QUEUE.serviceLevel),
    greeting: z.union([z.literal('none'), promptName]).default(PLAIN_QUEUE.greeting),
    music: name.default(PLAIN_QUEUE.music),
    announce: announce.prefault({}),
    comfort: shape({ every: duration('10s', '30m'), prompts: z.array(promptName).min(1).max(20) }).exactOptional(),
    refuseWhenNoAgents: z.boolean().default(false),
    refuseWhenEstimateOver: duration('10s', '4h').exactOptional(),
    leaveWhenNoAgents: duration('10s', '1h').exactOptional(),
    calendar: name.exactOptional(),
    closing: closing.exactOptional(),
    overflow: z.array(helped).max(10).default([]),
    recording: recording.exactOptional(),
    callbacks: callbacks.prefault({}),
    returning: duration('1m', '24h').exactOptional(),
    box: name.exactOptional(),
    reserve: z.boolean().default(false),
    escalateTo: name.exactOptional(),
  }),
);

export type QueueFile = z.output<typeof queuesFile>[string];

export function queueOf(name: string, file: QueueFile): QueueProfile {
  const { wrapUp, wrapUpExtend, ring, maxWait, target, announce, comfort, callbacks, recording, ...rest } = file;
  const { refuseWhenEstimateOver, leaveWhenNoAgents, returning, ...same } = rest;
  return {
    ...PLAIN_QUEUE,
    ...same,
    name,
    greeting: file.greeting === 'none' ? null : file.greeting,
    relax: file.relax.map((step) => ({ afterMs: step.after, require: step.require })),
    wrapUpMs: wrapUp,
    wrapUpExtendMs: wrapUpExtend,
    ringMs: ring,
    maxWaitMs: maxWait,
    targetMs: target,
    announce: { everyMs: announce.every, position: announce.position },
    comfort: comfort ? { everyMs: comfort.every, prompts: comfort.prompts } : null,
    refuseWhenEstimateOverMs: refuseWhenEstimateOver ?? null,
    leaveWhenNoAgentsMs: leaveWhenNoAgents ?? null,
    overflow: file.overflow.map(overflowOf),
    recording: recordingOf(recording),
    callbacks: {
      tries: callbacks.tries,
      retryAfterMs: callbacks.retryAfter,
      ringMs: callbacks.ring,
      trunk: callbacks.trunk ?? null,
    },
    returningMs: returning ?? null,
  };
}

function overflowOf({ to, when }: QueueFile['overflow'][number]): Overflow {
  const { waitedOver, estimateOver, ...same } = when;
  return {
    to,
    when: {
      ...same,
      ...(waitedOver !== undefined && { waitedOverMs: waitedOver }),
      ...(estimateOver !== undefined && { estimateOverMs: estimateOver }),
    },
  };
}

/** Kept for whole days: a part of one counts as one. */
const recordingOf = (file: QueueFile['recording']): QueueProfile['recording'] =>
  file ? { mode: file.mode, keepDays: Math.ceil(file.keep / DAY_MS) } : PLAIN_QUEUE.recording;

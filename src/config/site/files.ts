import { z } from 'zod';
import { type AgentProfile, PLAIN_QUEUE, type QueueProfile } from '../../call/routing.ts';
import type { Destinations } from '../../call/destinations.ts';
import type { BoxProfile, TrunkProfile } from '../../engine/site.ts';
import {
  destination,
  did,
  duration,
  e164,
  endpoint,
  extension,
  fault,
  language,
  level,
  name,
  promptName,
  requirement,
  shape,
  skill,
  title,
} from '../../ivr/words.ts';
import { readAllowList } from '../../web/allow-list.ts';

/** `site/queues.yaml`: queue name → queue. */
export const queuesFile = z.record(
  name,
  shape({
    title,
    require: z.array(requirement).max(20).default([]),
    wrapUp: duration('0s', '30m').default(10_000),
    ring: duration('5s', '2m').default(20_000),
    maxWaiting: z.int().min(1).max(10_000).default(100),
    maxWait: duration('10s', '4h').default(20 * 60_000),
    target: duration('1s', '30m').default(20_000),
    music: name.default('default'),
    announce: shape({ every: duration('10s', '30m').default(45_000), position: z.boolean().default(true) }).default({
      every: 45_000,
      position: true,
    }),
    refuseWhenNoAgents: z.boolean().default(false),
  }),
);

export function queueOf(name: string, file: z.output<typeof queuesFile>[string]): QueueProfile {
  const { wrapUp, ring, maxWait, target, announce, ...same } = file;
  return {
    ...PLAIN_QUEUE,
    ...same,
    name,
    wrapUpMs: wrapUp,
    ringMs: ring,
    maxWaitMs: maxWait,
    targetMs: target,
    announce: { everyMs: announce.every, position: announce.position },
  };
}

/** `site/agents.yaml`: agent id → agent. */
export const agentsFile = z.record(
  name,
  shape({
    name: title,
    phone: extension,
    skills: z.record(skill, level).default({}),
    queues: z.array(name).max(100).default([]),
    /** Ids of campaigns; `*` serves all. */
    campaigns: z
      .array(z.string().regex(/^(\*|[A-Za-z0-9_-]{1,64})$/))
      .max(100)
      .default([]),
  }),
);

export const agentOf = (id: string, file: z.output<typeof agentsFile>[string]): AgentProfile => ({ id, ...file });

/** `site/trunks.yaml`: trunk name → carrier link. */
export const trunksFile = z.record(
  name,
  shape({
    endpoint,
    lines: z.int().min(1).max(100_000),
    cps: z.number().min(0.1).max(1_000),
    callerId: z.union([e164, destination]).optional(),
  }),
);

/** A carrier link with what the switch door needs to dial through it. */
export interface Trunk extends TrunkProfile {
  /** Name of its endpoint on the switch. */
  readonly endpoint: string;
  readonly callerId: string | null;
}

export const trunkOf = (name: string, file: z.output<typeof trunksFile>[string]): Trunk => ({
  name,
  endpoint: file.endpoint,
  lines: file.lines,
  cps: file.cps,
  callerId: file.callerId ?? null,
});

/** `site/boxes.yaml`: voicemail box → box. */
export const boxesFile = z.record(name, shape({ title, maxMessages: z.int().min(1).max(10_000).default(100) }));

export const boxOf = (name: string, file: z.output<typeof boxesFile>[string]): BoxProfile => ({ name, ...file });

/** `site/skills.yaml` and `site/languages.yaml`: the names there are. Without these files, those in use are. */
export const skillsFile = z.record(skill, shape({ title }));
export const languagesFile = z.record(language, shape({ title }));

/** `site/numbers.yaml`: dialled number → flow, besides the `dids` of the flows. */
export const numbersFile = z.record(did, name);

const range = z.string().regex(/^\+[1-9][0-9]{0,14}\*?$/, {
  error: fault('Destinations are a `+` and digits, with `*` at the end for all that begin so.', 'Write "+358*".'),
});
const host = z.string().refine((written) => readAllowList([written]).ok, {
  error: fault('The host is not understood.', 'Write crm.example.org, "*.example.org:8443" or http://crm.test:8080.'),
});

/** `site/destinations.yaml`: what flows may call and ask outside. */
export const destinationsFile: z.ZodType<Destinations> = shape({
  numbers: z.array(range).max(1_000).default([]),
  deny: z.array(range).max(1_000).default([]),
  hosts: z
    .array(z.union([host, shape({ host, private: z.boolean() })]))
    .max(200)
    .default([]),
  caps: shape({
    concurrent: z.int().min(0).max(10_000),
    perHour: z.int().min(0).max(100_000),
    minutesPerDay: z.int().min(0).max(1_000_000),
  }).exactOptional(),
});

const words = z.string().min(1).max(2_000);

/** `sounds/<language>/prompts.yaml`: prompt name → its words, or parts of it that are each said in a language of their own. */
export const promptsFile = z.record(promptName, z.union([words, z.array(z.record(language, words)).min(1)]));

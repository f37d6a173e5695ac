import { z } from 'zod';
import type { Destinations } from '../../call/destinations.ts';
import type { BoxProfile } from '../../engine/site.ts';
import { did, fault, language, name, promptName, shape, skill, title } from '../../ivr/words.ts';
import { readAllowList } from '../../web/allow-list.ts';
import { numberRange } from './words.ts';

/** `site/boxes.yaml`: voicemail box → box. */
export const boxesFile = z.record(name, shape({ title, maxMessages: z.int().min(1).max(10_000).default(100) }));

export const boxOf = (name: string, file: z.output<typeof boxesFile>[string]): BoxProfile => ({ name, ...file });

/** `site/skills.yaml` and `site/languages.yaml`: the names there are. Without these files, those in use are. */
export const skillsFile = z.record(skill, shape({ title }));
export const languagesFile = z.record(language, shape({ title }));

/** `site/numbers.yaml`: dialled number → flow, besides the `dids` of the flows. */
export const numbersFile = z.record(did, name);

const host = z.string().refine((written) => readAllowList([written]).ok, {
  error: fault('The host is not understood.', 'Write crm.example.org, "*.example.org:8443" or http://crm.test:8080.'),
});

const caps = shape({
  concurrent: z.int().min(0).max(10_000),
  perHour: z.int().min(0).max(100_000),
  minutesPerDay: z.int().min(0).max(1_000_000),
});

/** `site/destinations.yaml`: what flows may call and ask outside. */
export const destinationsFile: z.ZodType<Destinations> = shape({
  numbers: z.array(numberRange).max(1_000).default([]),
  deny: z.array(numberRange).max(1_000).default([]),
  hosts: z
    .array(z.union([host, shape({ host, private: z.boolean() })]))
    .max(200)
    .default([]),
  caps: caps.exactOptional(),
  capsEach: shape({
    flow: caps.exactOptional(),
    agent: caps.exactOptional(),
    campaign: caps.exactOptional(),
  }).exactOptional(),
});

const words = z.string().min(1).max(2_000);

/** `sounds/<language>/prompts.yaml`: prompt name → its words, or parts of it that are each said in a language of their own. */
export const promptsFile = z.record(promptName, z.union([words, z.array(z.record(language, words)).min(1)]));

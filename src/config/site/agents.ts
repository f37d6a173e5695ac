import { z } from 'zod';
import type { AgentProfile } from '../../call/routing.ts';
import { extension, fault, level, name, shape, skill, title } from '../../ivr/words.ts';
import { share } from './words.ts';

/** A queue that an agent serves, how soon he is asked there, and which part of his calls should come from it. */
interface Membership {
  readonly queue: string;
  readonly rank?: number;
  readonly share?: number;
}

const membership = z.union([
  name.transform((queue): Membership => ({ queue })),
  shape({ queue: name, rank: z.int().min(1).max(100).exactOptional(), share: share.exactOptional() }),
]);
const WEIGHT = fault('A weight is a number from 0.01 to 100.', 'Write it like `weight: 2` for twice as many calls.');
const weight = z.number().min(0.01, { error: WEIGHT }).max(100, { error: WEIGHT });

/** `site/agents.yaml`: agent id → agent. */
export const agentsFile = z.record(
  name,
  shape({
    name: title,
    phone: extension,
    skills: z.record(skill, level).default({}),
    tags: z.array(name).max(100).default([]),
    queues: z.array(membership).max(100).default([]),
    /** Ids of campaigns; `*` serves all. */
    campaigns: z
      .array(z.string().regex(/^(\*|[A-Za-z0-9_-]{1,64})$/))
      .max(100)
      .default([]),
    weight: weight.exactOptional(),
    results: z.record(name, share).exactOptional(),
  }),
);

export type AgentFile = z.output<typeof agentsFile>[string];

/** A tag is a skill at the highest level: who has it meets whatever is asked of it. */
const TAG_LEVEL = 10;
export const tagSkill = (tag: string): string => `tag:${tag}`;

export function agentOf(id: string, { tags, skills, queues, ...file }: AgentFile): AgentProfile {
  const ranks = figures(queues, 'rank');
  const shares = figures(queues, 'share');
  return {
    id,
    ...file,
    skills: { ...skills, ...Object.fromEntries(tags.map((tag) => [tagSkill(tag), TAG_LEVEL])) },
    queues: queues.map(({ queue }) => queue),
    ...(Object.keys(ranks).length > 0 && { ranks }),
    ...(Object.keys(shares).length > 0 && { shares }),
  };
}

function figures(queues: readonly Membership[], figure: 'rank' | 'share'): Readonly<Record<string, number>> {
  return Object.fromEntries(
    queues.flatMap(({ queue, [figure]: value }) => (value === undefined ? [] : [[queue, value]])),
  );
}

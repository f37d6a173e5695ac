import { suggest } from '../ivr/problem.ts';
import type { KnownNames } from '../ivr/tools/schema.ts';
import type { Site } from './site.ts';

/** The names of a site that editors of its flow files offer. */
export const knownNames = ({
  flows,
  queues,
  calendars,
  boxes,
  trunks,
  trunkGroups,
  agents,
  prompts,
}: Site): KnownNames => ({
  queue: [...queues.keys()],
  calendar: [...calendars.keys()],
  box: [...boxes.keys()],
  trunk: [...trunks.keys(), ...(trunkGroups?.keys() ?? [])],
  flow: [...flows.keys()],
  skill: agents.flatMap(({ skills }) => Object.keys(skills)),
  language: [...prompts.keys()],
  prompt: [...prompts.values()].flatMap((names) => [...names]).map((prompt) => plainName(prompt, flows)),
});

/** A flow names its own prompts without its id. */
function plainName(prompt: string, flows: Site['flows']): string {
  const [first = '', ...rest] = prompt.split('.');
  return flows.get(first)?.prompts.has(rest.join('.')) ? rest.join('.') : prompt;
}

/** Which of these is no skill of the site, in a sentence; an agent's own are left to him whatever the list says now. */
export function unknownSkill(asked: Iterable<string>, listed: Site['skills'], own: object = {}): string | null {
  if (!listed) return null;
  const unknown = [...asked].find((skill) => !listed.has(skill) && !Object.hasOwn(own, skill));
  return unknown === undefined ? null : `There is no skill ${unknown} in site/skills.yaml. ${suggest(unknown, listed)}`;
}

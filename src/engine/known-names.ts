import type { KnownNames } from '../ivr/tools/schema.ts';
import type { Site } from './site.ts';

/** The names of a site that editors of its flow files offer. */
export const knownNames = ({ flows, queues, calendars, boxes, trunks, agents, prompts }: Site): KnownNames => ({
  queue: [...queues.keys()],
  calendar: [...calendars.keys()],
  box: [...boxes.keys()],
  trunk: [...trunks.keys()],
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

import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { tagSkill } from './agents.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

/** What `site/agents.yaml` says that cannot be, or that names what is not there. */
export function lintAgents(parts: Parts, names: SiteNames, source: Source): readonly Problem[] {
  const known = names.skills?.listed === true ? names.skills.names : null;
  return [
    ...sharedPhones(parts, source),
    ...parts.agents.flatMap(({ id, queues, skills, shares }) => [
      ...queues.flatMap((queue, i) =>
        unknown('queue', queue, names.queues, { path: [...membershipAt(source, id, i)], source }),
      ),
      ...queues.flatMap((queue, i) => (queues.indexOf(queue) === i ? [] : [twice(queue, id, i, source)])),
      ...tooMuch(shares ?? {}, id, source),
      ...Object.keys(skills).flatMap((skill) => unknown('skill', skill, known, whereOf(source, id, skill))),
    ]),
  ];
}

function sharedPhones({ agents }: Parts, source: Source): readonly Problem[] {
  const phones = new Map<string, string>();
  return agents.flatMap(({ id, phone }) => {
    const other = phones.get(phone);
    phones.set(phone, other ?? id);
    if (other === undefined) return [];
    const message = `The phone ${phone} is already ${other}'s.`;
    return [source.problem('agent-phone', [id, 'phone'], message, 'Give each agent a phone of his own.')];
  });
}

interface AgentText {
  readonly queues?: readonly unknown[];
  readonly tags?: readonly unknown[];
}

const textOf = ({ data }: Source, id: string): AgentText =>
  (data as Readonly<Record<string, AgentText | undefined>>)[id] ?? {};

/** A queue stands in the list as its name, or as a map that names it. */
const membershipAt = (source: Source, id: string, i: number) =>
  typeof textOf(source, id).queues?.[i] === 'string' ? [id, 'queues', i] : [id, 'queues', i, 'queue'];

/** A tag is written in a list of its own. */
function whereOf(source: Source, id: string, skill: string) {
  const tag = textOf(source, id).tags?.findIndex((each) => typeof each === 'string' && tagSkill(each) === skill) ?? -1;
  return tag >= 0
    ? { path: [id, 'tags', tag], source }
    : { path: [id, 'skills', skill], source, where: 'key' as const };
}

const twice = (queue: string, id: string, i: number, source: Source): Problem =>
  source.problem(
    'wrong-value',
    membershipAt(source, id, i),
    `The queue \`${queue}\` is named twice.`,
    'Name each queue once.',
  );

/** A hair above the whole is how sums of decimal fractions come out. */
const WHOLE = 1.000_001;

function tooMuch(shares: Readonly<Record<string, number>>, id: string, source: Source): readonly Problem[] {
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (sum <= WHOLE) return [];
  const message = `The shares of ${id} are ${Math.round(sum * 100)} % together.`;
  return [source.problem('wrong-value', [id, 'queues'], message, 'Make them 100 % or less.', 'key')];
}

/** What `site/customers.yaml` names that is not there. */
export function lintCustomers(parts: Parts, { languages }: SiteNames, source: Source): readonly Problem[] {
  const agents = parts.broken.has('agents') ? null : new Set(parts.agents.map(({ id }) => id));
  return [...parts.customers].flatMap(([number, { owner, language }]) => [
    ...(owner === null ? [] : unknown('agent', owner, agents, { path: [number, 'owner'], source })),
    ...(language === null ? [] : unknown('language', language, languages, { path: [number, 'language'], source })),
  ]);
}

import type { Calendar } from '../../ivr/calendar.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import { type Path, type Problem, suggest } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import type { Parts } from './kinds.ts';

/** Faults that show when the files beside the flows are seen together. */
export function lintBeside(parts: Parts, { skills, queues }: SiteNames, today: string): readonly Problem[] {
  const agents = parts.sources.get('agents');
  const queueFile = parts.sources.get('queues');
  const known = skills?.listed === true ? skills.names : null;
  return [
    ...(agents ? [...sharedPhones(parts, agents), ...queuesOfAgents(parts, queues, agents)] : []),
    ...(agents && known ? skillsOfAgents(parts, known, agents) : []),
    ...(queueFile && known ? skillsOfQueues(parts, known, queueFile) : []),
    ...[...parts.calendars.values()].flatMap(({ calendar, source }) => missingHolidays(calendar, today, source)),
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

const queuesOfAgents = ({ agents }: Parts, known: ReadonlySet<string> | null, source: Source): readonly Problem[] =>
  agents.flatMap(({ id, queues }) =>
    queues.flatMap((queue, i) => unknown('queue', queue, known, [id, 'queues', i], source)),
  );

const skillsOfAgents = ({ agents }: Parts, known: ReadonlySet<string>, source: Source): readonly Problem[] =>
  agents.flatMap(({ id, skills }) =>
    Object.keys(skills).flatMap((skill) => unknown('skill', skill, known, [id, 'skills', skill], source, 'key')),
  );

const skillsOfQueues = ({ queues }: Parts, known: ReadonlySet<string>, source: Source): readonly Problem[] =>
  [...queues.values()].flatMap(({ name, require }) =>
    require.flatMap(({ skill }, i) => unknown('skill', skill, known, [name, 'require', i, 'skill'], source)),
  );

function unknown(
  what: 'queue' | 'skill',
  name: string,
  known: ReadonlySet<string> | null,
  path: Path,
  source: Source,
  where?: 'key',
): readonly Problem[] {
  if (!known || known.has(name)) return [];
  const message = `There is no ${what} \`${name}\`.`;
  return [source.problem(`unknown-${what}`, path, message, suggest(name, known), where)];
}

/** Lists of holidays end; the year after the present one is there in time for whoever plans it. */
function missingHolidays({ name, holidays }: Calendar, today: string, source: Source): readonly Problem[] {
  const year = String(Number(today.slice(0, 4)) + 1);
  if ([...holidays.keys()].some((date) => date.startsWith(year))) return [];
  const message = `The calendar \`${name}\` has no holidays in ${year}.`;
  return [source.problem('holidays-missing', ['holidays'], message, `Add those of ${year} under \`holidays\`.`, 'key')];
}

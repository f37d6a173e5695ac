import type { z } from 'zod';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';
import type { Site } from '../../engine/site.ts';
import { type Calendar, calendarFile, calendarOf } from '../../ivr/calendar.ts';
import { check } from '../../ivr/check.ts';
import { lintSite } from '../../ivr/lint-site.ts';
import { type LoadedFlow, parseFlow } from '../../ivr/load.ts';
import { isError, type Problem, sortProblems, suggest } from '../../ivr/problem.ts';
import { readYaml, type Source } from '../../ivr/source.ts';
import { agentOf, agentsFile, promptsFile, queueOf, queuesFile, type Trunk, trunkOf, trunksFile } from './files.ts';

/** A site as its files say it; trunks carry besides what only the switch door reads. */
export interface LoadedSite extends Site {
  readonly trunks: ReadonlyMap<string, Trunk>;
}

/** `path` ends as in `KINDS`, which tells what the file is; any other YAML file is a flow. */
export interface SiteFile {
  readonly path: string;
  readonly text: string;
}

export type SiteReading =
  | { readonly ok: true; readonly site: LoadedSite }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Parts {
  readonly queues: Map<string, QueueProfile>;
  readonly agents: { readonly profile: AgentProfile; readonly source: Source }[];
  readonly calendars: Map<string, Calendar>;
  readonly trunks: Map<string, Trunk>;
  /** Prompt names per language. */
  readonly prompts: Map<string, ReadonlySet<string>>;
}

type Reader = (source: Source, name: string, parts: Parts) => readonly Problem[];

/** The group in a pattern is the name that the path gives. */
const KINDS: readonly (readonly [RegExp, Reader])[] = [
  [
    /(?:^|\/)site\/()queues\.yaml$/,
    reader(queuesFile, (file, { queues }) => {
      for (const [name, queue] of Object.entries(file)) queues.set(name, queueOf(name, queue));
    }),
  ],
  [
    /(?:^|\/)site\/()agents\.yaml$/,
    reader(agentsFile, (file, { agents }, _name, source) => {
      for (const [id, agent] of Object.entries(file)) agents.push({ profile: agentOf(id, agent), source });
    }),
  ],
  [
    /(?:^|\/)site\/()trunks\.yaml$/,
    reader(trunksFile, (file, { trunks }) => {
      for (const [name, trunk] of Object.entries(file)) trunks.set(name, trunkOf(name, trunk));
    }),
  ],
  [
    /(?:^|\/)site\/calendars\/([a-z0-9-]+)\.yaml$/,
    reader(calendarFile, (file, { calendars }, name) => void calendars.set(name, calendarOf(name, file))),
  ],
  [
    /(?:^|\/)sounds\/([A-Za-z0-9-]+)\/prompts\.yaml$/,
    reader(promptsFile, (file, { prompts }, language) => void prompts.set(language, new Set(Object.keys(file)))),
  ],
];

function reader<T>(schema: z.ZodType<T>, keep: (file: T, parts: Parts, name: string, source: Source) => void): Reader {
  return (source, name, parts) => {
    const checked = check(schema, source);
    if (!checked.ok) return checked.problems;
    keep(checked.value, parts, name, source);
    return [];
  };
}

/**
 * Reads flows, site files and prompt lists together. Every fault of every file is told at once; only what flows refer to
 * cannot be judged while a file that should define it is broken.
 */
export function loadSite(files: readonly SiteFile[]): SiteReading {
  const parts: Parts = { queues: new Map(), agents: [], calendars: new Map(), trunks: new Map(), prompts: new Map() };
  const [beside, flowFiles] = [files.filter(isBeside), files.filter((file) => !isBeside(file))];
  const problems = beside.flatMap((file) => readBeside(file, parts));
  const readings = flowFiles.map(({ path, text }) => parseFlow(text, path));
  const flows = readings.flatMap((reading) => (reading.ok ? [reading] : []));
  const joined = problems.length > 0 ? [] : [...lintAgents(parts), ...lintSite(flows, namesOf(parts))];
  const all = [...problems, ...readings.flatMap((reading) => reading.problems), ...joined];
  return all.some(isError) ? { ok: false, problems: sortProblems(all) } : { ok: true, site: siteOf(parts, flows) };
}

const isBeside = ({ path }: SiteFile) => /(?:^|\/)(?:site|sounds)\//.test(path);

function readBeside({ path, text }: SiteFile, parts: Parts): readonly Problem[] {
  for (const [pattern, read] of KINDS) {
    const match = pattern.exec(path);
    if (!match) continue;
    const reading = readYaml(text, path);
    return reading.ok ? read(reading.source, match[1] ?? '', parts) : reading.problems;
  }
  const known = ['queues.yaml', 'agents.yaml', 'trunks.yaml', 'calendars/<name>.yaml'];
  const cure = suggest(path.split('/').at(-1) ?? '', known);
  return [{ file: path, line: 1, column: 1, code: 'unknown-field', message: 'A site has no such file.', cure }];
}

const namesOf = ({ queues, calendars, trunks, prompts }: Parts) => ({
  queues: new Set(queues.keys()),
  calendars: new Set(calendars.keys()),
  trunks: new Set(trunks.keys()),
  prompts,
});

function lintAgents({ agents, queues }: Parts): readonly Problem[] {
  const phones = new Map<string, string>();
  return agents.flatMap(({ profile, source }) => {
    const problems = profile.queues.flatMap((queue, i) =>
      queues.has(queue)
        ? []
        : [
            source.problem(
              'unknown-queue',
              [profile.id, 'queues', i],
              `There is no queue \`${queue}\`.`,
              suggest(queue, queues.keys()),
            ),
          ],
    );
    const other = phones.get(profile.phone);
    phones.set(profile.phone, other ?? profile.id);
    if (other === undefined) return problems;
    const message = `The phone ${profile.phone} is already ${other}'s.`;
    return [
      ...problems,
      source.problem('agent-phone', [profile.id, 'phone'], message, 'Give each agent a phone of his own.'),
    ];
  });
}

function siteOf(parts: Parts, flows: readonly LoadedFlow[]): LoadedSite {
  const { queues, calendars, trunks, agents, prompts } = parts;
  return Object.freeze({
    flows: new Map(flows.map(({ flow }) => [flow.id, flow])),
    routes: flows.flatMap(({ flow }) => flow.dids.map((number) => Object.freeze({ number, flow: flow.id }))),
    queues: frozenValues(queues),
    agents: Object.freeze(agents.map(({ profile }) => Object.freeze(profile))),
    calendars,
    prompts,
    trunks: frozenValues(trunks),
  });
}

const frozenValues = <T extends object>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...map].map(([name, value]) => [name, Object.freeze(value)]));

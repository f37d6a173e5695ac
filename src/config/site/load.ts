import type { Customer } from '../../call/customer.ts';
import type { Site } from '../../engine/site.ts';
import { lintSite, type SiteNames } from '../../ivr/lint-site.ts';
import { type LoadedFlow, parseFlow } from '../../ivr/load.ts';
import { isError, type Problem, sortProblems } from '../../ivr/problem.ts';
import { readAllowList } from '../../web/allow-list.ts';
import { admit } from '../../web/guard.ts';
import { CUSTOMERS, isBeside, noParts, noteBroken, type Parts, readBeside } from './kinds.ts';
import { lintBeside } from './lint.ts';
import { recordedQueues } from './lint-queues.ts';
import type { Trunk } from './trunks.ts';

/** A site as its files say it; trunks carry besides what only the switch door reads. */
export interface LoadedSite extends Site {
  readonly trunks: ReadonlyMap<string, Trunk>;
}

/** `path` tells what the file is: what is not in `site/` or `sounds/` is a flow. `fault`: it is not to be read. */
export type SiteFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly fault: Problem };

/** `problems` of a site that is ok are warnings. */
export type SiteReading =
  | { readonly ok: true; readonly site: LoadedSite; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What is read already, and is not read again. */
export interface Known {
  /** May remember flows that it has read before. */
  readonly parse?: typeof parseFlow;
  /** What the list of customers says, which was found to be good: its file is passed over. */
  readonly customers?: readonly CustomerRow[];
}

export type CustomerRow = readonly [number: string, customer: Customer];

/**
 * Reads flows, site files and prompt lists together. Every fault of every file is told at once; only what flows refer to
 * cannot be judged while the file that should define it is broken. `today` is a date, as 2026-12-25.
 */
export function loadSite(files: readonly SiteFile[], today: string, known: Known = {}): SiteReading {
  const steps = loadInSteps(files, today, known);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** `loadSite` file by file, for whoever has other work waiting. */
export function* loadInSteps(
  files: readonly SiteFile[],
  today: string,
  { parse = parseFlow, customers }: Known = {},
): Generator<undefined, SiteReading, undefined> {
  const parts = noParts();
  const problems: Problem[] = [];
  const drafts: LoadedFlow[] = [];
  for (const [number, customer] of customers ?? []) parts.customers.set(number, Object.freeze(customer));
  let allFlows = true;
  for (const file of files) {
    if (isBeside(file.path)) {
      if (customers === undefined || file.path !== CUSTOMERS) problems.push(...read(file, parts));
    } else {
      const reading = readFlow(file, parse);
      const draft = reading.ok ? reading : reading.draft;
      problems.push(...reading.problems);
      if (draft) drafts.push(draft);
      allFlows &&= draft !== null;
    }
    yield;
  }
  const names = namesOf(parts, allFlows);
  const all = sortProblems([...problems, ...lintBeside(parts, names, today), ...lintSite(drafts, names, today)]);
  return all.some(isError) ? { ok: false, problems: all } : { ok: true, problems: all, site: siteOf(parts, drafts) };
}

function read(file: SiteFile, parts: Parts): readonly Problem[] {
  if ('text' in file) return readBeside(file.path, file.text, parts);
  noteBroken(file.path, parts);
  return [file.fault];
}

const readFlow = (file: SiteFile, parse: typeof parseFlow) =>
  'text' in file ? parse(file.text, file.path) : { ok: false as const, problems: [file.fault], draft: null };

function namesOf(parts: Parts, allFlows: boolean): SiteNames {
  const { queues, trunks, trunkGroups, boxes, calendars, prompts, skills, languages, broken } = parts;
  const rules = readAllowList(parts.destinations.hosts);
  return {
    queues: broken.has('queues') ? null : new Set(queues.keys()),
    recorded: recordedQueues(queues),
    trunks:
      broken.has('trunks') || broken.has('trunk-groups') ? null : new Set([...trunks.keys(), ...trunkGroups.keys()]),
    boxes: broken.has('boxes') ? null : new Set(boxes.keys()),
    owners: ownersIn(parts),
    calendars: broken.has('calendar') ? null : new Set(calendars.keys()),
    prompts: broken.has('prompts') ? null : prompts,
    skills:
      broken.has('skills') || broken.has('agents')
        ? null
        : { names: skills ?? skillsInUse(parts), listed: skills !== null },
    languages: languages ?? (broken.has('languages') || broken.has('prompts') ? null : new Set(prompts.keys())),
    destinations: broken.has('destinations') ? null : parts.destinations,
    mayAsk: (url) => rules.ok && admit(url, rules.rules).ok,
    numbers: broken.has('numbers') ? null : (parts.numbers ?? { flows: new Map(), source: null }),
    allFlows,
  };
}

const ownersIn = ({ agents, followUps: { teams, departments }, broken }: Parts): SiteNames['owners'] => ({
  agent: broken.has('agents') ? null : new Set(agents.map(({ id }) => id)),
  team: broken.has('follow-ups') ? null : new Set(teams.keys()),
  department: broken.has('follow-ups') ? null : new Set(departments.keys()),
});

const skillsInUse = ({ agents }: Parts): ReadonlySet<string> =>
  new Set(agents.flatMap(({ skills }) => Object.keys(skills)));

function siteOf(parts: Parts, loaded: readonly LoadedFlow[]): LoadedSite {
  const { queues, calendars, trunks, trunkGroups, agents, boxes, skills, destinations, customers } = parts;
  const flows = loaded.map(({ flow }) => flow);
  const listed = [...(parts.numbers?.flows ?? [])].map(([number, flow]) => ({ number, flow }));
  const own = flows.flatMap(({ id, dids }) => dids.map((number) => ({ number, flow: id })));
  return Object.freeze({
    flows: new Map(flows.map((flow) => [flow.id, flow])),
    routes: [...own, ...listed].map((route) => Object.freeze(route)),
    queues: frozenValues(queues),
    agents: Object.freeze(agents.map((agent) => Object.freeze(agent))),
    calendars: new Map([...calendars].map(([name, { calendar }]) => [name, calendar])),
    prompts: promptsOf(parts, loaded),
    trunks: frozenValues(trunks),
    trunkGroups: frozenValues(trunkGroups),
    boxes: frozenValues(boxes),
    skills,
    customers,
    destinations: Object.freeze(destinations),
    kpis: Object.freeze(parts.kpis),
    floor: parts.floor,
    followUps: parts.followUps,
    profiles: parts.profiles,
    dispositions: frozenValues(parts.dispositions),
    callerIds: frozenValues(parts.callerIds),
    thresholds: parts.thresholds,
  });
}

/** Prompts of the site, and those of single flows under `<flow>.<prompt>`. */
function promptsOf({ prompts }: Parts, flows: readonly LoadedFlow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map([...prompts].map(([language, names]) => [language, new Set(names)]));
  for (const { flow } of flows) {
    for (const [prompt, words] of flow.prompts) {
      for (const language of Object.keys(words)) {
        const names = all.get(language) ?? new Set();
        all.set(language, names.add(`${flow.id}.${prompt}`));
      }
    }
  }
  return all;
}

const frozenValues = <T extends object>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...map].map(([name, value]) => [name, Object.freeze(value)]));

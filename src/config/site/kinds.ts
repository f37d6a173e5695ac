import type { z } from 'zod';
import type { Customer } from '../../call/customer.ts';
import { type Destinations, NO_DESTINATIONS } from '../../call/destinations.ts';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';
import {
  type BoxProfile,
  type CallerIdPool,
  type ComplianceProfile,
  type Disposition,
  type FloorRules,
  type FollowUpRules,
  KPI_SETTINGS,
  type KpiRates,
  PLAIN_FLOOR,
  PLAIN_FOLLOW_UPS,
  type Threshold,
  type TrunkGroup,
} from '../../engine/site.ts';
import { type Calendar, calendarFile, calendarOf } from '../../ivr/calendar.ts';
import { check } from '../../ivr/check.ts';
import type { NumberTable } from '../../ivr/lint-site.ts';
import { type Problem, suggest } from '../../ivr/problem.ts';
import { readYaml, type Source } from '../../ivr/source.ts';
import { agentOf, agentsFile } from './agents.ts';
import { callerIdsFile, poolOf } from './caller-ids.ts';
import { customerOf, customersFile } from './customers.ts';
import { dispositionOf, dispositionsFile } from './dispositions.ts';
import { boxesFile, boxOf, destinationsFile, languagesFile, numbersFile, promptsFile, skillsFile } from './files.ts';
import { floorFile, floorOf } from './floor.ts';
import { followUpsFile, followUpsOf } from './follow-ups.ts';
import { kpisFile, kpisOf } from './kpis.ts';
import { readProfile, shippedProfiles } from './profiles.ts';
import { queueOf, queuesFile } from './queues.ts';
import { thresholdOf, thresholdsFile } from './thresholds.ts';
import { groupOf, trunkGroupsFile } from './trunk-groups.ts';
import { type Trunk, trunkOf, trunksFile } from './trunks.ts';

/** What the files beside the flows say, as far as they could be read. */
export interface Parts {
  readonly queues: Map<string, QueueProfile>;
  readonly agents: AgentProfile[];
  readonly customers: Map<string, Customer>;
  readonly trunks: Map<string, Trunk>;
  readonly trunkGroups: Map<string, TrunkGroup>;
  readonly boxes: Map<string, BoxProfile>;
  readonly calendars: Map<string, { readonly calendar: Calendar; readonly source: Source }>;
  /** Prompt names per language. */
  readonly prompts: Map<string, ReadonlySet<string>>;
  readonly profiles: Map<string, ComplianceProfile>;
  /** The site's own profiles by name. */
  readonly ownProfiles: Map<string, Source>;
  readonly dispositions: Map<string, Disposition>;
  readonly callerIds: Map<string, CallerIdPool>;
  readonly thresholds: Map<string, Threshold>;
  /** Null without a file that lists them. */
  skills: ReadonlySet<string> | null;
  languages: ReadonlySet<string> | null;
  numbers: NumberTable | null;
  destinations: Destinations;
  kpis: KpiRates;
  floor: FloorRules;
  followUps: FollowUpRules;
  /** The files that could be read. */
  readonly sources: Map<Kind, Source>;
  /** Kinds of which a file could not be. */
  readonly broken: Set<Kind>;
}

export const noParts = (): Parts => ({
  queues: new Map(),
  agents: [],
  customers: new Map(),
  trunks: new Map(),
  trunkGroups: new Map(),
  boxes: new Map(),
  calendars: new Map(),
  prompts: new Map(),
  profiles: shippedProfiles(),
  ownProfiles: new Map(),
  dispositions: new Map(),
  callerIds: new Map(),
  thresholds: new Map(),
  skills: null,
  languages: null,
  numbers: null,
  destinations: NO_DESTINATIONS,
  kpis: KPI_SETTINGS,
  floor: PLAIN_FLOOR,
  followUps: PLAIN_FOLLOW_UPS,
  sources: new Map(),
  broken: new Set(),
});

type Reader = (source: Source, name: string, parts: Parts) => readonly Problem[];

function reader<T>(schema: z.ZodType<T>, keep: (file: T, parts: Parts, name: string, source: Source) => void): Reader {
  return (source, name, parts) => {
    const checked = check(schema, source);
    if (!checked.ok) return checked.problems;
    keep(checked.value, parts, name, source);
    return [];
  };
}

/** Files that hold one map, `site/<kind>.yaml`. */
const LISTS = {
  queues: reader(queuesFile, (file, { queues }) => {
    for (const [name, queue] of Object.entries(file)) queues.set(name, queueOf(name, queue));
  }),
  agents: reader(agentsFile, (file, { agents }) => {
    for (const [id, agent] of Object.entries(file)) agents.push(agentOf(id, agent));
  }),
  customers: reader(customersFile, (file, { customers }) => {
    for (const [number, row] of Object.entries(file)) customers.set(number, customerOf(row));
  }),
  trunks: reader(trunksFile, (file, { trunks }) => {
    for (const [name, trunk] of Object.entries(file)) trunks.set(name, trunkOf(name, trunk));
  }),
  'trunk-groups': reader(trunkGroupsFile, (file, { trunkGroups }) => {
    for (const [name, group] of Object.entries(file)) trunkGroups.set(name, groupOf(name, group));
  }),
  dispositions: reader(dispositionsFile, (file, { dispositions }) => {
    for (const [name, row] of Object.entries(file)) dispositions.set(name, dispositionOf(name, row));
  }),
  callerids: reader(callerIdsFile, (file, { callerIds }) => {
    for (const [name, pool] of Object.entries(file)) callerIds.set(name, poolOf(pool));
  }),
  thresholds: reader(thresholdsFile, (file, { thresholds }) => {
    for (const [name, rule] of Object.entries(file)) thresholds.set(name, thresholdOf(name, rule));
  }),
  boxes: reader(boxesFile, (file, { boxes }) => {
    for (const [name, box] of Object.entries(file)) boxes.set(name, boxOf(name, box));
  }),
  skills: reader(skillsFile, (file, parts) => void (parts.skills = new Set(Object.keys(file)))),
  languages: reader(languagesFile, (file, parts) => void (parts.languages = new Set(Object.keys(file)))),
  numbers: reader(numbersFile, (file, parts, _name, source) => {
    parts.numbers = { flows: new Map(Object.entries(file)), source };
  }),
  destinations: reader(destinationsFile, (file, parts) => void (parts.destinations = file)),
  kpis: reader(kpisFile, (file, parts) => void (parts.kpis = kpisOf(file))),
  floor: reader(floorFile, (file, parts) => void (parts.floor = floorOf(file))),
  'follow-ups': reader(followUpsFile, (file, parts) => void (parts.followUps = followUpsOf(file))),
} satisfies Record<string, Reader>;

const calendar = reader(calendarFile, (file, { calendars }, name, source) => {
  calendars.set(name, { calendar: calendarOf(name, file), source });
});
const prompts = reader(promptsFile, (file, { prompts }, language) => {
  prompts.set(language, new Set(Object.keys(file)));
});
const profile: Reader = (source, name, { profiles, ownProfiles }) => {
  const read = readProfile(source, name);
  if (!read.ok) return read.problems;
  profiles.set(name, read.profile);
  ownProfiles.set(name, source);
  return [];
};

type Kind = keyof typeof LISTS | 'calendar' | 'profile' | 'prompts';

interface Place {
  readonly kind: Kind;
  readonly read: Reader;
  /** What the path names: a calendar, a profile, or a language. */
  readonly name: string;
}

/** What a file is, by its path. */
function placeOf(path: string): Place | null {
  const [, list = ''] = /^site\/([a-z-]+)\.yaml$/.exec(path) ?? [];
  if (Object.hasOwn(LISTS, list))
    return { kind: list as keyof typeof LISTS, read: LISTS[list as keyof typeof LISTS], name: '' };
  const [, named] = /^site\/calendars\/([a-z0-9-]+)\.yaml$/.exec(path) ?? [];
  if (named !== undefined) return { kind: 'calendar', read: calendar, name: named };
  const [, rules] = /^site\/profiles\/([a-z0-9-]+)\.yaml$/.exec(path) ?? [];
  if (rules !== undefined) return { kind: 'profile', read: profile, name: rules };
  const [, language] = /^sounds\/([A-Za-z0-9-]+)\/prompts\.yaml$/.exec(path) ?? [];
  return language === undefined ? null : { kind: 'prompts', read: prompts, name: language };
}

export const CUSTOMERS = 'site/customers.yaml';

/** Ten thousand customers need more room than what people write by hand. */
const CUSTOMERS_LONGEST = 1024 * 1024;

/** Most characters that a file may have; undefined: as any file. */
export const longestOf = (path: string): number | undefined => (path === CUSTOMERS ? CUSTOMERS_LONGEST : undefined);

/** Is this a file of the site, and not a flow? */
export const isBeside = (path: string): boolean => /^(?:site|sounds)\//.test(path);

/** A file that cannot be read at all, so that nothing can be said about who refers to what it defines. */
export function noteBroken(path: string, parts: Parts): void {
  const kind = placeOf(path)?.kind;
  if (kind) parts.broken.add(kind);
}

/** Reads a file of the site into the parts; answers its faults. */
export function readBeside(path: string, text: string, parts: Parts): readonly Problem[] {
  const place = placeOf(path);
  if (!place) return [strange(path)];
  const reading = readYaml(text, path, longestOf(path));
  const problems = reading.ok ? place.read(reading.source, place.name, parts) : reading.problems;
  if (problems.length > 0) parts.broken.add(place.kind);
  if (reading.ok) parts.sources.set(place.kind, reading.source);
  return problems;
}

function strange(path: string): Problem {
  const known = [...Object.keys(LISTS).map((list) => `${list}.yaml`), 'calendars/<name>.yaml', 'profiles/<name>.yaml'];
  const cure = suggest(path.split('/').at(-1) ?? '', known);
  return { file: path, line: 1, column: 1, code: 'unknown-field', message: 'A site has no such file.', cure };
}

import { loadSite, type SiteFile, type SiteReading } from '../../../src/config/site/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const TODAY = '2026-11-22';

/** A flow that refers to one thing of each kind. */
export const FLOW = `version: ivr/v1
id: main
title: Main
owner: tests
dids: ["+358401234567", "100"]
languages: { default: en, supported: [en, fi] }
start: hours
nodes:
  hours: { type: hours, calendar: desk, outcomes: { open: q, closed: hi, holiday: hi, forced: hi } }
  q: { type: queue, queue: support, outcomes: { answeredEnd: t, timeout: t, full: t, noAgents: t, closed: t } }
  t: { type: transfer, to: "+358401234568", trunk: public, outcomes: { answeredEnd: hi, busy: hi, noAnswer: hi, failed: hi } }
  hi: { type: play, prompt: [hello, welcome] }
`;

const FILES: Readonly<Record<string, string>> = {
  'main.yaml': FLOW,
  'site/queues.yaml': 'support: { title: Support }\n',
  'site/agents.yaml': 'alice: { name: Alice, phone: "1001", skills: { "lang:fi": 5 }, queues: [support] }\n',
  'site/trunks.yaml': 'public: { endpoint: carrier-a, lines: 10, cps: 2 }\n',
  'site/destinations.yaml': 'numbers: ["+358*"]\n',
  'site/calendars/desk.yaml':
    'timezone: Europe/Helsinki\nweekly: { mon-fri: ["08:00-16:00"] }\nholidays: [{ date: 2027-12-25, name: Christmas }]\n',
  'sounds/en/prompts.yaml': 'hello: Hello\nwelcome: Welcome\n',
  'sounds/fi/prompts.yaml': 'hello: Hei\nwelcome: Tervetuloa\n',
};

/** Files to be put among those of a site without fault, or in the place of some; null takes one away. */
export type Changes = Readonly<Record<string, string | null>>;

export function siteWith(changes: Changes = {}, today = TODAY): SiteReading {
  const files = Object.entries({ ...FILES, ...changes }).flatMap(([path, text]): readonly SiteFile[] =>
    text === null ? [] : [{ path, text }],
  );
  return loadSite(files, today);
}

/** What is told about the changed site, as commands print it. */
export const told = (changes: Changes, today = TODAY): readonly string[] =>
  siteWith(changes, today).problems.map(printProblem);

/** The same without the cures, and only of that code: `file:line:column message`. */
export const found = (code: string, changes: Changes, today = TODAY): readonly string[] =>
  siteWith(changes, today)
    .problems.filter((problem) => problem.code === code)
    .map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);

import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadSite, type SiteFile } from '../../../src/config/site/load.ts';
import { readSite } from '../../../src/config/site/read.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFile(resolve(root, path), 'utf8');

const FLOW = `version: ivr/v1
id: main
title: Main
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
  'site/calendars/desk.yaml': 'timezone: Europe/Helsinki\nweekly: { mon-fri: ["08:00-16:00"] }\n',
  'sounds/en/prompts.yaml': 'hello: Hello\nwelcome: Welcome\n',
  'sounds/fi/prompts.yaml': 'hello: Hei\nwelcome: Tervetuloa\n',
};

const files = (changes: Readonly<Record<string, string | null>> = {}): readonly SiteFile[] =>
  Object.entries({ ...FILES, ...changes }).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));

function problems(changes: Readonly<Record<string, string | null>>): readonly string[] {
  const reading = loadSite(files(changes));
  return reading.ok ? [] : reading.problems.map(printProblem);
}

describe('loadSite', () => {
  it('joins flows and site files', () => {
    const reading = loadSite(files());
    if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
    const { site } = reading;
    expect(site.routes).toEqual([
      { number: '+358401234567', flow: 'main' },
      { number: '100', flow: 'main' },
    ]);
    expect(site.queues.get('support')).toEqual({
      name: 'support',
      title: 'Support',
      require: [],
      wrapUpMs: 10_000,
      ringMs: 20_000,
      maxWaiting: 100,
      maxWaitMs: 1_200_000,
      targetMs: 20_000,
      music: 'default',
      announce: { everyMs: 45_000, position: true },
      refuseWhenNoAgents: false,
    });
    expect(site.agents).toEqual([
      { id: 'alice', name: 'Alice', phone: '1001', skills: { 'lang:fi': 5 }, queues: ['support'], campaigns: [] },
    ]);
    expect(site.trunks.get('public')).toEqual({
      name: 'public',
      endpoint: 'carrier-a',
      lines: 10,
      cps: 2,
      callerId: null,
    });
    expect([...site.calendars.keys()]).toEqual(['desk']);
    expect([site, site.agents, site.agents[0], site.queues.get('support')].every(Object.isFrozen)).toBe(true);
  });

  const other = (text: string) => FLOW.replace('id: main', 'id: other').replace('"+358401234567", "100"', text);
  it.each([
    [
      'site/queues.yaml',
      'suport: { title: x }\n',
      'main.yaml:9:28 There is no queue `support`. Did you mean `suport`?',
    ],
    ['site/trunks.yaml', '{}\n', 'main.yaml:10:52 There is no trunk `public`. None is defined yet.'],
    ['site/calendars/desk.yaml', null, 'main.yaml:8:35 There is no calendar `desk`. None is defined yet.'],
    [
      'sounds/fi/prompts.yaml',
      'hello: Hei\n',
      'main.yaml:11:21 The prompt `welcome` has no words in fi. Add it to sounds/fi/prompts.yaml.',
    ],
    [
      'main.yaml',
      FLOW.replace('[hello,', '[helo,'),
      'main.yaml:11:21 There is no prompt `helo`. Did you mean `hello`?',
    ],
    ['main.yaml', FLOW.replace('[en, fi]', '[en, sv]'), 'main.yaml:5:43 There is no language `sv`. Known: en, fi.'],
    [
      'b.yaml',
      other('"358401234567"'),
      'b.yaml:4:8 The number 358401234567 already leads to the flow `main`. Let each number lead to one flow.',
    ],
    [
      'b.yaml',
      other('"100", "102"'),
      'b.yaml:4:8 The number 100 already leads to the flow `main`. Let each number lead to one flow.',
    ],
    [
      'b.yaml',
      FLOW.replace(/dids.*\n/, ''),
      'b.yaml:2:5 The flow `main` is also in main.yaml. Give one of them another id.',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "1001", queues: [nope] }\n',
      'site/agents.yaml:1:39 There is no queue `nope`. Known: support.',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "1001" }\nb: { name: B, phone: "1001" }\n',
      "site/agents.yaml:2:22 The phone 1001 is already a's. Give each agent a phone of his own.",
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: 1001 }\n',
      'site/agents.yaml:1:22 A phone is an extension of 2 to 6 digits. Put it in quotes.',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "Local/1@x" }\n',
      'site/agents.yaml:1:22 A phone is an extension of 2 to 6 digits. Write it like "1001".',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "11", skills: { "lang:fi": 11 } }\n',
      'site/agents.yaml:1:49 A level is a whole number from 1 to 10. Write it like `level: 3`.',
    ],
    [
      'site/trunks.yaml',
      'public: { endpoint: "a@b", lines: 1, cps: 1 }\n',
      'site/trunks.yaml:1:21 An endpoint is a plain name without technology, host or options. Write it like `carrier-a`.',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, wrapup: 5s }\n',
      'site/queues.yaml:1:22 `wrapup` is not known here. Did you mean `wrapUp`?',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, ring: 1ms }\n',
      'site/queues.yaml:1:28 The time must be between 5s and 2m. Choose a time in that range.',
    ],
    [
      'site/calendars/desk.yaml',
      'timezone: Mars/Base\nweekly: {}\n',
      'site/calendars/desk.yaml:1:11 The time zone is not known. Write it like `Europe/Helsinki`.',
    ],
    ['site/queue.yaml', '{}\n', 'site/queue.yaml:1:1 A site has no such file. Did you mean `queues.yaml`?'],
  ])('%s with %s', (path, text, expected) => {
    expect(problems({ [path]: text })).toContain(expected);
  });

  it('tells the faults of all files at once', () => {
    const told = problems({ 'main.yaml': FLOW.replace('start: hours', 'start: hour'), 'site/queues.yaml': 'a: {}\n' });
    expect(told.map((problem) => problem.split(' ')[0])).toEqual(['main.yaml:6:8', 'site/queues.yaml:1:1']);
  });
});

describe('the shipped site', () => {
  it('is without fault', async () => {
    const reading = await readSite(resolve(root, 'ivr-flows'), resolve(root, 'sounds'));
    expect(reading.ok ? [] : reading.problems.map(printProblem)).toEqual([]);
    expect(reading.ok && [...reading.site.flows.keys()].sort((a, b) => a.localeCompare(b))).toEqual([
      'echo-hello',
      'main-support',
    ]);
  });

  it('stays without fault with the example of its README', async () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(await read('ivr-flows/README.md'))?.[1] ?? '';
    const beside = ['site/queues.yaml', 'site/agents.yaml', 'site/trunks.yaml', 'site/calendars/support-fi.yaml'];
    const shipped = await Promise.all([
      ...beside.map(async (path) => ({ path, text: await read(`ivr-flows/${path}`) })),
      ...['en', 'fi', 'sv'].map(async (lang) => ({
        path: `sounds/${lang}/prompts.yaml`,
        text: await read(`sounds/${lang}/prompts.yaml`),
      })),
      ...['main-support.yaml', 'echo-hello.yaml'].map(async (path) => ({
        path,
        text: await read(`ivr-flows/${path}`),
      })),
    ]);
    const reading = loadSite([...shipped, { path: 'README.md', text: example }]);
    expect(reading.ok ? [] : reading.problems.map(printProblem)).toEqual([]);
    expect(reading.ok && reading.site.flows.has('reception')).toBe(true);
  });

  it('says where a folder is missing', async () => {
    await expect(readSite(resolve(root, 'no-such-folder'), resolve(root, 'sounds'))).rejects.toThrow(/no-such-folder/);
  });
});

import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLAIN_QUEUE } from '../../../src/call/routing.ts';
import { readSite } from '../../../src/config/site/read.ts';
import { PLAIN_CARE } from '../../../src/engine/site.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { FLOW, found, siteWith, told } from './site-files.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('loadSite', () => {
  it('joins flows and site files', () => {
    const reading = siteWith();
    if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
    const { site } = reading;
    expect(site.routes).toEqual([
      { number: '+358401234567', flow: 'main' },
      { number: '100', flow: 'main' },
    ]);
    expect(site.queues.get('support')).toEqual({ ...PLAIN_QUEUE, name: 'support', title: 'Support' });
    expect(site.agents).toEqual([
      { id: 'alice', name: 'Alice', phone: '1001', skills: { 'lang:fi': 5 }, queues: ['support'], campaigns: [] },
    ]);
    expect(site.trunks.get('public')).toEqual({
      name: 'public',
      endpoint: 'carrier-a',
      address: null,
      login: null,
      lines: 10,
      cps: 2,
      callerId: null,
      routes: [],
      care: PLAIN_CARE,
    });
    expect([...site.calendars.keys()]).toEqual(['desk']);
    expect([site, site.agents, site.agents[0], site.queues.get('support')].every(Object.isFrozen)).toBe(true);
  });

  it('reads what queues, agents and customers say of themselves', () => {
    const reading = siteWith({
      'site/queues.yaml': `support:
  title: Support
  strategy: ring-several
  ringAtOnce: 4
  relax: [{ after: 90s, require: [{ skill: "lang:fi", level: 2 }] }]
  serviceLevel: 92.5%
  results: { topic: sales, weight: 0.5 }
  calendar: desk
  closing: { callback: true }
  overflow:
    - { to: sales, when: { waitedOver: 2m, serviceLevelUnder: 50% } }
    - { to: { number: "+358401234599", trunk: public }, when: { staffedUnder: 1, closed: true } }
  recording: { mode: always, keep: 36h }
  leaveWhenNoAgents: 1m
  greeting: none
sales: { title: Sales }
`,
      'site/agents.yaml':
        'alice: { name: Alice, phone: "1001", skills: { "lang:fi": 5 }, tags: [night], queues: [support, { queue: sales, rank: 3, share: 25% }], results: { sales: 80% } }\n',
      'site/customers.yaml': '"+358401112223": { type: vip, owner: alice, language: fi }\n"+3589*": { priority: 30 }\n',
    });
    if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
    const { queues, agents, customers } = reading.site;
    expect(queues.get('support')).toEqual({
      ...PLAIN_QUEUE,
      name: 'support',
      title: 'Support',
      strategy: 'ring-several',
      ringAtOnce: 4,
      relax: [{ afterMs: 90_000, require: [{ skill: 'lang:fi', level: 2 }] }],
      serviceLevel: 0.925,
      results: { topic: 'sales', weight: 0.5 },
      calendar: 'desk',
      closing: { sweep: true, callback: true },
      overflow: [
        { to: { queue: 'sales' }, when: { waitedOverMs: 120_000, serviceLevelUnder: 0.5 } },
        { to: { number: '+358401234599', trunk: 'public' }, when: { staffedUnder: 1, closed: true } },
      ],
      recording: { mode: 'always', keepDays: 2 },
      leaveWhenNoAgentsMs: 60_000,
      greeting: null,
    });
    expect(agents[0]).toEqual({
      id: 'alice',
      name: 'Alice',
      phone: '1001',
      skills: { 'lang:fi': 5, 'tag:night': 10 },
      queues: ['support', 'sales'],
      ranks: { sales: 3 },
      shares: { sales: 0.25 },
      campaigns: [],
      results: { sales: 0.8 },
    });
    expect([...(customers ?? [])]).toEqual([
      ['+358401112223', { type: 'vip', priority: 0, owner: 'alice', language: 'fi' }],
      ['+3589*', { type: null, priority: 30, owner: null, language: null }],
    ]);
  });

  it('reads ten thousand customers within two seconds of work, and refuses one more', () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `"+35840${String(1_000_000 + i)}": { type: vip, language: fi }\n`,
    );
    const before = process.cpuUsage();
    const reading = siteWith({ 'site/customers.yaml': rows.join('') });
    const { user, system } = process.cpuUsage(before);
    expect(reading.problems).toEqual([]);
    expect((user + system) / 1_000).toBeLessThan(2_000);
    expect(told({ 'site/customers.yaml': `${rows.join('')}"+46*": { type: vip }\n` })).toEqual([
      'site/customers.yaml:1:1 error wrong-value The list has more than 10000 rows. Ask a lookup for the type of so many customers.',
    ]);
  });

  it.each([
    [
      'site/agents.yaml',
      'a: { name: A, phone: "1001", queues: [nope] }\n',
      '1:39 error unknown-queue There is no queue `nope`. Known: support.',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "1001" }\nb: { name: B, phone: "1001" }\n',
      "2:22 error agent-phone The phone 1001 is already a's. Give each agent a phone of his own.",
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: 1001 }\n',
      '1:22 error wrong-type A phone is an extension of 2 to 6 digits. Put it in quotes.',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "Local/1@x" }\n',
      '1:22 error wrong-value A phone is an extension of 2 to 6 digits. Write it like "1001".',
    ],
    [
      'site/agents.yaml',
      'a: { name: A, phone: "11", skills: { "lang:fi": 11 } }\n',
      '1:49 error out-of-range A level is a whole number from 1 to 10. Write it like `level: 3`.',
    ],
    [
      'site/trunks.yaml',
      'public: { endpoint: "a@b", lines: 1, cps: 1 }\n',
      '1:21 error wrong-value An endpoint is a plain name without technology, host or options. Write it like `carrier-a`.',
    ],
    [
      'site/trunks.yaml',
      'public: { endpoint: a, address: "sip:a@b", lines: 1, cps: 1 }\n',
      '1:33 error wrong-value An address is a host, or a host and a port. Write it like `sip.example.net:5060`.',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, wrapup: 5s }\n',
      '1:22 error unknown-field `wrapup` is not known here. Did you mean `wrapUp`?',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, callbacks: { retryAfter: 30s } }\n',
      '1:47 error wrong-value `retryAfter` must be between 1m and 24h. Choose a time in that range.',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, strategy: longest_idle }\n',
      '1:32 error wrong-value `strategy` must be one of longest-idle, least-occupied, round-robin, most-skilled, least-skilled, fewest-calls, linear, ring-several, random. Did you mean `longest-idle`?',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, strategy: fastest }\n',
      '1:32 error wrong-value `strategy` must be one of longest-idle, least-occupied, round-robin, most-skilled, least-skilled, fewest-calls, linear, ring-several, random. Choose one of these.',
    ],
    [
      'site/queues.yaml',
      'support: { title: x, ring: 1ms }\n',
      '1:28 error wrong-value `ring` must be between 5s and 2m. Choose a time in that range.',
    ],
    [
      'site/calendars/desk.yaml',
      'timezone: Mars/Base\nweekly: {}\n',
      '1:11 error wrong-value The time zone is not known. Write it like `Europe/Helsinki`.',
    ],
    ['site/numbers.yaml', '"+35850": nowhere\n', '1:11 error unknown-flow There is no flow `nowhere`. Known: main.'],
    [
      'site/numbers.yaml',
      'abc: main\n',
      '1:1 error wrong-value A number is a `+` and digits, or digits alone. Write it like "+358401234567".',
    ],
    [
      'site/destinations.yaml',
      'numbers: ["358*"]\n',
      '1:11 error wrong-value A number here is a `+` and digits, with `*` at the end for all that begin so. Write it like "+358*".',
    ],
    [
      'site/destinations.yaml',
      'numbers: ["+358*"]\nhosts: ["*.org"]\n',
      '2:9 error wrong-value The host is not understood. Write crm.example.org, "*.example.org:8443" or http://crm.test:8080.',
    ],
    ['site/destinations.yaml', 'caps: { concurrent: 5, perHour: 30, minutesPerDay: 300 }\n', null],
    [
      'site/destinations.yaml',
      'caps: { concurrent: -1, perHour: 30 }\n',
      '1:21 error out-of-range `concurrent` must be at least 0. Give more.',
    ],
    [
      'site/boxes.yaml',
      'support: { title: Support, maxMessages: 0 }\n',
      '1:41 error out-of-range `maxMessages` must be at least 1. Give more.',
    ],
    ['site/skills.yaml', '"lang:sv": { title: Swedish }\n', null],
    [
      'site/skills.yaml',
      '"Lang": { title: Swedish }\n',
      '1:1 error wrong-value A skill is a name, or a kind and a name. Write it like `topic:billing`.',
    ],
    [
      'site/languages.yaml',
      'en: English\n',
      '1:5 error wrong-type `en` must be a map. Write it as a map, like `{ key: value }`.',
    ],
    ['site/queue.yaml', '{}\n', '1:1 error unknown-field A site has no such file. Did you mean `queues.yaml`?'],
    ['sounds/en/words/prompts.yaml', '{}\n', '1:1 error unknown-field A site has no such file. Known: '],
  ])('%s with %s', (path, text, expected) => {
    const here = told({ [path]: text }).filter((problem) => problem.startsWith(`${path}:`));
    if (expected === null) expect(here).toEqual([]);
    else expect(here.join('\n')).toContain(`${path}:${expected}`);
  });

  it('holds agents and queues against a list of skills', () => {
    const skills = { 'site/skills.yaml': '"lang:sv": { title: Swedish }\n' };
    expect(found('unknown-skill', skills)).toEqual(['site/agents.yaml:1:48 There is no skill `lang:fi`.']);
    const queue = 'support: { title: S, require: [{ skill: "lang:no", level: 1 }] }\n';
    expect(found('unknown-skill', { ...skills, 'site/queues.yaml': queue })).toContain(
      'site/queues.yaml:1:41 There is no skill `lang:no`.',
    );
  });

  it('asks for the words of a greeting that a queue names', () => {
    const queues = (greeting: string) => ({ 'site/queues.yaml': `support: { title: S, greeting: ${greeting} }\n` });
    expect(found('unknown-prompt', queues('helo'))).toEqual(['site/queues.yaml:1:32 There is no prompt `helo`.']);
    for (const known of ['hello', 'none']) expect(found('unknown-prompt', queues(known))).toEqual([]);
  });

  it.each([
    ['2026-12-31', []],
    ['2027-01-01', ['site/calendars/desk.yaml:3:1 The calendar `desk` has no holidays in 2028.']],
  ])('on %s asks for the holidays of the year to come', (today, expected) => {
    expect(found('holidays-missing', {}, today)).toEqual(expected);
  });

  it('says nothing about names while the file that should define them is broken', () => {
    const all = told({ 'site/queues.yaml': 'support: []\n' });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(/^site\/queues.yaml:1:1 error wrong-type/);
  });

  it('gives the running house boxes, destinations, listed numbers and the prompts of single flows', () => {
    const reading = siteWith({
      'main.yaml': FLOW.replace('start:', 'prompts: { own: { tts: { en: Own, fi: Oma } } }\nstart:'),
      'site/boxes.yaml': 'support: { title: Support }\n',
      'site/numbers.yaml': '"+35850*": main\n',
    });
    if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
    const { boxes, destinations, routes, prompts } = reading.site;
    expect([...boxes.values()]).toEqual([{ name: 'support', title: 'Support', maxMessages: 100 }]);
    expect(destinations).toEqual({ numbers: ['+358*'], deny: [], hosts: [] });
    expect(routes).toContainEqual({ number: '+35850*', flow: 'main' });
    expect(prompts.get('fi')?.has('main.own')).toBe(true);
  });

  it('tells the faults of all files at once', () => {
    const places = told({ 'main.yaml': FLOW.replace('start: hours', 'start: hour'), 'site/queues.yaml': 'a: {}\n' });
    expect(places.map((problem) => problem.split(' ')[0])).toEqual(['main.yaml:7:8', 'site/queues.yaml:1:1']);
  });
});

describe('readSite', () => {
  it('says where a folder is missing', async () => {
    await expect(readSite(resolve(root, 'no-such-folder'), resolve(root, 'sounds'))).rejects.toThrow(/no-such-folder/);
  });
});

import { describe, expect, it } from 'vitest';
import { FLOW, found, told } from '../config/site-files.ts';

const other = (ids: string, dids: string) =>
  FLOW.replace('id: main', `id: ${ids}`).replace(/dids.*\n/, dids === '' ? '' : `dids: [${dids}]\n`);
const node = (lines: string) => FLOW.replace('hi: {', `${lines}\n  hi: {`).replace('closed: hi,', 'closed: x,');

describe('flows and the site around them', () => {
  it('has nothing to say about a good site', () => expect(told({})).toEqual([]));

  it.each([
    ['unknown-queue', { 'site/queues.yaml': 'suport: { title: x }\n' }, 'main.yaml:10:28 There is no queue `support`.'],
    ['unknown-trunk', { 'site/trunks.yaml': '{}\n' }, 'main.yaml:11:52 There is no trunk `public`.'],
    ['unknown-calendar', { 'site/calendars/desk.yaml': null }, 'main.yaml:9:35 There is no calendar `desk`.'],
    [
      'unknown-box',
      { 'main.yaml': node('x: { type: voicemail, box: desk, outcomes: { done: hi, empty: hi, full: hi } }') },
      'main.yaml:12:30 There is no box `desk`.',
    ],
    [
      'unknown-language',
      { 'main.yaml': FLOW.replace('[en, fi]', '[en, sv]') },
      'main.yaml:6:43 There is no language `sv`.',
    ],
    [
      'unknown-language',
      { 'site/languages.yaml': 'en: { title: English }\n' },
      'main.yaml:6:43 There is no language `fi`.',
    ],
    [
      'prompt-missing',
      { 'sounds/fi/prompts.yaml': 'hello: Hei\n' },
      'main.yaml:12:21 The prompt `welcome` has no words in fi.',
    ],
    [
      'prompt-missing',
      { 'sounds/fi/prompts.yaml': null, 'site/languages.yaml': 'en: { title: English }\nfi: { title: suomi }\n' },
      'main.yaml:12:21 The prompt `hello` has no words in fi.',
    ],
    [
      'prompt-missing',
      { 'main.yaml': FLOW.replace('start:', 'prompts: { own: { tts: { en: Own } } }\nstart:') },
      'main.yaml:7:12 The prompt `own` has no words in fi.',
    ],
    [
      'prompt-missing',
      {
        'main.yaml': FLOW.replace('[hello, welcome]', '[hello, { say: digits, of: d }]')
          .replace('start:', 'vars: { d: { type: string, default: "1" } }\nstart:')
          .replace('[en, fi]', '[en, de]'),
        'sounds/de/prompts.yaml': 'hello: Hallo\n',
      },
      'main.yaml:13:21 A row of digits cannot be said in de.',
    ],
    [
      'unknown-prompt',
      { 'main.yaml': FLOW.replace('[hello,', '[helo,') },
      'main.yaml:12:21 There is no prompt `helo`.',
    ],
    ['duplicate-id', { 'b.yaml': other('main', '"102"') }, 'b.yaml:2:5 The flow `main` is also in main.yaml.'],
    [
      'did-twice',
      { 'z.yaml': other('other', '"358401234567"') },
      'z.yaml:5:8 The number 358401234567 already leads to the flow `main`.',
    ],
    [
      'did-twice',
      { 'z.yaml': other('other', '"102", "100"') },
      'z.yaml:5:15 The number 100 already leads to the flow `main`.',
    ],
    [
      'did-twice',
      { 'site/numbers.yaml': '"+100": main\n' },
      'site/numbers.yaml:1:1 The number +100 already leads to the flow `main`.',
    ],
    ['did-unbound', { 'z.yaml': other('other', '') }, 'z.yaml:2:5 No number leads to the flow `other`.'],
    [
      'review-passed',
      { 'main.yaml': FLOW.replace('owner: tests', 'owner: tests\nreviewBy: 2026-11-21') },
      'main.yaml:5:11 The flow was to be reviewed by 2026-11-21.',
    ],
    [
      'destination-refused',
      { 'site/destinations.yaml': null },
      'main.yaml:11:28 +358401234568 is not among the destinations that are allowed.',
    ],
    [
      'destination-refused',
      { 'site/destinations.yaml': 'numbers: ["+358*"]\ndeny: ["+35840*"]\n' },
      'main.yaml:11:28 +358401234568 is among the destinations that are denied.',
    ],
    [
      'destination-refused',
      { 'main.yaml': FLOW.replace('+358401234568', '+358600123456') },
      'main.yaml:11:28 +358600123456 is a premium-rate number.',
    ],
    [
      'destination-refused',
      { 'main.yaml': node(lookup('https://crm.example.org/${call.from}')) },
      'main.yaml:12:38 `crm.example.org` is not among the hosts that lookups may ask.',
    ],
  ])('%s %#', (code, changes, expected) => {
    expect(found(code, changes)).toContain(expected);
  });

  it.each([
    ['a wider beginning beside a narrower one', 'did-twice', { 'site/numbers.yaml': '"+3584*": main\n' }],
    [
      'a flow whose number is in the table',
      'did-unbound',
      { 'z.yaml': other('other', ''), 'site/numbers.yaml': '"102": other\n' },
    ],
    ['a flow that another calls', 'did-unbound', calls('{ done: hi }')],
    [
      'the last day of a review',
      'review-passed',
      { 'main.yaml': FLOW.replace('owner: tests', 'owner: tests\nreviewBy: 2026-11-22') },
    ],
    [
      'a host on the list',
      'destination-refused',
      {
        'main.yaml': node(lookup('https://crm.example.org/${call.from}')),
        'site/destinations.yaml': 'numbers: ["+358*"]\nhosts: [crm.example.org]\n',
      },
    ],
    [
      'a host that the environment names',
      'destination-refused',
      { 'main.yaml': node(lookup('${env.CRM}/${call.from}')) },
    ],
    [
      'a prompt of its own',
      'unknown-prompt',
      {
        'main.yaml': FLOW.replace('start:', 'prompts: { helo: { tts: { en: Hi, fi: Hei } } }\nstart:').replace(
          '[hello,',
          '[helo,',
        ),
      },
    ],
    ['what a broken flow may call', 'did-unbound', { 'z.yaml': other('other', ''), 'main.yaml': 'id: main\n' }],
  ])('lets pass %s', (_, code, changes) => {
    expect(found(code, changes)).toEqual([]);
  });

  it('tells faults of meaning and of the site in one go', () => {
    const both = told({
      'main.yaml': FLOW.replace('start: hours', 'start: hour'),
      'site/trunks.yaml': '{}\n',
    });
    expect(both.map((problem) => problem.split(' ')[2])).toEqual(
      expect.arrayContaining(['dangling-target', 'unknown-trunk']),
    );
  });
});

function lookup(url: string): string {
  return `x: { type: lookup, request: { url: "${url}" }, timeout: 1s, outcomes: { ok: hi, notFound: hi, timeout: hi, error: hi } }`;
}

const SUB = `version: ivr/v1
id: sub
title: Sub
owner: tests
languages: { default: en, supported: [en, fi] }
vars: { who: { type: string }, tier: { type: enum, values: [a, b] }, count: { type: int, default: 0 } }
takes: [who, tier]
gives: [tier, count]
start: s
nodes:
  s: { type: play, prompt: hello }
`;

/** The main flow with a call of another; what is passed stands after the outcomes. */
function calls(outcomes: string, rest = '', sub = SUB): Readonly<Record<string, string>> {
  const vars =
    'vars: { mine: { type: string }, level: { type: enum, values: [a, b, c], default: a }, n: { type: int } }\nstart:';
  const call = `x: { type: flow, flow: sub, outcomes: ${outcomes}${rest} }`;
  const main = FLOW.replace('start:', vars).replace('hi: {', `${call}\n  hi: {`).replace('closed: hi,', 'closed: x,');
  return {
    'main.yaml': main.replace('prompt: [hello, welcome] }', 'prompt: [hello, welcome], outcomes: { error: x } }'),
    'sub.yaml': sub,
  };
}

describe('flows that call each other', () => {
  it.each([
    [
      'unknown-flow',
      calls('{ done: hi }', '', SUB.replace('id: sub', 'id: sob')),
      'main.yaml:13:26 There is no flow `sub`.',
    ],
    ['missing-outcome', calls('{}'), 'main.yaml:13:31 The outcome `done` of the flow `sub` leads nowhere.'],
    [
      'missing-outcome',
      calls('{ done: hi }', '', SUB.replace('hello }', 'hello, next: t }\n  t: { type: return, outcome: paid }')),
      'main.yaml:13:31 The outcome `paid` of the flow `sub` leads nowhere.',
    ],
    ['wrong-value', calls('{ done: hi, paid: hi }'), 'main.yaml:13:53 The flow `sub` never returns `paid`.'],
    [
      'unknown-variable',
      calls('{ done: hi }', ', with: { count: 3 }'),
      'main.yaml:13:63 The flow `sub` does not take `count`.',
    ],
    [
      'variable-type',
      calls('{ done: hi }', ', with: { tier: gold }'),
      'main.yaml:13:69 `tier` of the flow `sub` cannot be "gold".',
    ],
    [
      'variable-type',
      calls('{ done: hi }', ', with: { who: 3 }'),
      'main.yaml:13:68 `who` of the flow `sub` cannot be 3.',
    ],
    [
      'variable-type',
      calls('{ done: hi }', ', with: { who: { cel: "1 + 1" } }'),
      'main.yaml:13:75 `who` of the flow `sub` cannot be this. This is a whole number, and here belongs a text.',
    ],
    [
      'unknown-variable',
      calls('{ done: hi }', ', save: { mine: who }'),
      'main.yaml:13:69 The flow `sub` does not give `who`.',
    ],
    [
      'variable-type',
      calls('{ done: hi }', ', save: { n: tier }'),
      'main.yaml:13:66 `tier` of the flow `sub` is of type enum, and `n` of type int.',
    ],
    [
      'flow-recursion',
      calls(
        '{ done: hi }',
        '',
        SUB.replace(
          's: { type: play, prompt: hello }',
          's: { type: flow, flow: main, outcomes: { done: t } }\n  t: { type: return, outcome: done }',
        ),
      ),
      'main.yaml:13:26 `main` → `sub` → `main` call each other.',
    ],
  ])('%s %#', (code, changes, expected) => {
    expect(found(code, changes)).toContain(expected);
  });

  it('has nothing to say when they agree', () => {
    const fine = calls(
      '{ done: hi }',
      ', with: { who: { cel: call.from }, tier: b }, save: { mine: tier, level: tier, n: count }',
    );
    expect(told(fine)).toEqual([]);
  });
});

const LOST = `version: ivr/v1
id: lost
title: Lost
owner: tests
dids: ["105"]
languages: { default: en, supported: [en] }
start: m
nodes:
  m: { type: menu, prompt: hello, keys: { "1": c, "2": g }, outcomes: { noInput: g, invalid: g } }
  c: { type: collect, prompt: hello, digits: { min: 1, max: 2 }, save: d, outcomes: { ok: g, noInput: g, invalid: g } }
  g: { type: hangup }
`.replace('start: m', 'vars: { d: { type: string } }\nstart: m');

describe('the way to a person', () => {
  it('is missed once where there is none at all', () => {
    expect(found('no-human', { 'lost.yaml': LOST })).toEqual([
      'lost.yaml:10:3 From `m` a caller can reach nobody and leave no message.',
    ]);
  });

  it('is missed at a question behind which there is none', () => {
    const lost = LOST.replace('"2": g', '"2": q').replace(
      '  g: {',
      '  q: { type: queue, queue: support, outcomes: { answeredEnd: g, timeout: g, full: g, noAgents: g, closed: g } }\n  g: {',
    );
    expect(found('no-human', { 'lost.yaml': lost })).toEqual([
      'lost.yaml:11:3 From `c` a caller can reach nobody and leave no message.',
    ]);
  });

  it('may lead through another flow', () => {
    const through = LOST.replace(
      'g: { type: hangup }',
      'g: { type: flow, flow: main, outcomes: { done: z } }\n  z: { type: hangup }',
    );
    expect(found('no-human', { 'lost.yaml': through })).toEqual([]);
  });

  it('may be the affair of the flow that called, if this one comes back', () => {
    const called = { ...calls('{ done: hi }', '', LOST.replace('id: lost', 'id: sub').replace('dids: ["105"]\n', '')) };
    expect(found('no-human', called)).toHaveLength(1);
    const returns = called['sub.yaml']?.replace('g: { type: hangup }', 'g: { type: return, outcome: done }') ?? '';
    expect(found('no-human', { ...called, 'sub.yaml': returns })).toEqual([]);
  });
});

const SKILLED = (skill: string) =>
  FLOW.replace('queue: support,', `queue: support, require: [{ skill: "${skill}", level: 1 }],`).replace(
    'start:',
    'vars: { topic: { type: enum, values: [tech, other], default: tech } }\nstart:',
  );
const LISTED = { 'site/skills.yaml': '"lang:fi": { title: Finnish }\n"topic:tech": { title: Technical }\n' };

describe('skills', () => {
  it.each([
    ['lang:fi', []],
    ['lang:no', ['main.yaml:11:56 There is no skill `lang:no`.']],
    ['lang:${call.language}', []],
    [
      'topic:${topic}',
      ['main.yaml:11:56 There is no skill `topic:tech`.', 'main.yaml:11:56 There is no skill `topic:other`.'],
    ],
  ])('%s: without a list those that agents have count, and one form of a template is enough', (skill, expected) => {
    expect(found('unknown-skill', { 'main.yaml': SKILLED(skill) }).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['lang:fi', []],
    ['lang:${call.language}', ['main.yaml:11:56 There is no skill `lang:en`.']],
    ['topic:${topic}', ['main.yaml:11:56 There is no skill `topic:other`.']],
  ])('%s: every form must be on the list, if there is one', (skill, expected) => {
    expect(found('unknown-skill', { 'main.yaml': SKILLED(skill), ...LISTED })).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { percentOf } from '../../../../src/ivr/sim/coverage.ts';
import { flowOf } from '../caller.ts';
import { failuresOf, run, siteOf } from './sim-house.ts';

const FLOW = flowOf(
  `
who:
  type: lookup
  request: { method: GET, url: "https://crm.example/\${call.from}" }
  timeout: 4s
  save: { tier: $.tier }
  outcomes: { ok: mark, notFound: mark, timeout: mark, error: mark }
mark: { type: tag, tags: ["tier:\${tier}"], next: main }
main:
  type: menu
  prompt: { first: main.long, again: main.short }
  keys: { "1": tell, "2": tech, "9": repeat }
  outcomes: { noInput: operator, invalid: operator }
tell: { type: emit, event: billing-asked, data: { tier: "\${tier}" }, next: operator }
tech:
  type: queue
  queue: support
  priority: { base: 0, add: [{ when: 'tier == "vip"', points: 300 }] }
  require: [{ skill: "lang:\${call.language}", level: 3 }]
  outcomes: { answeredEnd: bye, timeout: operator, full: operator, noAgents: operator, closed: operator }
operator:
  type: queue
  queue: support
  outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }
bye: { type: hangup, reason: normal }`,
  `
vars: { tier: { type: enum, values: [standard, vip], default: standard } }
defaults: { onError: operator }`,
);
const WORLD = siteOf([FLOW]);
const DEFAULTS = 'defaults: { mocks: { who: { status: 404 } } }\n';

describe('a test file', () => {
  it('says how calls go', () => {
    const done = run(
      WORLD,
      `${DEFAULTS}tests:
  - name: VIP reaches the right skills
    mocks: { who: { status: 200, body: { tier: vip }, after: 700ms } }
    queue: { support: { estimate: 30s } }
    language: fi
    steps:
      - hear: main.long
      - press: "2"
    expect: { path: [who, mark, main, tech], priority: 300, require: ["lang:fi>=3"], queue: support, outcome: answeredEnd,
              tags: ["tier:vip"], vars: { tier: vip }, maxSilence: 700ms, ends: bye, language: fi, avoids: operator }
  - name: silence goes to a human
    steps: [ { silence: 30s } ]
    expect: { reaches: operator, counters: { main.noInput: 3, main.entered: 1, who.notFound: 1 }, hears: [main.short], outcome: normal }
  - name: who asks for it hears it again
    steps: [ { press: "9" }, { press: "1" }, { wait: operator }, { hangup: true } ]
    expect: { outcome: hungUp, emitted: [billing-asked, { event: billing-asked, data: { tier: standard } }], notHears: main.short }
  - name: a wrong key
    steps: [ { press: "5" }, { hear: main.short }, { press: "5" }, { press: "5" } ]
    expect: { counters: { main.invalid: 3 }, reaches: [main, operator] }
`,
    );
    expect(failuresOf(done)).toEqual([]);
    expect(done.results.map(({ ok, line, name }) => `${ok} ${line} ${name}`)).toEqual([
      'true 4 VIP reaches the right skills',
      'true 13 silence goes to a human',
      'true 16 who asks for it hears it again',
      'true 19 a wrong key',
    ]);
  });

  it('says what it expected and what happened, at the line that expects it', () => {
    const done = run(
      WORLD,
      `${DEFAULTS}tests:
  - name: nothing is as it should be
    steps: [ { press: "2" } ]
    expect:
      path: [who, mark, operator]
      reaches: operator
      avoids: [main, tech]
      hears: main.short
      notHears: main.long
      require: ["lang:fi>=3"]
      priority: 300
      queue: support
      outcome: timeout
      ends: main
      language: fi
      maxSilence: 0s
      counters: { main.noInput: 3 }
      tags: [vip]
      emitted: [billing-asked]
      asked: [refund]
      vars: { tier: vip }
`,
    );
    expect(failuresOf(done)).toEqual([
      '7: expected path operator, but after `mark` it came to `main`.',
      '8: expected reaches operator, but the call never came there.',
      '9: expected avoids main, but the call came there.',
      '9: expected avoids tech, but the call came there.',
      '10: expected hears main.short, but what was heard is main.long.',
      '11: expected notHears main.long, but it was heard.',
      '12: expected require lang:fi>=3, but an agent needs lang:en>=3.',
      '13: expected priority 300, but it is queued with priority 0.',
      '15: expected outcome timeout, but `operator` was not left.',
      '16: expected ends main, but the call ended in `bye`.',
      '17: expected language fi, but the language is en.',
      '19: expected counters main.noInput 3, but it is 0.',
      '20: expected tags vip, but the tags are tier:standard.',
      '21: expected emitted billing-asked, but told was nothing.',
      '22: expected asked refund, but told was nothing.',
      '23: expected vars tier vip, but it is "standard".',
    ]);
  });

  it('tells which step waited in vain', () => {
    const done = run(
      WORLD,
      `${DEFAULTS}tests:
  - name: in vain
    steps:
      - hear: main.long
      - press: "2"
      - hear: main.short
      - press: "1"
  - name: too late
    steps: [ { silence: 4h }, { press: "1" } ]
  - name: never recorded
    steps: [ { say: 3s } ]
`,
    );
    expect(failuresOf(done)).toEqual([
      '8: `main.short` was never heard: until the call was over came nothing more.',
      '11: The call was over before he could press 1.',
      '13: The call never recorded him.',
    ]);
  });

  it('must say what other systems answer', () => {
    expect(failuresOf(run(WORLD, 'tests:\n  - name: forgotten\n'))).toEqual([
      '3: Nothing says what `who` is answered; add it to `mocks`, like `who: timeout`.',
    ]);
  });
});

describe('coverage', () => {
  const tests = (coverage: string) => `${DEFAULTS}tests: [{ name: silence }]\n${coverage}`;

  it('counts nodes and the ways out that they have themselves', () => {
    const { coverage } = run(WORLD, tests(''));
    expect(coverage).toHaveLength(1);
    const { nodes, edges } = coverage[0] ?? expect.fail();
    expect(nodes).toEqual({ all: 7, reached: 5, missing: ['tell', 'tech'] });
    expect(edges.all).toBe(4 + 1 + 4 + 1 + 5 + 5);
    expect(edges.missing).toContain('main key 2 → tech');
    expect([percentOf(nodes), percentOf({ all: 0, reached: 0, missing: [] })]).toEqual([71, 100]);
  });

  it('fails below its threshold, and says what is missing', () => {
    expect(failuresOf(run(WORLD, tests('coverage: { nodes: 80%, edges: 10% }')))).toEqual([
      '4: The tests reach 71% of the nodes of test, not 80%; missing: tell, tech.',
    ]);
    expect(failuresOf(run(WORLD, tests('coverage: { nodes: 71% }')))).toEqual([]);
  });

  it('counts called flows, too', () => {
    const inner = flowOf(
      'hi: { type: play, prompt: hello, next: give }\ngive: { type: return, outcome: done }',
      '',
      'inner',
    );
    const outer = flowOf('first: { type: flow, flow: inner, outcomes: { done: end } }\nend: { type: hangup }');
    const { coverage } = run(siteOf([outer, inner]), 'tests: [{ name: through }]');
    expect(coverage.map(({ flow, nodes, edges }) => [flow, percentOf(nodes), percentOf(edges)])).toEqual([
      ['test', 100, 100],
      ['inner', 100, 100],
    ]);
  });
});

it('runs hundreds of tests in seconds', () => {
  const one = (i: number) => `  - { name: "call ${i}", steps: [ { silence: 30s } ], expect: { reaches: operator } }\n`;
  const many = `${DEFAULTS}tests:\n${Array.from({ length: 500 }, (_, i) => one(i)).join('')}`;
  const began = performance.now();
  expect(run(WORLD, many).results.filter(({ ok }) => ok)).toHaveLength(500);
  expect(performance.now() - began).toBeLessThan(5_000);
});

import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../../src/ivr/calendar.ts';
import { parseTests, scenarioOf } from '../../../../src/ivr/sim/read-tests.ts';
import { simWorld } from '../../../../src/ivr/sim/world.ts';
import { flowOf } from '../caller.ts';
import { run, siteOf } from './sim-house.ts';

const FLOW = flowOf(
  `
hours: { type: hours, calendar: desk, outcomes: { open: main, closed: end, holiday: end, forced: end } }
main: { type: menu, prompt: welcome, keys: { "1": code }, outcomes: { noInput: end, invalid: end } }
code:
  type: collect
  prompt: ask
  digits: { min: 4, max: 4 }
  sensitive: true
  save: code
  outcomes: { ok: end, noInput: end, invalid: end }
end: { type: hangup }`,
  `
dids: ["+358401234567"]
vars: { tier: { type: enum, values: [standard, vip], default: standard }, code: { type: string, sensitive: true } }`,
);
const DESK: Calendar = {
  name: 'desk',
  timezone: 'Europe/Helsinki',
  weekly: new Map([[2, [{ from: 480, to: 960 }]]]),
  holidays: new Map(),
  exceptions: new Map(),
  forced: false,
};
const PROMPTS = new Map([
  ['en', new Set(['welcome', 'ask'])],
  ['fi', new Set(['welcome', 'ask'])],
]);
const WORLD = simWorld({ ...siteOf([FLOW], { calendars: [DESK] }), prompts: PROMPTS }, new Map());

const problems = (text: string): readonly string[] => {
  const read = parseTests(text, 'x.test.yaml', WORLD);
  return read.ok
    ? []
    : read.problems.map(({ line, column, code, message, cure }) => `${line}:${column} ${code} ${message} ${cure}`);
};
const inTest = (fields: string) => problems(`flow: test\ntests:\n  - name: one\n    ${fields}\n`);

describe('a name that is not there', () => {
  it.each([
    ['mocks: { mian: timeout }', '4:14 test-file There is no node `mian`. Did you mean `main`?'],
    ['mocks: { main: noInptu }', '4:20 test-file `main` has no outcome `noInptu`. Did you mean `noInput`?'],
    ['queue: { suport: { estimate: 3m } }', '4:14 test-file There is no queue `suport`. Did you mean `support`?'],
    ['calendars: { dekc: forced }', '4:18 test-file There is no calendar `dekc`. Did you mean `desk`?'],
    ['vars: { teir: vip }', '4:13 test-file There is no variable `teir`. Did you mean `tier`?'],
    ['vars: { tier: gold }', '4:19 test-file `tier` cannot be "gold". Known: standard, vip.'],
    ['language: sv', '4:15 test-file `test` does not support the language `sv`. Known: en, fi.'],
    ['steps: [ { hear: welcom } ]', '4:22 test-file There is no prompt `welcom`. Did you mean `welcome`?'],
    ['steps: [ { wait: ned } ]', '4:22 test-file There is no node `ned`. Did you mean `end`?'],
    ['expect: { path: [hours, mian] }', '4:29 test-file There is no node `mian`. Did you mean `main`?'],
    ['expect: { reaches: mian }', '4:24 test-file There is no node `mian`. Did you mean `main`?'],
    ['expect: { reaches: other/main }', '4:24 test-file There is no node `other/main`. Known: hours, main, code, end.'],
    ['expect: { counters: { mian.noInput: 3 } }', '4:27 test-file There is no node `mian`. Did you mean `main`?'],
    [
      'expect: { vars: { code: "1234" } }',
      '4:23 test-file `code` is sensitive, and no test may look at it. Expect its outcome instead.',
    ],
  ])('is told of: %s', (fields, problem) => {
    expect(inTest(fields)).toEqual([problem]);
  });

  it('ends the reading when it is the flow', () => {
    expect(problems('flow: tset\ntests: [{ name: one }]')).toEqual([
      '1:7 test-file There is no flow `tset`. Did you mean `test`?',
    ]);
  });
});

describe('what is written wrongly', () => {
  it.each([
    [
      'at: 2026-03-10',
      '4:9 wrong-value A time is a date, a time of day and a zone. Write it like 2026-03-10T10:00:00+02:00.',
    ],
    ['from: 358501112223', '4:11 wrong-type A number is a text. Put it in quotes: "+358501112223".'],
    ['steps: [ { press: 1 } ]', '4:23 wrong-type Keys are a text. Put them in quotes: "1".'],
    [
      'expect: { require: ["topic:tech"] }',
      '4:25 wrong-value A requirement is a skill and its least level. Write it like "topic:tech>=3".',
    ],
    ['expects: {}', '4:5 unknown-field `expects` is not known here. Did you mean `expect`?'],
  ])('is told of: %s', (fields, problem) => {
    expect(inTest(fields)).toEqual([problem]);
  });

  it('is told of in coverage', () => {
    expect(problems('flow: test\ntests: [{ name: one }]\ncoverage: { nodes: 100 }')).toEqual([
      '3:20 wrong-type A share is a text. Write it like 90%.',
    ]);
  });
});

describe('circumstances', () => {
  const scenario = (defaults: string, test: string) => {
    const read = parseTests(`flow: test\ndefaults: ${defaults}\ntests: [${test}]`, 'x.test.yaml', WORLD);
    const [first] = read.ok ? read.file.tests : [];
    return read.ok && first ? scenarioOf(read.file, first, WORLD) : expect.fail('not read');
  };

  it('of a test stand above those of the file', () => {
    const defaults =
      '{ at: 2026-03-10T10:00:00+02:00, remembered: { language: fi }, vars: { tier: vip }, from: withheld }';
    expect(scenario(defaults, '{ name: one }')).toMatchObject({
      at: Date.UTC(2026, 2, 10, 8),
      from: null,
      to: '+358401234567',
      remembered: { language: 'fi' },
      vars: { tier: 'vip' },
    });
    expect(
      scenario(
        defaults,
        '{ name: one, at: "2026-12-25T12:00[Europe/Helsinki]", remembered: {}, from: "+46701112223" }',
      ),
    ).toMatchObject({
      at: Date.UTC(2026, 11, 25, 10),
      from: '+46701112223',
      remembered: {},
    });
  });

  it.each(['open', 'closed', 'holiday', 'forced'])('let a calendar say %s', (hours) => {
    const done = run(
      WORLD,
      `tests: [{ name: one, calendars: { desk: ${hours} }, expect: { path: [hours], outcome: ${hours} } }]`,
    );
    expect(done.results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});

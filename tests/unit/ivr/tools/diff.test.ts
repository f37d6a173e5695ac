import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffFlows } from '../../../../src/ivr/tools/diff.ts';
import { diffSites } from '../../../../src/ivr/tools/diff-site.ts';
import { formatYaml } from '../../../../src/ivr/tools/format.ts';
import { bigFlow, flowText, loaded } from './flow-text.ts';

const BASE = `
menu: { type: menu, prompt: { first: main, again: short }, keys: { "1": billing, "2": support, "9": repeat }, timeout: 5s }
billing: { type: queue, queue: billing, maxWait: 10m, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye } }
support: { type: queue, queue: support, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye } }
bye: { type: play, prompt: goodbye }`;
const HEAD =
  'defaults: { noInput: support, invalid: support, onError: bye }\nprompts: { extra: { tts: { en: Hello } } }';

const said = (from: string, to: string) => {
  const changes = diffFlows(loaded(from), loaded(to));
  return changes.map(({ where, text }) => `${where}: ${text}`);
};
const base = flowText(BASE, HEAD);
const changed = (...edits: readonly (readonly [string, string])[]) => {
  const to = edits.reduce((text, [find, put]) => {
    if (!text.includes(find)) throw new Error(`${find} is not in the flow`);
    return text.replace(find, put);
  }, base);
  return said(base, to);
};

describe('what changes for callers', () => {
  it.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
    ['a key', [['"2": support', '"2": billing']], ['menu: key 2 now goes to queue billing (was queue support)']],
    ['a new option', [['"9": repeat', '"9": repeat, "3": bye']], ['menu: key 3 is new and goes to play bye']],
    [
      'an option that goes',
      [['"1": billing, ', '"4": billing, ']],
      ['menu: key 1 is gone (went to queue billing)', 'menu: key 4 is new and goes to queue billing'],
    ],
    ['a place', [['"9": repeat', '"9": back']], ['menu: key 9 is now back (was repeat)']],
    ['a time', [['timeout: 5s', 'timeout: 60s']], ['menu: waits 1m for an answer (was 5s)']],
    ['a wait', [['maxWait: 10m', 'maxWait: 2h']], ['billing: maxWait is now 2h (was 10m)']],
    [
      'retries',
      [['timeout: 5s', 'timeout: 5s, retries: { noInput: 1 }']],
      ['menu: asks 1 more times after silence (was 2)'],
    ],
    ['barge-in', [['timeout: 5s', 'timeout: 5s, bargeIn: false']], ['menu: a key no longer stops the prompt']],
    [
      'what is said',
      [['again: short', 'again: [short, main]']],
      ['menu: says short, main when it asks again (was short)'],
    ],
    ['words', [['en: Hello', 'en: Welcome']], ['prompts: extra in en now says “Welcome” (was “Hello”)']],
    [
      'an outcome by default',
      [['noInput: support', 'noInput: billing']],
      ['menu: noInput now goes to queue billing (was queue support)'],
    ],
    [
      'a default of failures, once',
      [['onError: bye', 'onError: support']],
      ['menu, billing, support, bye: error now goes to queue support (was play bye)'],
    ],
    ['the kind', [['type: play, prompt: goodbye', 'type: hangup']], ['bye: is now a hangup (was a play)']],
    [
      'where it ends',
      [['prompt: goodbye }', 'prompt: goodbye, next: menu }']],
      ['bye: done now goes to menu menu (was the end)'],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    expect(changed(...edits)).toEqual(expected);
  });

  it('tells of nodes that come and go, and of conditions', () => {
    const a = flowText(
      's: { type: switch, cases: [{ when: call.from == "1", go: x }], else: y }\nx: { type: play, prompt: x }\ny: { type: hangup }',
    );
    const b = flowText(
      's: { type: switch, cases: [{ when: call.from == "2", go: z }], else: y }\nz: { type: play, prompt: z }\ny: { type: hangup }',
    );
    expect(said(a, b)).toEqual([
      'z: is a new play',
      's: when call.from == "1" is gone (went to play x)',
      's: when call.from == "2" is new and goes to play z',
      'x: is gone (was a play)',
    ]);
  });

  it('tells of what is reached no more, of numbers and of the start', () => {
    const a = flowText('a: { type: play, prompt: x, next: b }\nb: { type: play, prompt: y }', 'dids: ["100"]');
    const b = a.replace(', next: b', '').replace('["100"]', '["101"]');
    const files = (text: string) => [{ path: 'x.yaml', text }];
    expect(diffSites(files(a), files(b))).toEqual({
      ok: true,
      parts: [
        {
          part: 'flow test',
          changes: [
            { where: 'numbers', text: '100 leads here no more' },
            { where: 'numbers', text: '101 now leads here' },
            { where: 'a', text: 'done now goes to the end (was play b)' },
            { where: 'b', text: 'is reached no more' },
          ],
        },
      ],
    });
  });

  it('is nothing when only comments, order, names of nodes, or the place of a setting differ', () => {
    const [head, nodes = ''] = base.split('nodes:\n');
    expect(said(base, `# why\n${base}`)).toEqual([]);
    expect(said(base, `${head}nodes:\n${nodes.trimEnd().split('\n').toReversed().join('\n')}\n`)).toEqual([]);
    expect(said(base, base.replaceAll('billing:', 'accounts:').replaceAll('"1": billing', '"1": accounts'))).toEqual(
      [],
    );
    expect(
      said(base, base.replace(', timeout: 5s', '').replace('defaults: {', 'defaults: { menu: { timeout: 5000ms },')),
    ).toEqual([]);
    expect(said(base, base.replace('title: Test', 'title: Other\nowner: me'))).toEqual([]);
  });

  it('is nothing for a formatted flow', () => {
    const formatted = formatYaml(bigFlow(), 'big.yaml');
    expect(said(bigFlow(), formatted.ok ? formatted.text : '')).toEqual([]);
  });

  it('is seen whichever target of whichever node changes', () => {
    const targets = [...bigFlow().matchAll(/\b(?:next|go|ok|timeout|full|closed|answeredEnd|else): ([a-z-]+)/g)];
    fc.assert(
      fc.property(
        fc.constantFrom(...targets),
        fc.constantFrom('main', 'desk', 'bye'),
        ({ 0: all, 1: to = '', index }, other) => {
          fc.pre(to !== other && index !== undefined);
          const text = bigFlow();
          const edited = text.slice(0, index) + all.replace(/[a-z-]+$/, other) + text.slice((index ?? 0) + all.length);
          const done = diffSites([{ path: 'a.yaml', text }], [{ path: 'a.yaml', text: edited }]);
          expect(done.ok && done.parts.length).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const CALENDAR = `
timezone: Europe/Helsinki
weekly: { mon-fri: ["08:00-16:00"] }
holidays: [{ date: 2026-12-25, name: Christmas }]
exceptions: [{ date: 2026-12-23, hours: ["08:00-12:00"] }]
`;
const siteSays = (path: string, was: string, is: string) => {
  const done = diffSites([{ path, text: was }], [{ path, text: is }]);
  return done.ok
    ? done.parts.flatMap(({ part, changes }) => changes.map(({ text }) => `${part}: ${text}`))
    : done.problems;
};

describe('what changes around flows', () => {
  it('tells of hours', () => {
    const is = `
timezone: Europe/Helsinki
weekly: { mon-thu: ["08:00-16:00"], fri: ["08:00-12:00", "13:00-15:00"] }
holidays: [{ date: 2026-12-25, name: Xmas }, { date: 2027-01-01, name: New Year }]
exceptions: [{ date: 2026-12-23, hours: [] }]
`;
    const path = 'ivr-flows/site/calendars/main.yaml';
    expect(siteSays(path, CALENDAR, is)).toEqual([
      'site/calendars/main.yaml: Friday is open 08:00–12:00, 13:00–15:00 (was open 08:00–16:00)',
      'site/calendars/main.yaml: 2027-01-01 is now a holiday (New Year)',
      'site/calendars/main.yaml: 2026-12-23 is closed (was open 08:00–12:00)',
    ]);
    expect(
      siteSays(
        path,
        CALENDAR,
        CALENDAR.replace('mon-fri: ["08:00-16:00"]', 'fri: ["08:00-16:00"], mon-thu: ["08:00-16:00"]'),
      ),
    ).toEqual([]);
  });

  it('tells of queues and of words', () => {
    expect(siteSays('site/queues.yaml', 'a: { title: A, maxWait: 5m }', 'a: { title: A, maxWait: 6m }')).toEqual([
      'site/queues.yaml: a.maxWait is now 6m (was 5m)',
    ]);
    expect(siteSays('site/queues.yaml', 'a: { title: A }', 'b: { title: B, maxWait: 5m }')).toEqual([
      'site/queues.yaml: b is new',
      'site/queues.yaml: a is gone',
    ]);
    const profile = (seconds: number) => `ring: { minimum: { value: ${seconds}s, cite: "House: patience" } }`;
    expect(siteSays('site/profiles/mine.yaml', profile(15), profile(20))).toEqual([
      'site/profiles/mine.yaml: ring.minimum.value is now 20s (was 15s)',
    ]);
    const calendar = diffSites([], [{ path: 'site/calendars/main.yaml', text: CALENDAR }]);
    expect(calendar).toMatchObject({ parts: [{ changes: [{ where: '', text: 'is new' }] }] });
    expect(siteSays('sounds/fi/prompts.yaml', 'hello: Hei', 'hello: Moi')).toEqual([
      'sounds/fi/prompts.yaml: hello in fi now says “Moi” (was “Hei”)',
    ]);
  });

  it('refuses what cannot be read, with its place', () => {
    const done = diffSites([{ path: 'a.yaml', text: 'x: [' }], []);
    expect(done).toMatchObject({ ok: false, problems: [{ file: 'a.yaml', code: 'yaml-syntax' }] });
  });
});

import { describe, expect, it } from 'vitest';
import { loadSite } from '../../../src/config/site/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const SITE = {
  'site/agents.yaml': 'alice: { name: Alice, phone: "1001" }\n',
  'site/queues.yaml': 'support: { title: Support }\nbilling: { title: Billing }\n',
  'site/trunks.yaml': 'public: { endpoint: public, lines: 30, cps: 5 }\n',
  'site/floor.yaml': 'reasons: { break: { title: Break } }\n',
  'site/follow-ups.yaml':
    'teams: { finance: { title: Finance, members: [alice] } }\ndepartments: { office: { title: Office } }\n',
};
const read = (text: string) =>
  loadSite(
    Object.entries({ ...SITE, 'site/thresholds.yaml': text }).map(([path, file]) => ({ path, text: file })),
    '2026-11-22',
  );
const faults = (text: string) =>
  read(text)
    .problems.map(printProblem)
    .filter((line) => line.startsWith('site/thresholds.yaml'))
    .map((line) => line.replace('site/thresholds.yaml:', ''));
const rule = (words: string) => faults(`x: { title: X, ${words} }\n`);
const [MINUTE, HOUR] = [60_000, 3_600_000];

describe('site/thresholds.yaml', () => {
  it('says all there is to say', () => {
    const reading = read(`
slow:
  title: Too late
  severity: alarm
  queue: "*"
  except: [billing]
  figure: serviceLevel
  below: 80%
  clear: 85%
  for: 5m
  clearFor: 2m
  again: 1h
  atLeast: 30
  window: day
break:
  title: Long break
  agent: [alice]
  team: finance
  reasons: [break]
  figure: breakLength
  above: 20m
`);
    expect(reading.problems.map(printProblem).filter((line) => line.includes('thresholds'))).toEqual([]);
    expect(reading.ok && [...(reading.site.thresholds?.values() ?? [])]).toEqual([
      {
        name: 'slow',
        title: 'Too late',
        severity: 'alarm',
        of: 'queue',
        names: 'all',
        except: new Set(['billing']),
        teams: null,
        reasons: null,
        figure: 'serviceLevel',
        direction: 'below',
        level: 0.8,
        clear: 0.85,
        forMs: 5 * MINUTE,
        clearForMs: 2 * MINUTE,
        againMs: HOUR,
        atLeast: 30,
        window: 'day',
      },
      {
        name: 'break',
        title: 'Long break',
        severity: 'warning',
        of: 'agent',
        names: new Set(['alice']),
        except: new Set(),
        teams: new Set(['finance']),
        reasons: new Set(['break']),
        figure: 'breakLength',
        direction: 'above',
        level: 20 * MINUTE,
        clear: 20 * MINUTE,
        forMs: 0,
        clearForMs: 0,
        againMs: null,
        atLeast: 0,
        window: null,
      },
    ]);
  });

  it('counts over half an hour of ten calls, and waits a minute before it calls a queue well, where nothing is said', () => {
    const reading = read('x: { title: X, queue: support, figure: abandonment, above: 10% }\n');
    expect(reading.ok && reading.site.thresholds?.get('x')).toMatchObject({
      window: 30 * MINUTE,
      atLeast: 10,
      clearForMs: MINUTE,
    });
  });

  it.each([
    ['queue: support, figure: longestWait, above: 5m', []],
    ['queue: [support, billing], figure: agentsReady, below: 1', []],
    ['campaign: Autumn 2026, figure: capUsed, above: 90%, clear: 0.5', []],
    ['followUps: "team:finance", figure: age, above: 2d', []],
    ['followUps: [office, support, "agent:alice"], figure: overdue, above: 0', []],
    ['trunk: public, figure: downFor, above: 1m', []],
    [
      'figure: longestWait, above: 5m',
      [
        '1:1 error wrong-value The rule does not say what it watches. Give one of queue, campaign, agent, trunk, followUps, as `queue: support` or `queue: "*"`.',
      ],
    ],
    [
      'queue: support, trunk: public, figure: downFor, above: 5m',
      [
        '1:39 error wrong-value A rule watches one kind of thing. Give one of queue, campaign, agent, trunk, followUps, as `queue: support` or `queue: "*"`.',
      ],
    ],
    [
      'queue: support, figure: servicelevel, below: 80%',
      ['1:40 error wrong-value There is no figure `servicelevel` of queue. Did you mean `serviceLevel`?'],
    ],
    [
      'queue: support, figure: waiting',
      [
        '1:1 error wrong-value The rule has no level. Give either `above` or `below`, and where it is well again as `clear`.',
      ],
    ],
    [
      'queue: support, figure: waiting, above: 5, below: 1',
      [
        '1:66 error wrong-value A rule has one level. Give either `above` or `below`, and where it is well again as `clear`.',
      ],
    ],
    [
      'queue: support, figure: waiting, above: 5m',
      ['1:56 error wrong-value The level of this figure is a whole number. Write it like `10`.'],
    ],
    [
      'queue: support, figure: longestWait, above: 300',
      ['1:60 error wrong-value A length of time needs a unit. Write it like `6s`, `1500ms` or `2m`.'],
    ],
    [
      'queue: support, figure: serviceLevel, below: 80',
      ['1:61 error wrong-value A share is a part of the whole. Write it like `80%` or `0.8`.'],
    ],
    [
      'queue: support, figure: longestWait, above: 100d',
      ['1:60 error wrong-value The level must be between 0s and 90d. Choose a time in that range.'],
    ],
    [
      'queue: support, figure: serviceLevel, below: 80%, clear: 70%',
      ['1:73 error wrong-value What is well again would still be below the level. Choose `clear` not below `below`.'],
    ],
    [
      'queue: support, figure: waiting, above: 5, clear: 6',
      ['1:66 error wrong-value What is well again would still be above the level. Choose `clear` not above `above`.'],
    ],
    [
      'queue: support, figure: waiting, above: 5, window: 5m, atLeast: 3, team: finance, reasons: [break], except: [billing]',
      [
        '1:67 error wrong-value The figure `waiting` is of the moment and has no window. Remove it.',
        '1:80 error wrong-value The figure `waiting` is not counted from calls or the like. Remove it.',
        '1:89 error wrong-value Only agents are watched by team. Remove it, or watch `agent: "*"`.',
        '1:98 error wrong-value Only breaks have reasons. Remove it.',
        '1:116 error wrong-value Only `queue: "*"` has exceptions. Remove it.',
      ],
    ],
    [
      'queue: suport, figure: waiting, above: 5',
      ['1:23 error unknown-queue There is no queue `suport`. Did you mean `support`?'],
    ],
    [
      'trunk: publik, figure: downFor, above: 1m',
      ['1:23 error unknown-trunk There is no trunk `publik`. Did you mean `public`?'],
    ],
    [
      'agent: alise, figure: talkLength, above: 1h',
      ['1:23 warning unknown-agent There is no agent `alise`. Did you mean `alice`?'],
    ],
    [
      'agent: "*", team: finanse, reasons: [brake], figure: breakLength, above: 1h',
      [
        '1:34 error unknown-team There is no team `finanse`. Did you mean `finance`?',
        '1:43 error wrong-value There is no reason `brake` in site/floor.yaml. Did you mean `break`?',
      ],
    ],
    [
      'followUps: finanse, figure: overdue, above: 3',
      ['1:27 error wrong-value There is no agent, team, department or queue `finanse`. Did you mean `finance`?'],
    ],
    [
      'queue: support, figure: waiting, above: 5, untill: 5m',
      [
        '1:59 error unknown-field `untill` is not known here. Known: title, severity, queue, campaign, agent, trunk, followUps, except, team, reasons, figure, above and 7 more.',
      ],
    ],
  ])('%s', (words, told) => {
    expect(rule(words)).toEqual(told);
  });
});

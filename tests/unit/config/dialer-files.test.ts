import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { siteWith, told } from './site-files.ts';

const root = resolve(import.meta.dirname, '../../..');
const DISPOSITIONS = 'site/dispositions.yaml';
const TRUNKS = 'site/trunks.yaml';

/** The site with that file, or a failure that says what is wrong with it. */
function siteOf(path: string, text: string) {
  const reading = siteWith({ [path]: text });
  if (!reading.ok) throw new Error(told({ [path]: text }).join('\n'));
  return reading.site;
}

describe('site/dispositions.yaml', () => {
  it('gives every kind what it leaves out', () => {
    const { dispositions } = siteOf(
      DISPOSITIONS,
      `sold: { label: { en: Sold }, kind: success, counts: [sales], fields: { plan: { type: choice, choices: [s, l], required: true } } }
no: { label: { en: No }, kind: refusal }
later: { label: { en: Later }, kind: retry, after: 4h, number: next }
call: { label: { en: Call, fi: Soita }, kind: callback, wait: 5m, within: 14d }
stop: { label: { en: Stop }, kind: dnc, scope: campaign }
pays: { label: { en: Pays }, kind: payment, currency: SEK, fields: { paidOn: { type: date, label: { en: When } } } }
robot: { label: { en: Machine }, kind: machine }
`,
    );
    expect([...(dispositions ?? new Map()).values()].map(({ name, meaning }) => [name, meaning])).toEqual([
      ['sold', { kind: 'success' }],
      ['no', { kind: 'refusal' }],
      ['later', { kind: 'retry', afterMs: 14_400_000, number: 'next' }],
      ['call', { kind: 'callback', waitMs: 300_000, withinMs: 14 * 86_400_000 }],
      ['stop', { kind: 'dnc', scope: 'campaign', numbers: 'all' }],
      ['pays', { kind: 'payment', currency: 'SEK', withinMs: 90 * 86_400_000 }],
      ['robot', { kind: 'machine', afterMs: 14_400_000, number: 'same' }],
    ]);
    expect(dispositions?.get('sold')).toMatchObject({
      labels: { en: 'Sold' },
      counts: ['sales'],
      fields: [{ name: 'plan', type: 'choice', required: true, choices: ['s', 'l'] }],
    });
    expect(dispositions?.get('pays')?.fields).toEqual([
      { name: 'paidOn', type: 'date', required: false, labels: { en: 'When' }, withinMs: null },
    ]);
    expect(Object.isFrozen(dispositions?.get('no'))).toBe(true);
  });

  it.each<[string, string, string]>([
    [
      'a kind that is none',
      'x: { label: { en: X }, kind: sucess }',
      '1:30 error wrong-value `kind` must be one of success, refusal, retry, callback, dnc, payment, machine. Did you mean `success`?',
    ],
    [
      'a retry without its delay',
      'x: { label: { en: X }, kind: retry }',
      '1:1 error missing-field `after` is missing: `retry` needs it. Add `after:`.',
    ],
    [
      'money without its currency',
      'x: { label: { en: X }, kind: success, fields: { sum: { type: money } } }',
      '1:49 error missing-field `currency` is missing: `money` needs it. Add `currency:`.',
    ],
    [
      'what does nothing',
      'x: { label: { en: X }, kind: refusal, after: 4h }',
      '1:39 warning no-effect `after` does nothing for `refusal`. Remove it.',
    ],
    [
      'a language that the house has not',
      'x: { label: { en: X, xx: X }, kind: refusal }',
      '1:22 error unknown-language There is no language `xx`. Known: en, fi.',
    ],
    [
      'a field that the kind has already',
      'x: { label: { en: X }, kind: callback, fields: { at: { type: time } } }',
      '1:50 error reserved-name A `callback` has a field `at` of its own. Give it another name.',
    ],
    [
      'a name that is written otherwise',
      'x: { label: { en: X }, kind: dnc, scop: all }',
      '1:35 error unknown-field `scop` is not known here. Did you mean `scope`?',
    ],
  ])('tells %s', (_name, text, problem) => {
    expect(told({ [DISPOSITIONS]: `${text}\n` })).toEqual([expect.stringContaining(`${DISPOSITIONS}:${problem}`)]);
  });
});

describe('site/trunks.yaml', () => {
  it('says where a trunk leads, at what price, and how it is spared', () => {
    const { trunks } = siteOf(
      TRUNKS,
      'public: { endpoint: carrier-a, lines: 10, cps: 2, routes: { "+358*": 0.01, "+46*": { perMinute: 0.2, lines: 3, cps: 0.5 } }, backOff: 1s, deadAfter: 5 }\n',
    );
    expect(trunks.get('public')).toMatchObject({
      routes: [
        { prefix: '+358', perMinute: 0.01 },
        { prefix: '+46', perMinute: 0.2, lines: 3, cps: 0.5 },
      ],
      care: { backOffAfter: 3, backOffMs: 1_000, backOffMostMs: 300_000, deadAfter: 5, probeEveryMs: 30_000 },
    });
  });

  it.each<[string, string, string]>([
    ['a route that is no number', 'routes: { "358": 1 }', '1:61 error wrong-value A number here is a `+` and digits'],
    [
      'a back-off that shrinks',
      'backOff: 5m, backOffMost: 1m',
      '1:1 error wrong-value The longest back-off is shorter than the first one.',
    ],
  ])('tells %s', (_name, text, problem) => {
    const file = `public: { endpoint: carrier-a, lines: 10, cps: 2, ${text} }\n`;
    expect(told({ [TRUNKS]: file })).toEqual([expect.stringContaining(`${TRUNKS}:${problem}`)]);
  });
});

describe('site/trunk-groups.yaml', () => {
  const GROUPS = 'site/trunk-groups.yaml';

  it('names trunks of which a call gets one, wherever a trunk is named', () => {
    const reading = siteWith({
      [TRUNKS]: 'north: { endpoint: a, lines: 1, cps: 1 }\nsouth: { endpoint: b, lines: 1, cps: 1 }\n',
      [GROUPS]: 'public: { trunks: [north, { trunk: south, weight: 2, tier: 1 }], prefer: rate }\n',
    });
    expect(reading.ok && reading.site.trunkGroups?.get('public')).toEqual({
      name: 'public',
      trunks: [
        { trunk: 'north', weight: 1, tier: 0 },
        { trunk: 'south', weight: 2, tier: 1 },
      ],
      prefer: 'rate',
    });
  });

  it.each<[string, string, string]>([
    [
      'a trunk that is none',
      'out: { trunks: [pulbic] }',
      '1:17 error unknown-trunk There is no trunk `pulbic`. Did you mean `public`?',
    ],
    [
      'a group in a group',
      'out: { trunks: [public] }\nall: { trunks: [out] }',
      '2:17 error unknown-trunk There is no trunk `out`.',
    ],
    ['a group without trunks', 'out: { trunks: [] }', '1:8 error out-of-range `trunks` is empty.'],
    [
      'the name of a trunk',
      'public: { trunks: [public] }',
      '1:1 error wrong-value `public` is a trunk of site/trunks.yaml.',
    ],
    [
      'a preference that is none',
      'out: { trunks: [public], prefer: price }',
      '1:34 error wrong-value `prefer` must be one of weight, rate.',
    ],
  ])('tells %s', (_name, text, problem) => {
    expect(told({ [GROUPS]: `${text}\n` })).toEqual([expect.stringContaining(`${GROUPS}:${problem}`)]);
  });
});

describe('site/callerids.yaml', () => {
  it.each<[string, string, string]>([
    ['a pool without a number', 'fi: { numbers: {} }', '1:7 error wrong-value A pool has no number. Add one'],
    ['a number that is none', 'fi: { numbers: { "12": {} } }', '1:18 error wrong-value A number is a `+` and 7 to 15'],
    [
      'an area that is none',
      'fi: { numbers: { "+358401234567": { areas: ["9"] } } }',
      '1:45 error wrong-value A number here',
    ],
    [
      'a share above all',
      'fi: { numbers: { "+358401234567": {} }, rest: { below: 2 } }',
      '1:56 error wrong-value A share',
    ],
  ])('tells %s', (_name, text, problem) => {
    const path = 'site/callerids.yaml';
    expect(told({ [path]: `${text}\n` })).toEqual([expect.stringContaining(`${path}:${problem}`)]);
  });
});

it('has dispositions in the shipped site that the shipped languages know', () => {
  const text = readFileSync(join(root, 'ivr-flows', DISPOSITIONS), 'utf8');
  expect(siteOf(DISPOSITIONS, text).dispositions?.size).toBeGreaterThan(5);
});

import { describe, expect, it } from 'vitest';
import { parseFlow } from '../../../src/ivr/load.ts';

/** What is found in a flow of these nodes, the first being the start: `line:column code message`. Nodes begin in line 10. */
function found(nodes: string, head = ''): readonly string[] {
  const start = /^\s*([a-z0-9-]+):/.exec(nodes)?.[1] ?? '';
  const text = `version: ivr/v1
id: test
title: Test
${head || 'owner: tests'}
languages: { default: en, supported: [en] }
vars: { d: { type: string, default: "" }, n: { type: int, default: 0 }, card: { type: string, sensitive: true }, tier: { type: enum, values: [a, b], default: a } }
defaults: { noInput: z, invalid: z, error: z, timeout: z, full: z, noAgents: z, closed: z, answeredEnd: z }
start: ${start}
nodes:
${nodes.trim().replace(/^\s*/gm, '  ')}
  z: { type: hangup }
`;
  const reading = parseFlow(text.replace(', error: z', ''), 'f.yaml');
  return reading.problems
    .filter(({ code }) => code !== 'unreachable-node')
    .map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
}

const collect = (fields: string) => `a: { type: collect, prompt: p, ${fields}, outcomes: { ok: z } }`;
const menuOf = (keys: string) => `a: { type: menu, prompt: p, keys: { ${keys} } }`;

describe('circles', () => {
  it.each([
    ['a: { type: goto, to: a }', '10:3 endless-cycle `a` → `a` goes round without input, time or a queue in it.'],
    [
      'a: { type: play, prompt: p, next: b }\nb: { type: goto, to: a }',
      '10:3 endless-cycle `a` → `b` → `a` goes round without input, time or a queue in it.',
    ],
    [
      'a: { type: switch, cases: [{ when: tier == "a", go: z }], else: b }\nb: { type: set, set: { tier: b }, next: a }',
      '10:3 endless-cycle `a` → `b` → `a` goes round without input, time or a queue in it.',
    ],
    [
      'a: { type: lookup, request: { url: "https://x.test/" }, timeout: 1s, outcomes: { ok: z, notFound: z, timeout: a } }',
      '10:3 endless-cycle `a` → `a` goes round without input, time or a queue in it.',
    ],
    [
      'a: { type: metrics, queue: q, save: { ready: n }, outcomes: { ok: b, unavailable: z } }\nb: { type: switch, cases: [{ when: tier == "b", go: z }], else: a }',
      '10:3 endless-cycle `a` → `b` → `a` goes round without input, time or a queue in it.',
    ],
    [
      'a: { type: tag, tags: [x], next: b }\nb: { type: split, shares: [{ percent: 50, go: a }], else: z }',
      '10:3 endless-cycle `a` → `b` → `a` goes round without input, time or a queue in it.',
    ],
  ])('%s', (nodes, expected) => expect(found(nodes)).toContain(expected));

  it.each([
    ['a menu', 'a: { type: menu, prompt: p, keys: { "1": b } }\nb: { type: play, prompt: p, next: a }'],
    ['a queue', 'a: { type: play, prompt: p, next: b }\nb: { type: queue, queue: q, outcomes: { timeout: a } }'],
    [
      'somebody who decides',
      'a: { type: ask, question: q, timeout: 30s, outcomes: { answered: z, timeout: b } }\nb: { type: play, prompt: p, next: a }',
    ],
    ['nothing, as it ends', 'a: { type: goto, to: b }\nb: { type: goto, to: z }'],
  ])('may have %s in it', (_, nodes) => {
    expect(found(nodes).filter((told) => told.includes('endless-cycle'))).toEqual([]);
  });

  it('do not come about by the shared way out of trouble', () => {
    const trouble = 'a: { type: play, prompt: p, next: z }';
    expect(found(trouble, 'owner: tests').filter((told) => told.includes('endless'))).toEqual([]);
  });

  it('are each told once, however tangled', () => {
    const tangle =
      'a: { type: goto, to: b }\nb: { type: switch, cases: [{ when: tier == "a", go: a }], else: c }\nc: { type: goto, to: b }';
    expect(found(tangle).map((told) => told.split(' goes ')[0])).toEqual([
      '10:3 endless-cycle `a` → `b` → `a`',
      '12:3 endless-cycle `c` → `b` → `c`',
    ]);
  });
});

describe('menus', () => {
  const keys = (count: number, rest = '') => Array.from({ length: count }, (_, i) => `"${i + 1}": z`).join(', ') + rest;

  it.each([
    [keys(6), ['10:31 menu-options The menu has 6 options, and people keep 5 in mind.']],
    [keys(5), []],
    [keys(5, ', "9": repeat, "0": top, "#": back'), []],
  ])('keys %s', (written, expected) => expect(found(menuOf(written))).toEqual(expected));

  const row = (count: number, between = '') =>
    Array.from(
      { length: count },
      (_, i) => `m${i}: { type: menu, prompt: p, keys: { "1": ${i + 1 < count ? `${between}m${i + 1}` : 'z'} } }`,
    ).join('\n');

  it('more than three in a row are told at the fourth alone', () => {
    expect(found(row(3))).toEqual([]);
    expect(found(row(6))).toEqual(['13:3 menu-depth A caller comes to `m3` through 3 other menus, one after another.']);
  });

  it('are counted on the shortest way, and over what only speaks', () => {
    expect(found(row(4).replace('"1": m1', '"1": m1, "2": m3'))).toEqual([]);
    const spoken = row(4).replace('"1": m1', '"1": s').concat('\ns: { type: play, prompt: p, next: m1 }');
    expect(found(spoken)[0]).toContain('menu-depth');
  });

  it('begin anew after a person', () => {
    const queued = row(4)
      .replace('"1": m1', '"1": q')
      .concat('\nq: { type: queue, queue: q, outcomes: { timeout: m1 } }');
    expect(found(queued)).toEqual([]);
  });
});

describe('cards', () => {
  const card = ['10:34 card-not-sensitive What `a` takes may be a card number.'];
  it.each([
    ['digits: { min: 13, max: 19 }, save: d', card],
    ['digits: { min: 16, max: 16 }, save: d', card],
    ['digits: { min: 4, max: 16 }, save: d', card],
    ['digits: { min: 12, max: 12 }, check: luhn, save: d', card],
    ['digits: { min: 16, max: 16 }, save: card', []],
    ['digits: { min: 16, max: 16 }, sensitive: true, save: card', []],
    ['digits: { min: 6, max: 10 }, check: luhn, save: d', []],
    ['digits: { min: 6, max: 8 }, save: d', []],
    ['digits: { min: 1, max: 30 }, save: d', []],
  ])('%s', (fields, expected) =>
    expect(found(collect(fields)).filter((told) => told.includes('card'))).toEqual(expected),
  );
});

describe('the language of a switch', () => {
  it.each([
    ['tags: ["SHELL(reboot)"]', '`SHELL(`'],
    ['tags: ["x ${SHELL(reboot)}"]', '`SHELL(`'],
    ['tags: ["Local/x@y"]', '`Local/x`'],
    ['tags: ["pjsip/a@b&c"]', '`pjsip/a`'],
    ['tags: ["a,PJSIP/a@b"]', '`PJSIP/a`'],
  ])('%s is refused', (fields, shown) => {
    const told = found(`a: { type: tag, ${fields}, next: z }`).join('\n');
    expect(told).toMatch(/wrong-value/);
    if (told.includes('language of a switch')) expect(told).toContain(`${shown} is the language of a switch.`);
  });

  it('is found in every text of a node, at its place', () => {
    const hint = 'a: { type: emit, event: e, data: { k: "now Local/x@y" }, next: z }';
    expect(found(hint)).toContain('10:46 wrong-value `Local/x` is the language of a switch.');
  });

  it.each(['https://crm.test/local/x@y', 'https://crm.test/sip/users', 'time/zone/local'])(
    '%s is a path like any other',
    (url) => {
      const lookup = `a: { type: lookup, request: { url: "${url}" }, timeout: 1s, outcomes: { ok: z, notFound: z, timeout: z } }`;
      expect(found(lookup).filter((told) => told.includes('switch'))).toEqual([]);
    },
  );
});

describe('the rest', () => {
  it('a flow names its owner', () => {
    expect(found('a: { type: goto, to: z }', 'dids: ["100"]')).toEqual(['2:1 owner-missing The flow names no owner.']);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startFlow } from '../../../src/ivr/step.ts';
import { Caller, flowOf, NOON, worldOf } from './caller.ts';
import { findings, VARS } from './findings.ts';

describe('set', () => {
  it('sets values and what CEL counts out, all from what was before', () => {
    const set = '{ n: { cel: n * 2 }, id: { cel: "id + string(n)" }, tier: vip, known: { cel: n == 3 } }';
    const caller = new Caller(flowOf(`a: { type: set, set: ${set}, next: yes }\nyes: { type: hangup }`, VARS));
    expect(caller.state.vars).toEqual({ tier: 'vip', id: 'none3', n: 6, known: true, card: '4111' });
  });

  it('that cannot be told or does not fit goes to its error, and sets nothing', () => {
    for (const set of ['{ id: x, n: { cel: n / (n - 3) } }', '{ id: x, tier: { cel: id } }']) {
      const nodes = `a: { type: set, set: ${set}, next: yes, outcomes: { error: bad } }\nyes: { type: hangup }\nbad: { type: hangup }`;
      const caller = new Caller(flowOf(nodes, VARS));
      expect([caller.state.nodeId, caller.state.vars['id']]).toEqual(['bad', 'none']);
    }
  });

  it.each([
    ['{ tier: gold }', 'variable-type: `tier` cannot be "gold".'],
    ['{ n: "3" }', 'variable-type: `n` cannot be "3".'],
    ['{ gone: 1 }', 'unknown-variable: The variable `gone` is not declared.'],
    ['{ n: { cel: tier } }', 'bad-condition: This is a text, and here belongs a whole number.'],
  ])('%s is refused', (set, finding) => {
    expect(findings(`{ type: set, set: ${set}, next: b }`)).toEqual([finding]);
  });
});

describe('split', () => {
  const flow = flowOf(
    'a: { type: split, shares: [{ percent: 10, go: yes }, { percent: 30, go: no }], else: late }\nyes: { type: hangup }\nno: { type: hangup }\nlate: { type: hangup }',
  );
  const way = (callId: string) => startFlow(flow, worldOf([flow], { callId }), NOON).state.nodeId;

  it('leads a call the same way each time, also by the next version of this program', () => {
    expect('a b c d e f g h i j'.split(' ').map(way).join(' ')).toBe('late no no late late late no late no late');
  });

  it('gives each way its share of the calls', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (salt) => {
        const ways = Array.from({ length: 2_000 }, (_, i) => way(`${salt}-${i}`));
        const share = (node: string) => ways.filter((to) => to === node).length / ways.length;
        // Five standard deviations of a binomial of 2,000.
        expect(Math.abs(share('yes') - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / 2_000));
        expect(Math.abs(share('no') - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 2_000));
      }),
      { numRuns: 5 },
    );
  });

  it('chooses apart from another split', () => {
    const shares = '[{ percent: 50, go: NEXT }], else: NEXT';
    const nodes = `a: { type: split, shares: ${shares.replaceAll('NEXT', 'b')} }\nb: { type: split, shares: [{ percent: 50, go: yes }], else: no }\nyes: { type: hangup }\nno: { type: hangup }`;
    const two = flowOf(nodes);
    const both = Array.from({ length: 400 }, (_, i) => {
      const { facts, state } = startFlow(two, worldOf([two], { callId: `c${i}` }), NOON);
      const left = facts.find(({ type }) => type === 'flow.node.left');
      return `${left?.type === 'flow.node.left' ? left.data.outcome : ''} ${state.nodeId}`;
    });
    const combinations = ['share 1 yes', 'share 1 no', 'else yes', 'else no'];
    for (const one of combinations) expect(both.filter((seen) => seen === one).length).toBeGreaterThan(60);
  });

  it.each([
    ['[{ percent: 60, go: b }, { percent: 50, go: b }], else: b', 'out-of-range: The shares make 110 percent.'],
    ['[{ percent: 60, go: b }]', 'missing-field: The shares make 60 percent, and the other calls have no way to go.'],
    ['[{ percent: 100, go: b }], else: b', 'wrong-value: The shares make 100 percent, so no call goes this way.'],
    ['[{ percent: 100, go: b }]', undefined],
  ])('%s', (shares, finding) => {
    expect(findings(`{ type: split, shares: ${shares} }`)).toEqual(finding === undefined ? [] : [finding]);
  });
});

describe('tag', () => {
  it('marks the call, once by each word', () => {
    const nodes = `a: { type: tag, tags: ["tier:\${tier}", new], next: b }\nb: { type: tag, tags: [new], next: c }\nc: { type: tag, tags: [late, new] }`;
    const caller = new Caller(flowOf(nodes, VARS));
    expect(caller.state.tags).toEqual(['tier:standard', 'new', 'late']);
    const tagged = caller.seen.filter(({ type }) => type === 'call.tagged').map(({ data }) => data);
    expect(tagged).toEqual([{ tags: ['tier:standard', 'new'] }, { tags: ['tier:standard', 'new', 'late'] }]);
  });

  it('bears twenty at most', () => {
    const list = (from: number) => Array.from({ length: 15 }, (_, i) => `t${from + i}`).join(', ');
    const nodes = `a: { type: tag, tags: [${list(0)}], next: b }\nb: { type: tag, tags: [${list(15)}] }`;
    expect(new Caller(flowOf(nodes)).state.tags).toHaveLength(20);
  });

  it.each([
    ['Loud', 'wrong-value: `Loud` cannot stand in a tag, which is made of small letters, digits, `-` and `:`.'],
    [':x', 'wrong-value: `:x` cannot stand in a tag, which is made of small letters, digits, `-` and `:`.'],
    ['${odd}', 'wrong-value: `Big One` cannot stand in a tag, which is made of small letters, digits, `-` and `:`.'],
    ['${id}', 'variable-type: `id` is of type string, and here belongs one of type enum.'],
    ['${call.from}', 'bad-template: `call.from` cannot stand here.'],
  ])('%s is refused', (text, finding) => {
    const vars = `${VARS}  odd: { type: enum, values: ["small", "Big One"], default: small }\n`;
    expect(findings(`{ type: tag, tags: ["${text}"], next: b }`, vars)).toContain(finding);
  });
});

describe('a sensitive variable', () => {
  const leak = 'sensitive-leak: The sensitive variable `card` would leave the call here.';

  it.each([
    ['emit', '{ type: emit, event: e, data: { x: "a ${card}" }, next: b }'],
    ['ask', '{ type: ask, question: q, timeout: 5s, data: { x: "${card}" }, outcomes: { answered: b, timeout: b } }'],
    ['say', '{ type: play, prompt: { say: digits, of: card }, next: b }'],
    ['set', '{ type: set, set: { id: { cel: "card + id" } }, next: b }'],
    ['switch', '{ type: switch, cases: [{ when: known, set: { id: { cel: card } }, go: b }], else: b }'],
    [
      'menu',
      '{ type: menu, prompt: p, keys: { "1": { set: { id: { cel: card } }, go: b } }, outcomes: { noInput: b, invalid: b } }',
    ],
    ['flow', '{ type: flow, flow: other, with: { x: { cel: card } }, outcomes: { done: b } }'],
    [
      'filler',
      '{ type: ask, question: q, timeout: 5s, filler: { say: digits, of: card }, outcomes: { answered: b, timeout: b } }',
    ],
  ])('cannot go out by %s', (_way, node) => {
    expect(findings(node)).toContain(leak);
  });

  it('cannot be tagged, or given back to another flow', () => {
    const vars = 'vars: { kind: { type: enum, values: [a, b], default: a, sensitive: true } }\ngives: [kind]\n';
    expect(findings('{ type: tag, tags: ["${kind}"], next: b }', vars)).toEqual([
      'sensitive-leak: The sensitive variable `kind` would leave this flow.',
      'sensitive-leak: The sensitive variable `kind` would leave the call here.',
    ]);
  });

  it('may be looked at, and kept where it is sensitive too', () => {
    const vars = `${VARS}  copy: { type: string, default: "", sensitive: true }\n`;
    expect(findings('{ type: set, set: { copy: { cel: card }, known: true }, next: b }', vars)).toEqual([]);
    expect(findings('{ type: switch, cases: [{ when: card == "", go: b }], else: b }')).toEqual([]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainRule, chainCircles, type LeadEnd, LONGEST_TRAIL, nextCampaign } from '../../../src/dialer/chain.ts';
import { ATTEMPT_OUTCOMES } from '../../../src/dialer/outcome.ts';

const end = (change: Partial<LeadEnd> = {}): LeadEnd => ({
  outcome: 'connected',
  disposition: 'sold',
  barred: false,
  ...change,
});

describe('the campaign that comes next', () => {
  const rules: readonly ChainRule[] = [
    { dispositions: ['sold'], to: 'welcome', afterMs: 86_400_000 },
    { outcomes: ['no-answer', 'machine'], to: 'reminder', afterMs: 0 },
    { outcomes: ['connected'], dispositions: ['refused'], to: 'survey', afterMs: 60_000 },
  ];

  it.each<[string, Partial<LeadEnd>, object]>([
    ['sold', {}, { go: true, to: 'welcome', notBefore: 86_401_000, trail: ['autumn', 'welcome'] }],
    ['never reached', { outcome: 'machine', disposition: null }, { go: true, to: 'reminder', notBefore: 1_000 }],
    ['refused on the phone', { disposition: 'refused' }, { go: true, to: 'survey' }],
    [
      'refused, and no talk',
      { outcome: 'busy', disposition: 'refused' },
      { go: false, why: 'No rule leads on from here.' },
    ],
    ['wants no calls', { barred: true }, { go: false, why: 'Nobody may call it any more.' }],
  ])('%s', (_name, change, step) => {
    expect(nextCampaign(rules, end(change), ['autumn'], 1_000)).toMatchObject(step);
  });

  it('takes nobody back, and ends a trail that is long enough', () => {
    expect(nextCampaign(rules, end(), ['welcome', 'autumn'], 0)).toEqual({
      go: false,
      why: 'It was in campaign welcome already.',
    });
    const trail = Array.from({ length: LONGEST_TRAIL }, (_, i) => `c${i}`);
    expect(nextCampaign(rules, end(), trail, 0)).toEqual({
      go: false,
      why: 'It was in 8 campaigns, which is the most.',
    });
  });
});

const ids = Array.from({ length: 12 }, (_, i) => `c${i}`);
const anyRules = fc.array(
  fc.record({ to: fc.constantFrom(...ids), afterMs: fc.nat(1_000), outcomes: fc.subarray([...ATTEMPT_OUTCOMES]) }),
  { maxLength: 4 },
);
const graph = fc.tuple(...ids.map(() => anyRules)).map((rows) => new Map(ids.map((id, i) => [id, rows[i] ?? []])));

it('always ends, in no campaign twice, and never goes back in time', () => {
  fc.assert(
    fc.property(graph, fc.infiniteStream(fc.constantFrom(...ATTEMPT_OUTCOMES)), (rules, outcomes) => {
      let trail: readonly string[] = ['c0'];
      let now = 0;
      for (;;) {
        const last = trail.at(-1) ?? '';
        const step = nextCampaign(rules.get(last) ?? [], end({ outcome: outcomes.next().value }), trail, now);
        if (!step.go) break;
        expect(step.notBefore).toBeGreaterThanOrEqual(now);
        expect(step.trail).toEqual([...trail, step.to]);
        [trail, now] = [step.trail, step.notBefore];
      }
      expect(new Set(trail).size).toBe(trail.length);
      expect(trail.length).toBeLessThanOrEqual(LONGEST_TRAIL);
    }),
  );
});

it('finds circles where there are some, and none where there are none', () => {
  const to = (...targets: readonly string[]) => targets.map((target) => ({ to: target, afterMs: 0 }));
  expect(
    chainCircles(
      new Map([
        ['a', to('b')],
        ['b', to('c', 'c')],
        ['c', to('b')],
      ]),
    ),
  ).toEqual([['b', 'c']]);
  expect(chainCircles(new Map([['a', to('a')]]))).toEqual([['a']]);
  expect(
    chainCircles(
      new Map([
        ['a', to('b', 'c')],
        ['b', to('c')],
      ]),
    ),
  ).toEqual([]);
  fc.assert(
    fc.property(graph, (rules) => {
      for (const circle of chainCircles(rules)) {
        for (const [i, id] of circle.entries()) {
          const next = circle[(i + 1) % circle.length];
          expect((rules.get(id) ?? []).some((rule) => rule.to === next)).toBe(true);
        }
      }
      const ordered = new Map([...rules].map(([id, own]) => [id, own.filter((rule) => rule.to > id)]));
      expect(chainCircles(ordered)).toEqual([]);
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { type AllWatched, judge, watchedSchema } from '../../../src/work/threshold-judge.ts';
import type { Thresholds } from '../../../src/work/threshold.ts';
import type { Reading } from '../../../src/work/threshold-step.ts';
import { ruleOf } from './threshold-rule.ts';

const NOW = 1_793_606_400_000;
const quick = ruleOf({ forMs: 0, clearForMs: 0 });
const rules: Thresholds = new Map([[quick.name, quick]]);
const read = (...readings: readonly Reading[]) => new Map([[quick.name, readings]]);
const of = (name: string, value: number | null): Reading => ({ name, value, sample: 40 });
const broken = () => judge(rules, new Map(), read(of('support', 0.625), of('billing', 0.9)), NOW);

describe('all thresholds', () => {
  it('tell of each queue by itself, in words', () => {
    const { facts, watched } = broken();
    expect(facts).toEqual([
      {
        type: 'threshold.raised',
        data: {
          alarmId: `slow/support/${NOW}`,
          threshold: 'slow',
          title: 'Answered too late',
          severity: 'alarm',
          of: 'queue',
          name: 'support',
          figure: 'serviceLevel',
          unit: 'share',
          direction: 'below',
          level: 0.8,
          since: NOW,
          value: 0.625,
          sample: 40,
          words: 'The service level of queue support is 62.5 % (of the last 15 min, 40 calls), below 80 %.',
        },
      },
    ]);
    expect([...watched.keys()]).toEqual(['slow/support']);
  });

  it('say in words how long it lasted and how bad it was', () => {
    const { watched } = broken();
    const worse = judge(rules, watched, read(of('support', 0.4)), NOW + 60_000);
    expect(worse.facts).toEqual([]);
    const { facts, watched: after, changes } = judge(rules, worse.watched, read(of('support', 0.9)), NOW + 100_000);
    expect(facts).toMatchObject([
      {
        type: 'threshold.cleared',
        data: {
          alarmId: `slow/support/${NOW}`,
          why: 'well',
          worst: 0.4,
          lastedMs: 100_000,
          words:
            'The service level of queue support is 90 % again: it was below 80 % and told of for 1 min 40 s, 40 % at worst.',
        },
      },
    ]);
    expect(after.size).toBe(0);
    expect([...changes]).toEqual([['slow/support', null]]);
  });

  it('leave everything as it is while it cannot be read', () => {
    const { watched } = broken();
    const { facts, watched: after, changes } = judge(rules, watched, new Map([[quick.name, null]]), NOW + 60_000);
    expect(facts).toEqual([]);
    expect(after).toEqual(watched);
    expect(changes.size).toBe(0);
    expect(judge(rules, watched, new Map(), NOW + 60_000).facts).toEqual([]);
  });

  it('clear what is gone, and what no rule asks for any more', () => {
    const { watched } = broken();
    expect(judge(rules, watched, read(of('billing', 0.9)), NOW).facts).toMatchObject([{ data: { why: 'gone' } }]);
    expect(judge(new Map(), watched, new Map(), NOW).facts).toMatchObject([
      { type: 'threshold.cleared', data: { why: 'withdrawn', title: 'Answered too late', value: 0.625 } },
    ]);
  });

  it('are stored and read back as they were', () => {
    const { watched } = broken();
    const stored: AllWatched = new Map(
      [...watched].map(([key, each]) => [key, watchedSchema.parse(JSON.parse(JSON.stringify(each)))]),
    );
    expect(stored).toEqual(watched);
    expect(judge(rules, stored, read(of('support', 0.4)), NOW + 5_000).facts).toEqual([]);
  });
});

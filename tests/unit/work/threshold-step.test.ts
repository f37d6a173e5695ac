import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Standing, type Step, thresholdGone, thresholdStep, zoneOf } from '../../../src/work/threshold-step.ts';
import { ruleOf } from './threshold-rule.ts';

const NOW = 1_793_606_400_000;
const [BAD, BETWEEN, WELL] = [0.5, 0.82, 0.9];
const rule = ruleOf();

const seen = { readAt: NOW - 5_000, value: BAD, sample: 20 };
const breaching: Standing = { phase: 'breaching', since: NOW - 60_000, ...seen };
const alarm = { since: NOW - 400_000, raisedAt: NOW - 100_000, toldAt: NOW - 100_000, worst: 0.4, ...seen };
const raised: Standing = { phase: 'raised', ...alarm };
const easing: Standing = { phase: 'easing', wellSince: NOW - 60_000, ...alarm };
const BEFORE = {
  calm: null,
  breaching,
  'breaching for so long': { ...breaching, since: NOW - 300_000 },
  raised,
  easing,
  'easing for so long': { ...easing, wellSince: NOW - 120_000 },
};

const step = (before: Standing | null, value: number | null, now = NOW, of = rule): Step =>
  thresholdStep(of, before, { name: 'support', value, sample: 20 }, now);
const outcome = ({ standing, telling }: Step) =>
  [standing?.phase ?? 'calm', ...(telling ? [telling.tell] : [])].join(', ');

describe('a threshold', () => {
  it.each([
    [{}, 0.79, 'bad'],
    [{}, 0.8, 'between'],
    [{}, 0.84, 'between'],
    [{}, 0.85, 'well'],
    [{}, null, 'none'],
    [{ clear: 0.8 }, 0.8, 'well'],
    [{ direction: 'above', level: 10, clear: 5 }, 11, 'bad'],
    [{ direction: 'above', level: 10, clear: 5 }, 10, 'between'],
    [{ direction: 'above', level: 10, clear: 5 }, 5, 'well'],
    [{ direction: 'above', level: 0, clear: 0 }, 0, 'well'],
  ] as const)('%o takes %s for %s', (change, value, zone) => {
    expect(zoneOf(ruleOf(change), value)).toBe(zone);
  });

  it.each([
    ['calm', BAD, 'breaching'],
    ['calm', BETWEEN, 'calm'],
    ['calm', WELL, 'calm'],
    ['calm', null, 'calm'],
    ['breaching', BAD, 'breaching'],
    ['breaching', BETWEEN, 'calm'],
    ['breaching', WELL, 'calm'],
    ['breaching', null, 'calm'],
    ['breaching for so long', BAD, 'raised, raised'],
    ['breaching for so long', BETWEEN, 'calm'],
    ['breaching for so long', WELL, 'calm'],
    ['breaching for so long', null, 'calm'],
    ['raised', BAD, 'raised'],
    ['raised', BETWEEN, 'raised'],
    ['raised', WELL, 'easing'],
    ['raised', null, 'easing'],
    ['easing', BAD, 'raised'],
    ['easing', BETWEEN, 'raised'],
    ['easing', WELL, 'easing'],
    ['easing', null, 'easing'],
    ['easing for so long', BAD, 'raised'],
    ['easing for so long', BETWEEN, 'raised'],
    ['easing for so long', WELL, 'calm, cleared'],
    ['easing for so long', null, 'calm, cleared'],
  ] as const)('that is %s and reads %s is then %s', (before, value, after) => {
    expect(outcome(step(BEFORE[before], value))).toBe(after);
  });

  it('is raised at once, and cleared at once, where nothing must last', () => {
    const quick = ruleOf({ forMs: 0, clearForMs: 0 });
    const first = step(null, BAD, NOW, quick);
    expect(outcome(first)).toBe('raised, raised');
    expect(outcome(step(first.standing, WELL, NOW + 5_000, quick))).toBe('calm, cleared');
  });

  it('says why it was cleared', () => {
    expect(step(BEFORE['easing for so long'], WELL).telling).toMatchObject({ why: 'well' });
    expect(step(BEFORE['easing for so long'], null).telling).toMatchObject({ why: 'no-figure' });
    expect(thresholdGone(raised, 'gone').telling).toMatchObject({ tell: 'cleared', why: 'gone' });
    expect(outcome(thresholdGone(breaching, 'withdrawn'))).toBe('calm');
  });

  it('keeps the worst that it read', () => {
    expect(step(raised, 0.3).standing).toMatchObject({ worst: 0.3, value: 0.3 });
    expect(step(raised, 0.6).standing).toMatchObject({ worst: 0.4, value: 0.6 });
    const above = ruleOf({ direction: 'above', level: 10, clear: 5 });
    expect(step({ ...raised, worst: 12 }, 20, NOW, above).standing).toMatchObject({ worst: 20 });
  });

  it('is told again as often as its rule says, also while it eases', () => {
    const again = ruleOf({ againMs: 100_000 });
    expect(outcome(step(raised, BAD, NOW - 1, again))).toBe('raised');
    const told = step(raised, BAD, NOW, again);
    expect(outcome(told)).toBe('raised, reminded');
    expect(outcome(step(told.standing, BAD, NOW + 99_999, again))).toBe('raised');
    expect(outcome(step(easing, WELL, NOW, again))).toBe('easing, reminded');
  });

  it('takes nothing for granted of a time in which nobody looked, but that an alarm is one', () => {
    const late = NOW + 130_000;
    expect(step(BEFORE['breaching for so long'], BAD, late).standing).toMatchObject({
      phase: 'breaching',
      since: late,
    });
    expect(outcome(step(raised, BAD, late))).toBe('raised');
    expect(step(BEFORE['easing for so long'], WELL, late).standing).toMatchObject({ phase: 'easing', wellSince: late });
  });
});

const values = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
const looks = fc.array(fc.tuple(values, fc.integer({ min: 1, max: 110_000 })), { minLength: 1, maxLength: 200 });
const someRule = fc
  .record({
    direction: fc.constantFrom('above' as const, 'below' as const),
    low: fc.double({ min: 0, max: 0.5, noNaN: true }),
    high: fc.double({ min: 0.5, max: 1, noNaN: true }),
    forMs: fc.integer({ min: 0, max: 400_000 }),
    clearForMs: fc.integer({ min: 0, max: 400_000 }),
    againMs: fc.option(fc.integer({ min: 60_000, max: 600_000 }), { nil: null }),
  })
  .map(({ direction, low, high, ...rest }) => {
    const [level, clear] = direction === 'above' ? [high, low] : [low, high];
    return ruleOf({ direction, level, clear, ...rest });
  });

function walk(of: ReturnType<typeof ruleOf>, taken: readonly (readonly [number | null, number])[]) {
  const told: { readonly tell: string; readonly at: number; readonly value: number | null }[] = [];
  let [standing, now]: [Standing | null, number] = [null, NOW];
  for (const [value, ms] of taken) {
    now += ms;
    const next = step(standing, value, now, of);
    ({ standing } = next);
    if (next.telling) told.push({ tell: next.telling.tell, at: now, value });
  }
  return { told, standing };
}

describe('whatever is read', () => {
  it('raises and clears take turns, and only what is raised is reminded of', () => {
    fc.assert(
      fc.property(someRule, looks, (of, taken) => {
        const { told, standing } = walk(of, taken);
        let up = false;
        for (const { tell } of told) {
          expect(tell === 'raised').toBe(!up);
          up = tell !== 'cleared';
        }
        expect(standing?.phase === 'raised' || standing?.phase === 'easing').toBe(up);
      }),
    );
  });

  it('raises nothing that was not beyond its level at each look for so long', () => {
    fc.assert(
      fc.property(someRule, looks, (of, taken) => {
        const times = taken.map((_, i) => NOW + taken.slice(0, i + 1).reduce((sum, [, ms]) => sum + ms, 0));
        for (const { at } of walk(of, taken).told.filter(({ tell }) => tell === 'raised')) {
          const here = times.indexOf(at);
          const bad = (i: number) => zoneOf(of, taken[i]?.[0] ?? null) === 'bad';
          const before = times.slice(0, here + 1).findLastIndex((_, i) => !bad(i));
          expect(at - (times[before + 1] ?? Infinity)).toBeGreaterThanOrEqual(of.forMs);
        }
      }),
    );
  });

  it('never flaps inside the band', () => {
    const inBand = fc.array(
      fc.tuple(fc.double({ min: 0.5, max: 0.7, noNaN: true }), fc.integer({ min: 1, max: 110_000 })),
    );
    const quick = ruleOf({ direction: 'above', level: 0.7, clear: 0.4, forMs: 0, clearForMs: 0 });
    fc.assert(
      fc.property(inBand, (taken) => {
        expect(walk(quick, taken).told).toEqual([]);
        expect(walk(quick, [[0.9, 1], ...taken]).told.map(({ tell }) => tell)).toEqual(['raised']);
      }),
    );
  });

  it('a process that takes over from what was stored goes on as the one before', () => {
    fc.assert(
      fc.property(someRule, looks, (of, taken) => {
        let [standing, stored, now]: [Standing | null, Standing | null, number] = [null, null, NOW];
        for (const [value, ms] of taken) {
          now += ms;
          const a: Step = step(standing, value, now, of);
          const b: Step = step(stored, value, now, of);
          expect(b).toEqual(a);
          standing = a.standing;
          stored = JSON.parse(JSON.stringify(b.standing)) as Standing | null;
        }
      }),
    );
  });
});

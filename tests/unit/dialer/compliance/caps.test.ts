import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptTimes, capVerdict, noteAttempt } from '../../../../src/dialer/compliance/caps.ts';
import type { AttemptCap } from '../../../../src/dialer/compliance/profile.ts';
import { DAY, HOUR } from './facts.ts';

const caps = fc.array(fc.record({ most: fc.integer({ min: 1, max: 5 }), withinMs: fc.integer({ min: 1, max: 200 }) }), {
  minLength: 1,
  maxLength: 3,
});
const moments = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 60 });

/** The most dials in any window that begins with one of them. */
const mostIn = (times: AttemptTimes, { withinMs }: AttemptCap) =>
  Math.max(0, ...times.map((from) => times.filter((each) => each >= from && each < from + withinMs).length));

describe('capVerdict', () => {
  const rule = [{ most: 3, withinMs: DAY }];

  it.each([
    ['two dials', [0, HOUR], 2 * HOUR, { ok: true }],
    ['three dials', [0, HOUR, 2 * HOUR], 3 * HOUR, { ok: false, cap: rule[0], until: DAY }],
    ['a millisecond before the first falls out', [0, HOUR, 2 * HOUR], DAY - 1, { ok: false, cap: rule[0], until: DAY }],
    ['the first falls out', [0, HOUR, 2 * HOUR], DAY, { ok: true }],
    ['five, of another time with another cap', [0, 1, 2, 3, 4], HOUR, { ok: false, cap: rule[0], until: DAY + 2 }],
    [
      'dials of the future, after a clock was set back',
      [9 * DAY, 9 * DAY, 9 * DAY],
      0,
      { ok: false, cap: rule[0], until: DAY },
    ],
  ])('%s', (_name, times, now, expected) => {
    expect(capVerdict(rule, times, now)).toEqual(expected);
  });

  it('tells of several caps the one that holds longest', () => {
    const both = [
      { most: 1, withinMs: HOUR },
      { most: 4, withinMs: 30 * DAY },
    ];
    expect(capVerdict(both, [0, DAY, 2 * DAY, 3 * DAY], 3 * DAY)).toEqual({ ok: false, cap: both[1], until: 30 * DAY });
  });

  it('lets no window ever hold more than its cap, whoever dials when', () => {
    fc.assert(
      fc.property(caps, moments, (rules, asked) => {
        let times: AttemptTimes = [];
        const dialled: number[] = [];
        for (const now of asked.toSorted((a, b) => a - b)) {
          if (!capVerdict(rules, times, now).ok) continue;
          times = noteAttempt(times, now, rules);
          dialled.push(now);
        }
        for (const rule of rules) expect(mostIn(dialled, rule)).toBeLessThanOrEqual(rule.most);
      }),
    );
  });

  it('says exactly until when: not a millisecond before, and then at once', () => {
    fc.assert(
      fc.property(caps, moments, fc.integer({ min: 0, max: 1_000 }), (rules, dialled, now) => {
        const times = dialled.filter((each) => each <= now).toSorted((a, b) => a - b);
        const verdict = capVerdict(rules, times, now);
        if (verdict.ok) return;
        expect(capVerdict(rules, times, verdict.until - 1).ok).toBe(false);
        expect(capVerdict(rules, times, verdict.until).ok).toBe(true);
      }),
    );
  });

  it('does not mind in which order dials are noted, and keeps no more than the caps count', () => {
    fc.assert(
      fc.property(caps, moments, fc.array(fc.nat(), { maxLength: 60 }), (rules, dialled, order) => {
        const shuffled = dialled.toSorted((a, b) => (order[a % 60] ?? 0) - (order[b % 60] ?? 0));
        const noted = (list: readonly number[]) =>
          list.reduce<AttemptTimes>((all, each) => noteAttempt(all, each, rules), []);
        expect(noted(shuffled)).toEqual(noted(dialled));
        const last = Math.max(0, ...dialled);
        expect(capVerdict(rules, noted(dialled), last)).toEqual(
          capVerdict(
            rules,
            dialled.toSorted((a, b) => a - b),
            last,
          ),
        );
      }),
    );
  });
});
